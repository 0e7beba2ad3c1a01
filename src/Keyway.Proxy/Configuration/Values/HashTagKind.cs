using System.Text.Json.Nodes;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>The two ASCII characters around the part of a key that is hashed.</summary>
internal sealed class HashTagKind : ScalarKind<string?>
{
    public override string Describe() => "two characters";

    public override string Format(string? value) => value ?? "none";

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 2, ["maxLength"] = 2 };

    protected override string Remedy(Reading reading) => "write two ASCII characters in quotes, such as \"{}\"";

    protected override string? Parse(string text, Reading reading, out string? value)
    {
        value = text;
        return text.Length == 2 && text.All(char.IsAscii) ? null : "is not a valid hash tag with two characters";
    }
}
