using System.Text.Json.Nodes;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>Any text.</summary>
internal sealed class TextKind : ScalarKind<string?>
{
    public override string Describe() => "text";

    public override string Format(string? value) => value ?? "none";

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1 };

    protected override string Remedy(Reading reading) => "write a text, or leave the key out";

    protected override string? Parse(string text, Reading reading, out string? value)
    {
        value = text;
        return null;
    }
}
