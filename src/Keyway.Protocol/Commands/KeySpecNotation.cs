using System.Globalization;

namespace Keyway.Protocol.Commands;

/// <summary>Reads the notation of key specifications in the command tables: FLAGS@BEGIN/FIND, explained at the top of redis-commands.tsv.</summary>
internal static class KeySpecNotation
{
    /// <summary>Reads specifications separated by spaces; "-" is none.</summary>
    /// <exception cref="FormatException">The text is not in the notation.</exception>
    public static KeySpec[] ParseAll(string text)
    {
        string[] parts = text is "-" ? [] : text.Split(' ');
        KeySpec[] specs = new KeySpec[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            specs[i] = Parse(parts[i]);
        }

        return specs;
    }

    /// <summary>The flag of a name as servers write it; none for the ones that routing has no use for.</summary>
    public static KeySpecFlags ParseFlag(string name) => name switch
    {
        "RO" => KeySpecFlags.ReadOnly,
        "RW" => KeySpecFlags.ReadWrite,
        "OW" => KeySpecFlags.Overwrite,
        "RM" => KeySpecFlags.Remove,
        "not_key" => KeySpecFlags.NotKey,
        "incomplete" => KeySpecFlags.Incomplete,
        "variable_flags" => KeySpecFlags.VariableFlags,
        _ => KeySpecFlags.None,
    };

    private static KeySpec Parse(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (at < 0 || slash < at)
        {
            throw new FormatException($"'{text}' is no key specification.");
        }

        KeySpecFlags flags = KeySpecFlags.None;
        foreach (string name in text[..at].Split(','))
        {
            flags |= ParseFlag(name);
        }

        string begin = text[(at + 1)..slash];
        string find = text[(slash + 1)..];
        int colon = begin.IndexOf(':', StringComparison.Ordinal);
        int[] numbers = Numbers(find);
        bool range = find.StartsWith("range:", StringComparison.Ordinal);
        return new KeySpec
        {
            Flags = flags,
            Begin = begin is "?" ? KeyBegin.Unknown : colon < 0 ? KeyBegin.Index : KeyBegin.Keyword,
            BeginIndex = begin is "?" ? 0 : Number(begin[(colon + 1)..]),
            Keyword = colon < 0 ? null : begin[..colon],
            Find = find is "?" ? KeyFind.Unknown : range ? KeyFind.Range : KeyFind.KeyCount,
            LastKey = range ? numbers[0] : 0,
            Limit = range ? numbers[2] : 0,
            CountIndex = range ? 0 : numbers[0],
            FirstKey = range ? 0 : numbers[1],
            Step = range ? numbers[1] : numbers[2],
        };
    }

    /// <summary>The three numbers of range:L,S,M and keynum:I,F,S.</summary>
    private static int[] Numbers(string find)
    {
        if (find is "?")
        {
            return [0, 0, 1];
        }

        string[] numbers = find[(find.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(',');
        return numbers.Length == 3
            ? [Number(numbers[0]), Number(numbers[1]), Number(numbers[2])]
            : throw new FormatException($"'{find}' needs three numbers.");
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
