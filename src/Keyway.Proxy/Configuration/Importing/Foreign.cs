using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>A value of another program's file and where it stands.</summary>
internal sealed record Foreign<T>(string Key, ConfigNode Node, T Value);
