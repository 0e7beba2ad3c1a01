using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>A key of Keyway's own with its value.</summary>
/// <param name="Name">The key.</param>
/// <param name="Value">A scalar, or a list or a mapping of scalars, with the place of the other program's file that it comes from.</param>
/// <param name="Origin">What it comes from, where the value does not say so itself; or null.</param>
internal sealed record ImportedKey(string Name, ConfigNode Value, string? Origin)
{
    public ConfigEntry ToEntry() => new(new ScalarNode("", Value.Line, Value.Column, Name, isNull: false), Value);
}
