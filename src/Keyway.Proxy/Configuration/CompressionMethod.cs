namespace Keyway.Proxy.Configuration;

/// <summary>How values are compressed.</summary>
public enum CompressionMethod
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As gzip's own format has it.</summary>
    Gzip,

    /// <summary>With Brotli: smaller, and faster than gzip at the quality that is used here.</summary>
    Brotli,
}
