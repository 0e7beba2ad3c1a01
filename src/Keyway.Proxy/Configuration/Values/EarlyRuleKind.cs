using System.Text.Json.Nodes;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>A change to the commands that smart mode answers early: <c>+SETNX=:1</c> or <c>-SADD</c>.</summary>
internal sealed class EarlyRuleKind : ScalarKind<string>
{
    public override string Describe() => "`+COMMAND=REPLY` or `-COMMAND`";

    public override string Format(string value) => value;

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^[-+]" };

    internal const string Remedies = "write +SETNX=:1, +APPEND=+OK or -SADD: a reply is + and a word or : and a number; for memcached +add or -touch";

    protected override string Remedy(Reading reading) => Remedies;

    protected override string? Parse(string text, Reading reading, out string value)
    {
        // Whose commands it names is known when the whole pool has been read: CrossChecks looks again.
        value = text;
        return EarlyRule.TryParse(text, PoolProtocol.Redis, out _, out string problem) || EarlyRule.TryParse(text, PoolProtocol.Memcached, out _, out _) ? null : problem;
    }
}
