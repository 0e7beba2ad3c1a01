using System.Text.Json.Nodes;

namespace Keyway.Proxy.Configuration.Values;

/// <summary>One of a few names, written exactly.</summary>
internal sealed class NameKind<T>(params (string Name, T Value)[] names) : ScalarKind<T>
    where T : struct, Enum
{
    private IEnumerable<string> Names => names.Select(n => n.Name);

    public override string Describe() => string.Join(", ", Names.Select(n => $"`{n}`"));

    public override string Format(T value) => names.First(n => EqualityComparer<T>.Default.Equals(n.Value, value)).Name;

    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. Names.Select(n => (JsonNode)n)]) };

    protected override string Remedy(Reading reading) => $"write one of {string.Join(", ", Names)}";

    protected override string? Parse(string text, Reading reading, out T value)
    {
        foreach ((string name, T named) in names)
        {
            if (string.Equals(name, text, StringComparison.Ordinal))
            {
                value = named;
                return null;
            }
        }

        value = default;
        return Nearest.To(text, Names) is { } near ? $"is unknown, did you mean '{near}'?" : "is unknown";
    }
}
