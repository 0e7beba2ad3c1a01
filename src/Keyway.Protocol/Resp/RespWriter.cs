using System.Runtime.CompilerServices;

namespace Keyway.Protocol.Resp;

/// <summary>
/// Writes RESP at the start of a span and returns the number of bytes written. The span must have room: <see cref="MaxHeader"/> for
/// a header or number, plus the bytes and CRLF of what has a body.
/// </summary>
public static class RespWriter
{
    /// <summary>Longest header or number: type, sign and 19 digits, CRLF.</summary>
    public const int MaxHeader = 1 + 20 + 2;

    /// <summary><c>$-1</c>: RESP2's null.</summary>
    public static ReadOnlySpan<byte> NullBulk => "$-1\r\n"u8;

    /// <summary><c>*-1</c>: RESP2's null array.</summary>
    public static ReadOnlySpan<byte> NullArray => "*-1\r\n"u8;

    /// <summary><c>_</c>: RESP3's null.</summary>
    public static ReadOnlySpan<byte> Null => "_\r\n"u8;

    /// <summary><c>$length</c>; <paramref name="length"/> is 0 or more.</summary>
    public static int WriteBulkHeader(Span<byte> target, long length) => WriteNumber(target, (byte)'$', length);

    /// <summary><c>:value</c>.</summary>
    public static int WriteInteger(Span<byte> target, long value) => WriteNumber(target, (byte)':', value);

    /// <summary><c>*count</c>.</summary>
    public static int WriteArrayHeader(Span<byte> target, long count) => WriteNumber(target, (byte)'*', count);

    /// <summary><c>%count</c>; <paramref name="count"/> pairs follow.</summary>
    public static int WriteMapHeader(Span<byte> target, long count) => WriteNumber(target, (byte)'%', count);

    /// <summary><c>~count</c>.</summary>
    public static int WriteSetHeader(Span<byte> target, long count) => WriteNumber(target, (byte)'~', count);

    /// <summary><c>>count</c>.</summary>
    public static int WritePushHeader(Span<byte> target, long count) => WriteNumber(target, (byte)'>', count);

    /// <summary>A bulk string with its header.</summary>
    public static int WriteBulk(Span<byte> target, ReadOnlySpan<byte> value)
    {
        int at = WriteBulkHeader(target, value.Length);
        value.CopyTo(target[at..]);
        return EndLine(target, at + value.Length);
    }

    /// <summary><c>+text</c>; <paramref name="text"/> holds no CR or LF.</summary>
    public static int WriteSimpleString(Span<byte> target, ReadOnlySpan<byte> text) => WriteLine(target, (byte)'+', text);

    /// <summary><c>-text</c>; <paramref name="text"/> begins with the error's code and holds no CR or LF.</summary>
    public static int WriteError(Span<byte> target, ReadOnlySpan<byte> text) => WriteLine(target, (byte)'-', text);

    private static int WriteLine(Span<byte> target, byte type, ReadOnlySpan<byte> text)
    {
        target[0] = type;
        text.CopyTo(target[1..]);
        return EndLine(target, text.Length + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteNumber(Span<byte> target, byte type, long value)
    {
        target[0] = type;
        if ((ulong)value <= 9)
        {
            target[1] = (byte)('0' + value);
            target[2] = (byte)'\r';
            target[3] = (byte)'\n';
            return 4;
        }

        return WriteLongNumber(target, value);
    }

    private static int WriteLongNumber(Span<byte> target, long value)
    {
        value.TryFormat(target[1..], out int digits, default, System.Globalization.CultureInfo.InvariantCulture);
        return EndLine(target, digits + 1);
    }

    private static int EndLine(Span<byte> target, int at)
    {
        "\r\n"u8.CopyTo(target[at..]);
        return at + 2;
    }
}
