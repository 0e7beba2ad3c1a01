namespace Keyway.Proxy.Configuration.Yaml;

/// <summary>A single value. <see cref="IsNull"/>: nothing was written, or YAML's plain <c>null</c> or <c>~</c>.</summary>
internal sealed class ScalarNode(string path, long line, long column, string value, bool isNull)
    : ConfigNode(path, line, column)
{
    public string Value { get; } = value;

    public bool IsNull { get; } = isNull;

    public ScalarType Type { get; init; }
}
