using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>
/// One frame that a RESP2 connection in subscriber mode gets: <c>*3 $message $channel $payload</c>, <c>*4 $pmessage $pattern $channel $payload</c>,
/// <c>*3 $subscribe $channel :count</c>, <c>*2 $pong $</c>, or a line (<c>+OK</c>, <c>-ERR ...</c>).
/// </summary>
internal ref struct FeedFrame
{
    private const int MostElements = 4;
    private const int LongestHeader = 32; // type, digits and CRLF
    private const int LongestLine = 64 * 1024;

    private int _length;

    /// <summary>The whole frame.</summary>
    internal ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The first element; of a line all but its CRLF, type included.</summary>
    internal ReadOnlySpan<byte> Word { get; private set; }

    /// <summary>The second element: channel or pattern. Empty where there is none.</summary>
    internal ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>True for <c>+</c> and <c>-</c>.</summary>
    internal bool IsLine { get; private set; }

    /// <summary>After <see cref="ScanStatus.NeedMore"/>: bytes that the frame has at least, 0 when that is not known.</summary>
    internal long Expected { get; private set; }

    /// <summary>Reads the frame at the start of the bytes.</summary>
    internal ScanStatus Read(ReadOnlySpan<byte> bytes)
    {
        this = default;
        if (bytes[0] is (byte)'+' or (byte)'-')
        {
            return ReadLine(bytes);
        }

        ScanStatus status = ReadHeader(bytes, (byte)'*', out long count);
        if (status == ScanStatus.Complete && count is < 1 or > MostElements)
        {
            return ScanStatus.Error;
        }

        for (int i = 0; i < count && status == ScanStatus.Complete; i++)
        {
            status = ReadElement(bytes, out ReadOnlySpan<byte> value);
            if (i == 0)
            {
                Word = value;
            }
            else if (i == 1)
            {
                Name = value;
            }
        }

        if (status == ScanStatus.Complete)
        {
            Bytes = bytes[.._length];
        }

        return status;
    }

    private ScanStatus ReadLine(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return bytes.Length < LongestLine ? ScanStatus.NeedMore : ScanStatus.Error;
        }

        IsLine = true;
        Word = bytes[..end];
        Bytes = bytes[..(end + 2)];
        return ScanStatus.Complete;
    }

    private ScanStatus ReadElement(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> value)
    {
        value = default;
        bool isInteger = _length < bytes.Length && bytes[_length] == ':';
        ScanStatus status = ReadHeader(bytes, isInteger ? (byte)':' : (byte)'$', out long number);
        if (status != ScanStatus.Complete || isInteger || number < 0)
        {
            return status;
        }

        Expected = _length + number + 2;
        if (Expected > bytes.Length)
        {
            return Expected <= Array.MaxLength ? ScanStatus.NeedMore : ScanStatus.Error;
        }

        value = bytes.Slice(_length, (int)number);
        _length = (int)Expected;
        return bytes[_length - 2] == '\r' && bytes[_length - 1] == '\n' ? ScanStatus.Complete : ScanStatus.Error;
    }

    private ScanStatus ReadHeader(ReadOnlySpan<byte> bytes, byte type, out long number)
    {
        number = 0;
        ReadOnlySpan<byte> rest = bytes[_length..];
        if (!rest.IsEmpty && rest[0] != type)
        {
            return ScanStatus.Error;
        }

        int end = rest[..Math.Min(rest.Length, LongestHeader)].IndexOf("\r\n"u8);
        if (end < 0)
        {
            return rest.Length < LongestHeader ? ScanStatus.NeedMore : ScanStatus.Error;
        }

        _length += end + 2;
        return RespLength.TryParse(rest[1..end], out number) ? ScanStatus.Complete : ScanStatus.Error;
    }
}
