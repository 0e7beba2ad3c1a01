using System.Globalization;

namespace Keyway.Proxy.Memory.Commands;

/// <summary>Cursor and options of SCAN and HSCAN.</summary>
internal ref struct ScanOptions
{
    private const int DefaultCount = 10;

    /// <summary>Pattern that names must match if <see cref="HasMatch"/>.</summary>
    public ReadOnlySpan<byte> Match { get; private set; }

    /// <summary>Type of the keys wanted; null for any.</summary>
    public string? Type { get; private set; }

    /// <summary>How many to look at.</summary>
    public int Count { get; private set; }

    /// <summary>Reads a cursor as C's <c>strtoul</c> does: with a sign, up to a zero byte, nothing is 0. False with the error written.</summary>
    public static bool TryCursor(in MemoryCall call, int index, out ulong cursor)
    {
        string text = call.Text(index);
        bool isNegative = text.StartsWith('-');
        string digits = isNegative || text.StartsWith('+') ? text[1..] : text;
        bool right = ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out cursor) || text.Length == 0;
        cursor = isNegative ? unchecked(0 - cursor) : cursor;
        if (!right)
        {
            call.Reply.Error("ERR invalid cursor"u8);
        }

        return right;
    }

    /// <summary>Reads the options from argument <paramref name="first"/> on; false with the error written.</summary>
    public static bool TryParse(in MemoryCall call, int first, bool hasType, out ScanOptions options)
    {
        options = new ScanOptions { Count = DefaultCount };
        for (int i = first; i < call.Count; i += 2)
        {
            bool hasValue = i + 1 < call.Count;
            if (hasValue && call.Is(i, "COUNT"u8))
            {
                if (!call.TryInteger(i + 1, out long count))
                {
                    return false;
                }

                options.Count = (int)Math.Clamp(count, 0, int.MaxValue);
            }
            else if (hasValue && call.Is(i, "MATCH"u8))
            {
                options.Match = call[i + 1];
                options.HasMatch = true;
            }
            else if (hasValue && hasType && call.Is(i, "TYPE"u8))
            {
                options.Type = call.Text(i + 1);
            }
            else
            {
                options.Count = 0;
            }

            if (options.Count == 0)
            {
                call.Reply.Error(MemoryErrors.Syntax);
                return false;
            }
        }

        return true;
    }

    /// <summary>True if there is a pattern, an empty one too.</summary>
    public bool HasMatch { get; private set; }

    public readonly bool TakesType(string type) => Type is null || string.Equals(Type, type, StringComparison.OrdinalIgnoreCase);

    public readonly bool Takes(ReadOnlySpan<byte> name) => !HasMatch || Glob.IsMatch(Match, name);
}
