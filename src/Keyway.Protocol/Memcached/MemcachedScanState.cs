namespace Keyway.Protocol.Memcached;

/// <summary>
/// What is known of a request whose bytes have not all come, so that no byte is searched twice. All offsets count from the request's first
/// byte. The default value is ready for use.
/// </summary>
public struct MemcachedScanState
{
    // Bytes already searched for the end of the line.
    internal int Searched;

    // Bytes of the line with its end, once that was found.
    internal int LineLength;

    /// <summary>True when the line is here and its data block is not.</summary>
    public readonly bool IsInData => LineLength > 0;

    /// <summary>Bytes of the data block that is incomplete, without its CRLF; 0 while the line is not whole.</summary>
    public long PendingData { readonly get; internal set; }

    /// <summary>Offset at which the data block of <see cref="IsInData"/> begins.</summary>
    public readonly int DataStart => LineLength;

    /// <summary>Bytes that the request will have at least.</summary>
    public readonly long ExpectedLength => IsInData ? LineLength + PendingData + 2 : 0;

    /// <summary>Forgets the request.</summary>
    public void Reset() => this = default;
}
