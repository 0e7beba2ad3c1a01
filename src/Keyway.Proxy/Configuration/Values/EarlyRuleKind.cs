using System.Text.Json.Nodes;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>A change to the commands that smart mode answers early: <c>+SETNX=:1</c> or <c>-SADD</c>.</summary>
internal sealed class EarlyRuleKind : ScalarKind<string>
{
    public override string Describe() => "`+COMMAND=REPLY` or `-COMMAND`";

    public override string Format(string value) => value;

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^[-+]" };

    protected override string Remedy(Reading reading) => "write +SETNX=:1, +APPEND=+OK or -SADD: a reply is + and a word or : and a number";

    protected override string? Parse(string text, Reading reading, out string value)
    {
        bool isRule = EarlyRule.TryParse(text, out EarlyRule rule, out string problem);
        value = isRule ? rule.ToString() : text;
        return isRule ? null : problem;
    }
}
