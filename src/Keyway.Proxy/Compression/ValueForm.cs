namespace Keyway.Proxy.Compression;

/// <summary>What the bytes of a stored value are; the numbers stand in the values.</summary>
internal enum ValueForm : byte
{
    /// <summary>As the client wrote it: it began as if it were compressed.</summary>
    Plain = (byte)'p',

    /// <summary>A gzip stream (RFC 1952).</summary>
    Gzip = (byte)'g',

    /// <summary>A Brotli stream (RFC 7932).</summary>
    Brotli = (byte)'b',

    /// <summary>A block of Snappy, which only smart-relayer writes.</summary>
    Snappy = (byte)'s',
}
