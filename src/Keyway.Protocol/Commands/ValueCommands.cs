using System.Globalization;

namespace Keyway.Protocol.Commands;

/// <summary>Which commands have values of strings or hashes in their requests or replies: the lines of value-commands.tsv.</summary>
internal static class ValueCommands
{
    private static readonly Dictionary<string, (ValueArguments Arguments, bool Replies)> Rows = Read();

    /// <summary>Where the values are among a command's arguments.</summary>
    internal static ValueArguments ArgumentsOf(string name) => Rows.TryGetValue(name, out (ValueArguments Arguments, bool Replies) row) ? row.Arguments : default;

    /// <summary>True if a command's reply can have values in it.</summary>
    internal static bool Replies(string name) => Rows.TryGetValue(name, out (ValueArguments Arguments, bool Replies) row) && row.Replies;

    private static Dictionary<string, (ValueArguments Arguments, bool Replies)> Read()
    {
        Dictionary<string, (ValueArguments Arguments, bool Replies)> rows = new(StringComparer.Ordinal);
        foreach (string[] row in CommandTables.Rows("value-commands.tsv"))
        {
            rows.Add(row[0], (ParseArguments(row[1]), row[2] is "values"));
        }

        return rows;
    }

    private static ValueArguments ParseArguments(string text)
    {
        if (text is "-")
        {
            return default;
        }

        int plus = text.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? new ValueArguments(Number(text), 0) : new ValueArguments(Number(text[..plus]), Number(text[(plus + 1)..]));
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
