using System.Buffers.Text;

namespace Keyway.Proxy.Memory.Memcached;

/// <summary>Numbers as memcached reads them, which is as C does: blanks and a sign before them, a blank or the end behind.</summary>
internal static class MemcachedNumbers
{
    /// <summary>An unsigned number of 64 bits. A minus is taken modulo 2^64 as long as the result looks positive, as in C.</summary>
    public static bool TryUnsigned(ReadOnlySpan<byte> text, out ulong value)
    {
        if (!TryRead(text, out bool isNegative, out value))
        {
            return false;
        }

        if (isNegative)
        {
            value = 0 - value;
        }

        return !isNegative || (long)value >= 0;
    }

    /// <summary>A signed number of 64 bits, of which the lower 32 count: a moment after 2038 is long ago.</summary>
    public static bool TrySigned(ReadOnlySpan<byte> text, out int value)
    {
        bool isRead = TryRead(text, out bool isNegative, out ulong size) && size <= (isNegative ? 1UL << 63 : long.MaxValue);
        value = isRead ? unchecked((int)(isNegative ? 0 - size : size)) : 0;
        return isRead;
    }

    private static bool TryRead(ReadOnlySpan<byte> text, out bool isNegative, out ulong size)
    {
        int at = 0;
        while (at < text.Length && IsBlank(text[at]))
        {
            at++;
        }

        isNegative = at < text.Length && text[at] == '-';
        if (at < text.Length && text[at] is (byte)'-' or (byte)'+')
        {
            at++;
        }

        size = 0;
        return at < text.Length && char.IsAsciiDigit((char)text[at]) && Utf8Parser.TryParse(text[at..], out size, out int length) &&
            (at + length == text.Length || IsBlank(text[at + length]));
    }

    private static bool IsBlank(byte letter) => letter is (byte)' ' or (>= 9 and <= 13);
}
