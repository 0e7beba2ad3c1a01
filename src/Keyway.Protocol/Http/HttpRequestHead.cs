using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Keyway.Protocol.Http;

/// <summary>
/// The request line and headers of one HTTP/1.1 request. Strict: what two readers could understand differently is refused, since that lets one
/// client write into another's requests. A reactor owns one and reuses it; it keeps no bytes, only where they are.
/// </summary>
public sealed class HttpRequestHead
{
    /// <summary>Most bytes of a head.</summary>
    public const int MaxLength = 16 * 1024;

    private const int MostHeaders = 100;

    private static readonly SearchValues<byte> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private Range _path;
    private Range _authorization;
    private int _hosts;
    private bool _isClose;
    private bool _isKeepAlive;
    private bool _hasTransferEncoding;

    /// <summary>The method.</summary>
    public HttpVerb Verb { get; private set; }

    /// <summary>True for HTTP/1.1, false for 1.0.</summary>
    public bool IsVersion11 { get; private set; }

    /// <summary>True if the connection stays open after the answer.</summary>
    public bool KeepsAlive { get; private set; }

    /// <summary>Bytes of the body; -1 if none is announced, or it is chunked.</summary>
    public long ContentLength { get; private set; }

    /// <summary>True if the body comes in chunks.</summary>
    public bool IsChunked { get; private set; }

    /// <summary>The client waits for <c>100 Continue</c> before it sends the body.</summary>
    public bool ExpectsContinue { get; private set; }

    /// <summary>How the body is encoded.</summary>
    public HttpCoding Coding { get; private set; }

    /// <summary>True if the body is lines of JSON (<c>application/x-ndjson</c>).</summary>
    public bool IsNdjson { get; private set; }

    /// <summary>True if there is an <c>Authorization</c>.</summary>
    public bool HasAuthorization { get; private set; }

    /// <summary>The path, without the query.</summary>
    public ReadOnlySpan<byte> Path(ReadOnlySpan<byte> head) => head[_path];

    /// <summary>The value of <c>Authorization</c>, empty for none.</summary>
    public ReadOnlySpan<byte> Authorization(ReadOnlySpan<byte> head) => HasAuthorization ? head[_authorization] : default;

    /// <summary>Reads a head.</summary>
    /// <param name="head">From its first byte to the empty line that ends it, which is included.</param>
    /// <returns>0, or the status with which the request is to be refused and its connection closed.</returns>
    public int Parse(ReadOnlySpan<byte> head)
    {
        Clear();
        int at = LineEnd(head, 0);
        int status = at < 0 ? 400 : ParseRequestLine(head[..at]);
        for (int headers = 0; status == 0 && at + 4 < head.Length; headers++)
        {
            int start = at + 2;
            at = LineEnd(head, start);
            status = at < 0 ? 400 : headers == MostHeaders ? 431 : ParseHeader(head, start, at);
        }

        return status == 0 ? Conclude() : status;
    }

    private void Clear()
    {
        _path = default;
        _hosts = 0;
        _isClose = false;
        _isKeepAlive = false;
        _hasTransferEncoding = false;
        ContentLength = -1;
        IsChunked = false;
        ExpectsContinue = false;
        Coding = HttpCoding.Identity;
        IsNdjson = false;
        HasAuthorization = false;
    }

    /// <summary>Where the CRLF of the line is; -1 if something else than it ends or splits the line.</summary>
    private static int LineEnd(ReadOnlySpan<byte> head, int start)
    {
        int length = head[start..].IndexOfAny((byte)'\r', (byte)'\n', (byte)0);
        int end = start + length;
        return length >= 0 && head[end] == '\r' && end + 1 < head.Length && head[end + 1] == '\n' ? end : -1;
    }

    private int ParseRequestLine(ReadOnlySpan<byte> line)
    {
        int first = line.IndexOf((byte)' ');
        int last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first + 1 || line[..first].ContainsAnyExcept(Token) || line[(first + 1)..last].ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            return 400;
        }

        ReadOnlySpan<byte> version = line[(last + 1)..];
        IsVersion11 = version.SequenceEqual("HTTP/1.1"u8);
        if (!IsVersion11 && !version.SequenceEqual("HTTP/1.0"u8))
        {
            return version.StartsWith("HTTP/"u8) ? 505 : 400;
        }

        ReadOnlySpan<byte> verb = line[..first];
        Verb = verb.SequenceEqual("POST"u8) ? HttpVerb.Post : verb.SequenceEqual("GET"u8) ? HttpVerb.Get : verb.SequenceEqual("HEAD"u8) ? HttpVerb.Head : HttpVerb.Other;
        return ParseTarget(line, first + 1, last) ? 0 : 400;
    }

    /// <summary>A path, or an address of which only the path counts.</summary>
    private bool ParseTarget(ReadOnlySpan<byte> line, int start, int end)
    {
        ReadOnlySpan<byte> target = line[start..end];
        if (target[0] != '/')
        {
            int authority = target.IndexOf("://"u8);
            if (authority < 0)
            {
                _path = start..start; // '*' and the like: no path of ours
                return target.SequenceEqual("*"u8);
            }

            int slash = target[(authority + 3)..].IndexOf((byte)'/');
            start = slash < 0 ? end : start + authority + 3 + slash;
        }

        int query = line[start..end].IndexOf((byte)'?');
        _path = start..(query < 0 ? end : start + query);
        return true;
    }

    private int ParseHeader(ReadOnlySpan<byte> head, int start, int end)
    {
        ReadOnlySpan<byte> line = head[start..end];
        int colon = line.IndexOf((byte)':');

        // A blank before the colon, or a line that goes on from the one before, is read differently by different servers.
        if (colon <= 0 || line[..colon].ContainsAnyExcept(Token))
        {
            return 400;
        }

        int from = start + colon + 1;
        while (from < end && head[from] is (byte)' ' or (byte)'\t')
        {
            from++;
        }

        while (end > from && head[end - 1] is (byte)' ' or (byte)'\t')
        {
            end--;
        }

        ReadOnlySpan<byte> value = head[from..end];
        foreach (byte each in value)
        {
            if (each is < 0x20 and not (byte)'\t' or 0x7F)
            {
                return 400;
            }
        }

        if (Is(line[..colon], "authorization"u8))
        {
            _authorization = from..end;
            bool isFirst = !HasAuthorization;
            HasAuthorization = true;
            return isFirst ? 0 : 400;
        }

        return TakeHeader(line[..colon], value);
    }

    private int TakeHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        switch (name.Length)
        {
            case 4 when Is(name, "host"u8):
                return ++_hosts == 1 ? 0 : 400;
            case 6 when Is(name, "expect"u8):
                ExpectsContinue = Is(value, "100-continue"u8);
                return ExpectsContinue ? 0 : 417;
            case 10 when Is(name, "connection"u8):
                TakeConnection(value);
                return 0;
            case 12 when Is(name, "content-type"u8):
                int end = value.IndexOf((byte)';');
                ReadOnlySpan<byte> type = (end < 0 ? value : value[..end]).TrimEnd(" \t"u8);
                IsNdjson = Is(type, "application/x-ndjson"u8) || Is(type, "application/ndjson"u8) || Is(type, "application/jsonl"u8);
                return 0;
            case 14 when Is(name, "content-length"u8):
                bool isLength = ContentLength < 0 && Utf8Parser.TryParse(value, out long length, out int used) && used == value.Length
                    && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9') && (ContentLength = length) >= 0;
                return isLength ? 0 : 400;
            case 16 when Is(name, "content-encoding"u8):
                Coding = Is(value, "gzip"u8) || Is(value, "x-gzip"u8) ? HttpCoding.Gzip : Is(value, "identity"u8) ? HttpCoding.Identity : HttpCoding.Other;
                return 0;
            case 17 when Is(name, "transfer-encoding"u8):
                bool isRepeated = _hasTransferEncoding;
                _hasTransferEncoding = true;
                IsChunked = Is(value, "chunked"u8);
                return isRepeated ? 400 : IsChunked ? 0 : 501;
            default:
                return 0;
        }
    }

    private void TakeConnection(ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty)
        {
            int comma = value.IndexOf((byte)',');
            ReadOnlySpan<byte> option = (comma < 0 ? value : value[..comma]).Trim(" \t"u8);
            _isClose |= Is(option, "close"u8);
            _isKeepAlive |= Is(option, "keep-alive"u8);
            value = comma < 0 ? default : value[(comma + 1)..];
        }
    }

    /// <summary>What only all headers together tell.</summary>
    private int Conclude()
    {
        KeepsAlive = !_isClose && (IsVersion11 || _isKeepAlive);
        ExpectsContinue &= IsVersion11;
        bool isAmbiguous = _hasTransferEncoding && (ContentLength >= 0 || !IsVersion11);
        return isAmbiguous || (IsVersion11 && _hosts == 0) ? 400 : 0;
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) => Ascii.EqualsIgnoreCase(text, lower);
}
