using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Keyway.Proxy.Configuration.Values;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Keys;

/// <summary>A mapping with a fixed set of keys, read into a record.</summary>
internal sealed class Section<TRecord>(string what, TRecord defaults, IReadOnlyList<ConfigKey<TRecord>> keys) : ValueKind<TRecord>
{
    /// <summary>A longer list of keys tells a reader nothing.</summary>
    private const int MaxListed = 20;

    public IReadOnlyList<ConfigKey<TRecord>> Keys { get; } = keys;

    public override string Describe() => "mapping";

    public override string Format(TRecord value) => "see below";

    public override JsonObject Schema()
    {
        ConfigKey<TRecord>[] own = [.. Keys.Where(k => k.Shapes.HasFlag(ConfigShape.Keyway))];
        JsonObject schema = new()
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(own.Select(k => KeyValuePair.Create<string, JsonNode?>(k.Name, k.Schema()))),
        };
        if (own.Any(IsAlwaysRequired))
        {
            schema["required"] = new JsonArray([.. own.Where(IsAlwaysRequired).Select(k => (JsonNode)k.Name)]);
        }

        return schema;
    }

    private static bool IsAlwaysRequired(ConfigKey<TRecord> key) => key.Required && key.RequiredIf is null;

    public bool Knows(string name) => Keys.Any(k => string.Equals(k.Name, name, StringComparison.Ordinal));

    public override bool TryRead(ConfigNode node, Reading reading, [MaybeNullWhen(false)] out TRecord value)
    {
        value = Read(defaults, node, reading);
        return true;
    }

    /// <summary><paramref name="start"/> with everything that <paramref name="node"/> sets.</summary>
    public TRecord Read(TRecord start, ConfigNode node, Reading reading)
    {
        if (node is not MappingNode mapping)
        {
            reading.Error(node, $"{(node.Path.Length == 0 ? "the file" : node.Path)} is not a mapping", $"write the keys of {what}, each as 'key: value', indented below");
            return start;
        }

        TRecord record = start;
        foreach (ConfigEntry entry in mapping.UniqueEntries(reading))
        {
            ConfigKey<TRecord>? key = Keys.FirstOrDefault(k => string.Equals(k.Name, entry.Key.Value, StringComparison.Ordinal));
            if (key is not null && key.Shapes.HasFlag(reading.Shape))
            {
                record = key.Read(record, entry.Value, reading);
            }
            else
            {
                reading.Error(entry.Key, $"'{entry.Key.Value}' is unknown", Suggestion(entry.Key.Value, key, reading));
            }
        }

        ReportMissing(record, mapping, reading);
        return record;
    }

    private string Suggestion(string name, ConfigKey<TRecord>? ofOtherShape, Reading reading)
    {
        if (ofOtherShape is not null)
        {
            return ofOtherShape.Instead ?? "put the pools under 'pools:' to use Keyway's own keys";
        }

        if (name is "<<")
        {
            return "write the keys out, YAML 1.2 has no merge key";
        }

        if (!reading.IsNutcracker && KeyPlaces.Of(name) is { } place)
        {
            return $"it belongs {place}";
        }

        string[] known = [.. Keys.Where(k => k.Shapes.HasFlag(reading.Shape)).Select(k => k.Name)];
        return Nearest.To(name, known) is { } near ? $"did you mean '{near}'?"
            : known.Length > MaxListed ? $"docs/configuration.md has the keys of {what}"
            : $"{what} has the keys {string.Join(", ", known)}";
    }

    private void ReportMissing(TRecord record, MappingNode mapping, Reading reading)
    {
        foreach (ConfigKey<TRecord> key in Keys)
        {
            if (key.Required && key.RequiredIf?.Invoke(record) != false && key.Shapes.HasFlag(reading.Shape) && mapping.Find(key.Name) is null)
            {
                reading.Error(mapping, $"{(mapping.Path.Length == 0 ? "the file" : mapping.Path)} has no '{key.Name}'", $"add '{key.Name}': {key.Describe()}");
            }
        }
    }
}
