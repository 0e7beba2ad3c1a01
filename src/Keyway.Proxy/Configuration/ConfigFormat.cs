namespace Keyway.Proxy.Configuration;

/// <summary>The programs whose configuration files are understood (docs/importing.md).</summary>
public enum ConfigFormat
{
    /// <summary>Keyway's own YAML, with the pools under <c>pools</c>.</summary>
    Keyway,

    /// <summary>A nutcracker.yml (twemproxy).</summary>
    Nutcracker,

    /// <summary>golemproxy's file. It looks like a nutcracker.yml, so nothing but the user can tell.</summary>
    Golemproxy,

    /// <summary>rmux's JSON array of pools.</summary>
    Rmux,

    /// <summary>A relayer.conf of smart-relayer, in TOML.</summary>
    SmartRelayer,
}
