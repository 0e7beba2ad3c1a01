namespace Keyway.Proxy.Configuration.Yaml;

/// <summary>A key and its value in a mapping.</summary>
internal sealed record ConfigEntry(ScalarNode Key, ConfigNode Value);
