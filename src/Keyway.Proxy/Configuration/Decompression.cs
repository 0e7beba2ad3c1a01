namespace Keyway.Proxy.Configuration;

/// <summary>Which values are decompressed on their way to the clients.</summary>
public enum Decompression
{
    /// <summary>Those that Keyway has compressed, in pools that compress.</summary>
    Auto,

    /// <summary>Those that Keyway has compressed.</summary>
    Keyway,

    /// <summary>Those of Keyway and of smart-relayer: every gzip stream, and Snappy behind smart-relayer's mark.</summary>
    Relayer,
}
