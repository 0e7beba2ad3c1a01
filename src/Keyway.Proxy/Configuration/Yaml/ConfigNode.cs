namespace Keyway.Proxy.Configuration.Yaml;

/// <summary>A piece of the file with its place (line and column from 1) and its path, such as <c>pools.cache.timeout</c>.</summary>
internal abstract class ConfigNode(string path, long line, long column)
{
    public string Path { get; } = path;

    public long Line { get; } = line;

    public long Column { get; } = column;
}
