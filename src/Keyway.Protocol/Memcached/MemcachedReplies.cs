using System.Buffers.Text;

namespace Keyway.Protocol.Memcached;

/// <summary>What servers answer.</summary>
public static class MemcachedReplies
{
    /// <summary>True for <c>ERROR</c>, <c>CLIENT_ERROR text</c> and <c>SERVER_ERROR text</c>.</summary>
    /// <param name="line">Without its end, or with what follows.</param>
    public static bool IsError(ReadOnlySpan<byte> line) => !line.IsEmpty && line[0] switch
    {
        (byte)'E' => line.StartsWith("ERROR"u8),
        (byte)'C' => line.StartsWith("CLIENT_ERROR"u8),
        (byte)'S' => line.StartsWith("SERVER_ERROR"u8),
        _ => false,
    };

    /// <summary>Reads a block <c>VALUE key flags bytes [cas] CRLF data CRLF</c>; false when there is none, or not all of it.</summary>
    /// <param name="reply">What begins with the block.</param>
    /// <param name="key">The item's key.</param>
    /// <param name="length">Bytes of the block.</param>
    public static bool TryReadValue(ReadOnlySpan<byte> reply, out ReadOnlySpan<byte> key, out int length)
    {
        key = default;
        length = 0;
        int end = reply.IndexOf((byte)'\n');
        if (end < 0 || !reply.StartsWith("VALUE "u8) || !TryReadValueLine(reply[..(end - 1)], out key, out int data) || data > reply.Length - end - 3)
        {
            return false;
        }

        length = end + 1 + data + 2;
        return true;
    }

    /// <summary>Reads the largest size of an item from lines of <c>stats settings</c>; false when they do not have it.</summary>
    /// <param name="lines">Whole lines.</param>
    /// <param name="bytes">The size in bytes, key and header included.</param>
    public static bool TryReadItemLimit(ReadOnlySpan<byte> lines, out long bytes)
    {
        ReadOnlySpan<byte> name = "STAT item_size_max "u8;
        int start = lines.IndexOf(name);
        bytes = 0;
        return start >= 0 && Utf8Parser.TryParse(lines[(start + name.Length)..], out bytes, out _) && bytes > 0;
    }

    /// <summary>Reads a line <c>VALUE key flags bytes [cas]</c>.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="key">The item's key.</param>
    /// <param name="data">Bytes of the data that follow, without CRLF.</param>
    public static bool TryReadValueLine(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> key, out int data)
    {
        key = default;
        data = 0;
        if (!line.StartsWith("VALUE "u8))
        {
            return false;
        }

        line = line["VALUE "u8.Length..];
        int keyLength = line.IndexOf((byte)' ');
        if (keyLength <= 0)
        {
            return false;
        }

        key = line[..keyLength];
        line = line[(keyLength + 1)..];
        return TryReadLength(line[(line.IndexOf((byte)' ') + 1)..], out data);
    }

    /// <summary>A length of data at the end of a line, or with a blank behind it.</summary>
    internal static bool TryReadLength(ReadOnlySpan<byte> text, out int length) =>
        Utf8Parser.TryParse(text, out length, out int digits) && length >= 0 && (digits == text.Length || text[digits] == ' ');

    /// <summary>True for a line that answers a command of the text protocol all by itself.</summary>
    internal static bool IsOneLine(ReadOnlySpan<byte> line) => !line.IsEmpty && line[0] switch
    {
        >= (byte)'0' and <= (byte)'9' => true, // incr and decr; may end with blanks
        (byte)'S' => line.SequenceEqual("STORED"u8),
        (byte)'N' => line.SequenceEqual("NOT_STORED"u8) || line.SequenceEqual("NOT_FOUND"u8),
        (byte)'E' => line.SequenceEqual("EXISTS"u8),
        (byte)'D' => line.SequenceEqual("DELETED"u8),
        (byte)'T' => line.SequenceEqual("TOUCHED"u8),
        (byte)'O' => line.SequenceEqual("OK"u8),
        (byte)'R' => line.SequenceEqual("RESET"u8),
        (byte)'V' => line.StartsWith("VERSION "u8),
        _ => false,
    };
}
