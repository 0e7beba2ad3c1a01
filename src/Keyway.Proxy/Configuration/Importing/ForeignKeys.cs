using System.Globalization;
using Keyway.Proxy.Configuration.Values;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>
/// The keys of a table of another program's file. Each is asked for by name, with the type that it must have; those that nobody asked for
/// are left for a warning. A value of another type is a mistake.
/// </summary>
internal sealed class ForeignKeys
{
    private readonly Dictionary<string, ConfigEntry> _entries;
    private readonly HashSet<string> _asked;
    private readonly Reading _reading;

    /// <param name="table">The table.</param>
    /// <param name="ignoreCase">True where the program does not tell capitals from small letters.</param>
    /// <param name="reading">Gets the mistakes.</param>
    public ForeignKeys(MappingNode table, bool ignoreCase, Reading reading)
    {
        Table = table;
        _reading = reading;
        StringComparer comparer = ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        _entries = new Dictionary<string, ConfigEntry>(comparer);
        _asked = new HashSet<string>(comparer);
        foreach (ConfigEntry entry in table.Entries)
        {
            if (!_entries.TryAdd(entry.Key.Value, entry))
            {
                reading.Error(entry.Key, $"'{entry.Key.Value}' is given twice", $"keep one of them (the first is in line {_entries[entry.Key.Value].Key.Line})");
            }
        }
    }

    public MappingNode Table { get; }

    /// <summary>The entries of keys that were not asked for.</summary>
    public IEnumerable<ConfigEntry> Unknown => _entries.Where(e => !_asked.Contains(e.Key)).Select(e => e.Value);

    /// <summary>The key that a mistyped one was probably meant to be, of those that were asked for; or null.</summary>
    public string? NearestTo(string name) => Nearest.To(name, _asked);

    /// <summary>The value as it is, or null if the key is not there or has none.</summary>
    public Foreign<ConfigNode>? Any(string key)
    {
        _asked.Add(key);
        return _entries.TryGetValue(key, out ConfigEntry? entry) && entry.Value is not ScalarNode { IsNull: true }
            ? new Foreign<ConfigNode>(entry.Key.Value, entry.Value, entry.Value)
            : null;
    }

    /// <summary>A text that is not empty.</summary>
    public Foreign<string>? Text(string key) =>
        Scalar(key, ScalarType.Text, "text in quotation marks") is { } scalar && scalar.Value.Length > 0
            ? new Foreign<string>(key, scalar, scalar.Value)
            : null;

    /// <summary>A whole number from 0 to <paramref name="most"/>.</summary>
    public Foreign<long>? Number(string key, long most = int.MaxValue)
    {
        string remedy = string.Create(CultureInfo.InvariantCulture, $"a whole number from 0 to {most}");
        if (Scalar(key, ScalarType.Integer, remedy) is not { } scalar)
        {
            return null;
        }

        if (long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= 0 && value <= most)
        {
            return new Foreign<long>(key, scalar, value);
        }

        Refuse(scalar, remedy);
        return null;
    }

    public Foreign<bool>? Flag(string key) =>
        Scalar(key, ScalarType.Boolean, "true or false") is { } scalar
            ? new Foreign<bool>(key, scalar, string.Equals(scalar.Value, "true", StringComparison.Ordinal))
            : null;

    /// <summary>The texts of a list; empty without the key.</summary>
    public IReadOnlyList<Foreign<string>> Texts(string key)
    {
        if (Any(key) is not { } value)
        {
            return [];
        }

        if (value.Node is not SequenceNode list)
        {
            Refuse(value.Node, "a list of texts");
            return [];
        }

        List<Foreign<string>> texts = [];
        foreach (ConfigNode item in list.Items)
        {
            if (item is ScalarNode { IsNull: false } scalar && Is(scalar, ScalarType.Text))
            {
                texts.Add(new Foreign<string>(key, scalar, scalar.Value));
            }
            else
            {
                Refuse(item, "a text");
            }
        }

        return texts;
    }

    private ScalarNode? Scalar(string key, ScalarType type, string remedy)
    {
        if (Any(key) is not { } value)
        {
            return null;
        }

        if (value.Node is ScalarNode scalar && Is(scalar, type))
        {
            return scalar;
        }

        Refuse(value.Node, remedy);
        return null;
    }

    private static bool Is(ScalarNode scalar, ScalarType type) =>
        scalar.Type == type || (scalar.Type == ScalarType.Untyped && (type != ScalarType.Boolean || scalar.Value is "true" or "false"));

    private void Refuse(ConfigNode node, string remedy)
    {
        string what = node switch
        {
            SequenceNode => "is a list",
            MappingNode => "is a table",
            ScalarNode { Type: ScalarType.Text } => "is a text",
            ScalarNode scalar => $"{Quoting.Show(scalar.Value)} does not fit",
            _ => "does not fit",
        };
        _reading.Error(node, $"{node.Path} {what}", $"write {remedy}");
    }
}
