namespace Keyway.Proxy.Configuration.Yaml;

/// <summary>A mapping in the order of the file; a key given twice is an entry twice, for the reader to report.</summary>
internal sealed class MappingNode(string path, long line, long column, IReadOnlyList<ConfigEntry> entries)
    : ConfigNode(path, line, column)
{
    public IReadOnlyList<ConfigEntry> Entries { get; } = entries;

    public ConfigEntry? Find(string key) => Entries.FirstOrDefault(e => string.Equals(e.Key.Value, key, StringComparison.Ordinal));

    /// <summary>The entries without repetitions, each of which is reported.</summary>
    public IEnumerable<ConfigEntry> UniqueEntries(Reading reading)
    {
        Dictionary<string, ScalarNode> seen = new(StringComparer.Ordinal);
        foreach (ConfigEntry entry in Entries)
        {
            if (seen.TryAdd(entry.Key.Value, entry.Key))
            {
                yield return entry;
            }
            else
            {
                reading.Error(entry.Key, $"'{entry.Key.Value}' is given twice", $"keep one of them (the first is in line {seen[entry.Key.Value].Line})");
            }
        }
    }
}
