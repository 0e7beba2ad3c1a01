using System.Globalization;
using System.Text;

namespace Keyway.Protocol.Commands;

/// <summary>
/// Reads the command tables that are built into the assembly. It runs before a process serves, so it uses what the runtime has compiled
/// already: strings and loops, no queries and no generic code over numbers.
/// </summary>
internal static class CommandTables
{
    /// <summary>The generated table of what Redis says, and beside it the commands of newer servers.</summary>
    public static readonly string[] ServerTables = ["redis-commands.tsv", "newer-commands.tsv"];

    /// <summary>How Keyway treats each of them.</summary>
    public const string TreatmentTable = "treatment.tsv";

    /// <summary>The version of the server that the first table was generated from, as its heading says.</summary>
    public static string ServerVersion()
    {
        const string Before = "from redis-server ";
        string text = Text(ServerTables[0]);
        int start = text.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        return text[start..text.IndexOf(' ', start)];
    }

    /// <summary>The lines of a table that are not comments, in their columns.</summary>
    public static List<string[]> Rows(string resource)
    {
        List<string[]> rows = [];
        foreach (string line in Text(resource).Split('\n'))
        {
            if (line.Length > 0 && line[0] != '#')
            {
                rows.Add(line.Split('\t'));
            }
        }

        return rows;
    }

    /// <summary>Reads a line of <see cref="ServerTables"/>.</summary>
    public static ServerCommand ServerCommand(string[] row) => new(
        row[0], Number(row[1]), Flags(row[2]), Number(row[3]), Number(row[4]), Number(row[5]), KeySpecNotation.ParseAll(row[6]),
        Categories(row[8]));

    /// <summary>Reads a line of <see cref="TreatmentTable"/>.</summary>
    public static CommandTreatmentRow Treatment(string[] row) => new(ParseTreatment(row[1]), ParseTreatment(row[2]))
    {
        Merge = ParseMerge(row[3]),
        Repeat = ParseRepeat(row[4]),
        Unless = row[5] is "-" ? [] : row[5].Split(','),
        Blocking = row[6] is "-" ? null : ParseBlocking(row[6]),
        Keys = row[7] is "-" ? null : KeySpecNotation.ParseAll(row[7]),
        Reason = row[8] is "-" ? null : row[8],
    };

    private static string Text(string resource)
    {
        using Stream stream = typeof(CommandTables).Assembly.GetManifestResourceStream(resource)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Encoding.ASCII.GetString(bytes);
    }

    private static CommandFlags Flags(string names)
    {
        CommandFlags flags = CommandFlags.None;
        foreach (string name in names.Split(','))
        {
            flags |= CommandFlagNames.Parse(name);
        }

        return flags;
    }

    private static CommandCategories Categories(string names)
    {
        CommandCategories categories = CommandCategories.None;
        foreach (string name in names.Split(','))
        {
            categories |= CommandCategoryNames.Parse(name);
        }

        return categories;
    }

    private static CommandTreatment ParseTreatment(string word) => word switch
    {
        "key" => CommandTreatment.Key,
        "split" => CommandTreatment.Split,
        "any" => CommandTreatment.Any,
        "all" => CommandTreatment.All,
        "scan" => CommandTreatment.Scan,
        "channel" => CommandTreatment.Channel,
        "subscribe" => CommandTreatment.Subscribe,
        "local" => CommandTreatment.Local,
        "stateless" => CommandTreatment.Stateless,
        "transaction" => CommandTreatment.Transaction,
        "block" => CommandTreatment.Block,
        "wait" => CommandTreatment.Wait,
        "dedicated" => CommandTreatment.Dedicated,
        "debug" => CommandTreatment.Debug,
        "config" => CommandTreatment.Config,
        "pinned" => CommandTreatment.Pinned,
        "refuse" => CommandTreatment.Refuse,
        _ => throw new FormatException($"'{word}' is no treatment."),
    };

    private static CommandMerge ParseMerge(string word) => word switch
    {
        "-" => CommandMerge.None,
        "ok" => CommandMerge.Ok,
        "first" => CommandMerge.First,
        "sum" => CommandMerge.Sum,
        "min" => CommandMerge.Min,
        "and" => CommandMerge.And,
        "concat" => CommandMerge.Concat,
        "keys" => CommandMerge.Keys,
        "info" => CommandMerge.Info,
        "random" => CommandMerge.Random,
        "any-one" => CommandMerge.AnyOne,
        _ => throw new FormatException($"'{word}' is no merge."),
    };

    private static CommandRepeat ParseRepeat(string word) => word switch
    {
        "no" => CommandRepeat.No,
        "read" => CommandRepeat.Read,
        "idempotent" => CommandRepeat.Idempotent,
        _ => throw new FormatException($"'{word}' does not say whether a command can be repeated."),
    };

    /// <summary>seconds@N, milliseconds@N or OPTION:N..STOP</summary>
    private static BlockingTime ParseBlocking(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
        {
            return BlockingTime.At(Number(text[(at + 1)..]), text.StartsWith('s') ? 1000 : 1);
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        int dots = text.IndexOf("..", StringComparison.Ordinal);
        return BlockingTime.Behind(text[..colon], Number(text[(colon + 1)..dots]), text[(dots + 2)..]);
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
