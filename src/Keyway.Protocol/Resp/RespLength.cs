using System.Runtime.CompilerServices;

namespace Keyway.Protocol.Resp;

/// <summary>Whole numbers as Redis's <c>string2ll</c> takes them: minimal decimal digits, nothing else.</summary>
public static class RespLength
{
    // 18 digits cannot overflow a long; longer ones are errors in any case and go the slow way.
    private const int MaxDigits = 18;

    /// <summary>
    /// Reads <c>digits CRLF</c> at the start of <paramref name="text"/>. Returns the bytes read, or 0 if the line is not whole or
    /// not a canonical number of 0 or more: the caller then finds out which, slowly.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int TryRead(ReadOnlySpan<byte> text, out long value)
    {
        // Most lengths have one digit: one comparison for it and its CRLF.
        if (text.Length >= 3 && text[1] == '\r' && text[2] == '\n')
        {
            uint digit = (uint)(text[0] - '0');
            value = digit;
            return digit <= 9 ? 3 : 0;
        }

        return TryReadLonger(text, out value);
    }

    private static int TryReadLonger(ReadOnlySpan<byte> text, out long value)
    {
        long sum = 0;
        int i = 0;
        for (; i < text.Length && i < MaxDigits; i++)
        {
            uint digit = (uint)(text[i] - '0');
            if (digit > 9)
            {
                break;
            }

            sum = (sum * 10) + digit;
        }

        value = sum;
        bool canonical = i > 1 && text[0] != '0';
        return canonical && i + 1 < text.Length && text[i] == '\r' && text[i + 1] == '\n' ? i + 2 : 0;
    }

    /// <summary>True if all of <paramref name="text"/> is one canonical number; negative ones too.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        // long.TryParse would take signs, blanks and leading zeros; what it accepts is compared with what it stands for.
        Span<byte> canonical = stackalloc byte[20];
        return long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, null, out value)
            && value.TryFormat(canonical, out int written, default, null)
            && text.SequenceEqual(canonical[..written]);
    }
}
