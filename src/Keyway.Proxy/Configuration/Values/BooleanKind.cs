using System.Text.Json.Nodes;

namespace Keyway.Proxy.Configuration.Values;

/// <summary><c>true</c> or <c>false</c>, exactly, as in nutcracker.</summary>
internal sealed class BooleanKind : ScalarKind<bool>
{
    public override string Describe() => "`true` or `false`";

    public override string Format(bool value) => value ? "true" : "false";

    public override JsonObject Schema() => new() { ["type"] = "boolean" };

    protected override string Remedy(Reading reading) => "write true or false";

    protected override string? Parse(string text, Reading reading, out bool value)
    {
        value = text is "true";
        return text is "true" or "false" ? null : "is not \"true\" or \"false\"";
    }
}
