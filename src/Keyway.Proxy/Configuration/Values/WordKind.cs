using System.Text.Json.Nodes;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>The name of any command, known or not, kept in lower case.</summary>
internal sealed class WordKind : ScalarKind<string>
{
    public override string Describe() => "a command's name";

    public override string Format(string value) => value;

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^\\S+$" };

    protected override string Remedy(Reading reading) => "write the command's name alone, such as del";

    protected override string? Parse(string text, Reading reading, out string value)
    {
        value = text.ToLowerInvariant();
        return text.Any(char.IsWhiteSpace) ? "is not one word" : null;
    }
}
