using System.Text.Json.Nodes;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>A password, or <c>${NAME}</c> for one in an environment variable (not in a nutcracker file). Never shown in a message.</summary>
internal sealed class SecretKind : ScalarKind<string?>
{
    public override string Describe() => "text, or `${NAME}` for an environment variable";

    public override string Format(string? value) => value is null ? "none" : "(secret)";

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1 };

    protected override string Remedy(Reading reading) => "write the password in quotes, or ${NAME} and set that environment variable";

    protected override string Show(string text) => "";

    protected override string? Parse(string text, Reading reading, out string? value)
    {
        value = text;
        if (reading.IsNutcracker || !text.StartsWith("${", StringComparison.Ordinal) || !text.EndsWith('}'))
        {
            return null;
        }

        string name = text[2..^1];
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            return "does not name an environment variable";
        }

        value = reading.Surroundings.Variable(name);
        return string.IsNullOrEmpty(value) ? $"refers to the environment variable {name}, which is not set" : null;
    }
}
