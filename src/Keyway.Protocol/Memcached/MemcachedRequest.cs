using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Memcached;

/// <summary>
/// One request as the scanner found it. A reactor owns one and reuses it. It says what is where; the bytes stay in the buffer that was scanned,
/// and every offset counts from the request's first byte.
/// </summary>
public sealed class MemcachedRequest
{
    /// <summary>The words of the line, the command's name first.</summary>
    public RequestArgs Words { get; } = new();

    /// <summary>The row of the command table, or null for an unknown command.</summary>
    public MemcachedCommand? Command { get; internal set; }

    /// <summary>What is wrong with it, if anything: it is to be answered with that, and never forwarded.</summary>
    public MemcachedError Error { get; internal set; }

    /// <summary>True when nothing is to be answered, not even an error.</summary>
    public bool IsSilent { get; internal set; }

    /// <summary>
    /// True when a server may get the line as it stands: it ends with CRLF, all its numbers are plain, and it says neither noreply nor quiet.
    /// </summary>
    public bool IsPlain { get; internal set; }

    /// <summary>Bytes of the line without its end.</summary>
    public int LineLength { get; internal set; }

    /// <summary>Offset of the data block; the end of the line where there is none.</summary>
    public int DataStart { get; internal set; }

    /// <summary>Bytes of the data block without its CRLF; 0 where there is none.</summary>
    public long DataLength { get; internal set; }

    /// <summary>Flags of a storage command, cut to 32 bits as memcached 1.6.18 does.</summary>
    public uint ItemFlags { get; internal set; }

    /// <summary>The exptime of a storage command, of <c>touch</c>, <c>gat</c> and <c>flush_all</c> (0 if it has none), cut to 32 bits.</summary>
    public int Exptime { get; internal set; }

    /// <summary>The delta of <c>incr</c> and <c>decr</c>, the unique number of <c>cas</c>.</summary>
    public ulong Number { get; internal set; }

    /// <summary>The word of a meta command that is its flag <c>q</c>; 0 for none.</summary>
    public int QuietWord { get; internal set; }

    /// <summary>True when the key of a meta command is written in base64 (flag <c>b</c>).</summary>
    public bool IsKeyEncoded { get; internal set; }

    /// <summary>True when a meta command may make the item (flag <c>N</c>).</summary>
    public bool IsVivifying { get; internal set; }

    internal void Clear()
    {
        Words.Clear();
        Command = null;
        Error = MemcachedError.None;
        IsSilent = false;
        IsPlain = false;
        DataLength = 0;
        Exptime = 0;
        QuietWord = 0;
        IsKeyEncoded = false;
        IsVivifying = false;
    }
}
