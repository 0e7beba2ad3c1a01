namespace Keyway.Proxy.Configuration;

/// <summary>The two shapes of file that are understood; a set of them where a key belongs to both.</summary>
[Flags]
internal enum ConfigShape
{
    None = 0,

    /// <summary>Keyway's own: pools under <c>pools</c>.</summary>
    Keyway = 1,

    /// <summary>nutcracker's (and golemproxy's): the pools are the top level.</summary>
    Nutcracker = 2,

    Both = Keyway | Nutcracker,
}
