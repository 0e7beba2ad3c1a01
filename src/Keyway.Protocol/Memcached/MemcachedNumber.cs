using System.Buffers.Text;

namespace Keyway.Protocol.Memcached;

/// <summary>
/// Numbers as memcached 1.6.18 reads them, by C's <c>strtol</c>: white space before, a sign, digits, and then the end of the word or white space,
/// behind which anything may follow. What has more than 64 bits is no number.
/// </summary>
internal static class MemcachedNumber
{
    /// <summary>A signed number.</summary>
    internal static bool TryReadSigned(ReadOnlySpan<byte> word, out long value)
    {
        bool isNegative = Split(ref word);
        value = 0;
        if (!TryReadDigits(word, out ulong digits) || digits > (ulong)long.MaxValue + (isNegative ? 1UL : 0))
        {
            return false;
        }

        value = isNegative ? (long)(0 - digits) : (long)digits;
        return true;
    }

    /// <summary>A number without sign; <c>-0</c> is one.</summary>
    internal static bool TryReadUnsigned(ReadOnlySpan<byte> word, out ulong value)
    {
        bool isNegative = Split(ref word);
        return TryReadDigits(word, out value) && (!isNegative || value == 0);
    }

    /// <summary>True when the word is digits and nothing else, at most 10, so that every reader understands the same.</summary>
    internal static bool IsPlain(ReadOnlySpan<byte> word) => word.Length is > 0 and <= 10 && !word.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool Split(ref ReadOnlySpan<byte> word)
    {
        while (!word.IsEmpty && IsSpace(word[0]))
        {
            word = word[1..];
        }

        if (word.IsEmpty || word[0] is not ((byte)'-' or (byte)'+'))
        {
            return false;
        }

        bool isNegative = word[0] == '-';
        word = word[1..];
        return isNegative;
    }

    private static bool TryReadDigits(ReadOnlySpan<byte> word, out ulong value) =>
        Utf8Parser.TryParse(word, out value, out int length) && word[0] != '+' && (length == word.Length || IsSpace(word[length]));

    private static bool IsSpace(byte character) => character is (byte)' ' or (>= 9 and <= 13);
}
