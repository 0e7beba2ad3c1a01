using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>A pool of another program's file that cannot be carried over.</summary>
/// <param name="Node">The pool, or what of it is the reason.</param>
/// <param name="Message">Which, and why.</param>
internal sealed record LeftOut(ConfigNode Node, string Message);
