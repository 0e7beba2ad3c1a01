namespace Keyway.Proxy.Memory;

/// <summary>
/// Patterns as KEYS and MATCH have them: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[^a]</c> and <c>\</c> before a byte that stands for itself,
/// with the same reading of odd patterns as Redis. The time is at most the product of both lengths.
/// </summary>
internal static class Glob
{
    public static bool IsMatch(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        int p = 0;
        int t = 0;

        // Only the last star need be tried again: what an earlier one could take instead, the last can take as well.
        int star = -1;
        int starText = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = ++p;
                starText = t;
            }
            else if (p < pattern.Length && MatchOne(pattern, ref p, text[t]))
            {
                t++;
            }
            else if (star >= 0)
            {
                p = star;
                t = ++starText;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart((byte)'*').IsEmpty;
    }

    /// <summary>Compares one byte with the element at <paramref name="p"/>, which then is behind it.</summary>
    private static bool MatchOne(ReadOnlySpan<byte> pattern, ref int p, byte value)
    {
        switch (pattern[p])
        {
            case (byte)'?':
                p++;
                return true;
            case (byte)'[':
                p++;
                return MatchClass(pattern, ref p, value);
            case (byte)'\\' when p + 1 < pattern.Length:
                p += 2;
                return pattern[p - 1] == value;
            default:
                return pattern[p++] == value;
        }
    }

    // A class that is not closed ends with the pattern; one that is closed at once is empty.
    private static bool MatchClass(ReadOnlySpan<byte> pattern, ref int p, byte value)
    {
        bool negated = p < pattern.Length && pattern[p] == '^';
        p += negated ? 1 : 0;
        bool found = false;
        while (p < pattern.Length && pattern[p] != ']')
        {
            if (pattern[p] == '\\' && p + 1 < pattern.Length)
            {
                found |= pattern[p + 1] == value;
                p += 2;
            }
            else if (p + 2 < pattern.Length && pattern[p + 1] == '-')
            {
                byte low = Math.Min(pattern[p], pattern[p + 2]);
                byte high = Math.Max(pattern[p], pattern[p + 2]);
                found |= value >= low && value <= high;
                p += 3;
            }
            else
            {
                found |= pattern[p++] == value;
            }
        }

        p = Math.Min(p + 1, pattern.Length);
        return found != negated;
    }
}
