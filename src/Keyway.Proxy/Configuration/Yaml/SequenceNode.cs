namespace Keyway.Proxy.Configuration.Yaml;

/// <summary>A list.</summary>
internal sealed class SequenceNode(string path, long line, long column, IReadOnlyList<ConfigNode> items)
    : ConfigNode(path, line, column)
{
    public IReadOnlyList<ConfigNode> Items { get; } = items;
}
