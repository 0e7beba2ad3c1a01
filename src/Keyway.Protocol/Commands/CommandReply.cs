using System.Globalization;
using System.Text;
using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Commands;

/// <summary>
/// Reads an element of a server's COMMAND reply, in RESP2 or RESP3, https://redis.io/docs/latest/commands/command/:
/// name, arity, flags, first key, last key, step, and since Redis 6 categories, since 7 tips, key specifications, subcommands.
/// </summary>
internal static class CommandReply
{
    // type and spec inside begin_search inside a key specification.
    private const int MaxDepth = 3;

    // Everything before the fields of later versions.
    private const int OldestLength = 6;

    /// <summary>The command; null if the bytes are no such element.</summary>
    public static CommandInfo? Read(ReadOnlySpan<byte> reply)
    {
        RespReader reader = new(reply);
        if (!reader.TryReadNext())
        {
            return null;
        }

        // The whole reply to COMMAND INFO with one name is an array around the element.
        if (reader is { IsAggregate: true, ChildCount: 1 } && !reader.TryReadNext())
        {
            return null;
        }

        return ReadCommand(ref reader, isSubcommand: false);
    }

    private static CommandInfo? ReadCommand(ref RespReader reader, bool isSubcommand)
    {
        long count = reader.ChildCount;
        if (!reader.IsAggregate || count < OldestLength)
        {
            return null;
        }

        string name = ReadText(ref reader).ToLowerInvariant();
        int arity = ReadNumber(ref reader);
        CommandFlags flags = CommandFlags.None;
        foreach (string flag in ReadTexts(ref reader))
        {
            flags |= CommandFlagNames.Parse(flag);
        }

        int first = ReadNumber(ref reader);
        int last = ReadNumber(ref reader);
        int step = ReadNumber(ref reader);
        CommandCategories categories = count > 6 ? ReadCategories(ref reader) : CommandCategoryNames.Of(flags);
        SkipNext(ref reader, count > 7);
        KeySpec[] specs = count > 8 ? ReadSpecs(ref reader) : [];
        CommandInfo[] subcommands = count > 9 && !isSubcommand ? ReadSubcommands(ref reader) : [];
        SkipNext(ref reader, count > 9 && isSubcommand);
        for (long i = 10; i < count; i++)
        {
            SkipNext(ref reader, true);
        }

        if (name.Length == 0 || arity == 0)
        {
            return null;
        }

        ServerCommand server = new(name, arity, flags, first, last, step, specs, categories);
        return new CommandInfo(server, LearntTreatment.Of(server, subcommands.Length > 0), subcommands);
    }

    private static CommandCategories ReadCategories(ref RespReader reader)
    {
        CommandCategories categories = CommandCategories.None;
        foreach (string name in ReadTexts(ref reader))
        {
            categories |= CommandCategoryNames.Parse(name.TrimStart('@'));
        }

        return categories;
    }

    private static CommandInfo[] ReadSubcommands(ref RespReader reader)
    {
        List<CommandInfo> subcommands = [];
        long count = reader.TryReadNext() ? reader.ChildCount : 0;
        for (long i = 0; i < count && reader.TryReadNext(); i++)
        {
            if (ReadCommand(ref reader, isSubcommand: true) is { } subcommand)
            {
                subcommands.Add(subcommand);
            }
        }

        subcommands.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return [.. subcommands];
    }

    private static KeySpec[] ReadSpecs(ref RespReader reader)
    {
        List<KeySpec> specs = [];
        long count = reader.TryReadNext() ? reader.ChildCount : 0;
        for (long i = 0; i < count && reader.TryReadNext(); i++)
        {
            specs.Add(ReadSpec(ref reader));
        }

        return [.. specs];
    }

    private static KeySpec ReadSpec(ref RespReader reader)
    {
        KeySpecFlags flags = KeySpecFlags.None;
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        long pairs = reader.ChildCount / 2;
        for (long i = 0; i < pairs; i++)
        {
            string name = ReadText(ref reader);
            if (name is "flags")
            {
                foreach (string flag in ReadTexts(ref reader))
                {
                    flags |= KeySpecNotation.ParseFlag(flag);
                }
            }
            else if (reader.TryReadNext())
            {
                Flatten(ref reader, name, fields, depth: 1);
            }
        }

        string begin = fields.GetValueOrDefault("begin_search.type", "unknown");
        string find = fields.GetValueOrDefault("find_keys.type", "unknown");
        return new KeySpec
        {
            Flags = flags,
            Begin = begin switch { "index" => KeyBegin.Index, "keyword" => KeyBegin.Keyword, _ => KeyBegin.Unknown },
            BeginIndex = Field(fields, begin is "keyword" ? "begin_search.spec.startfrom" : "begin_search.spec.index"),
            Keyword = fields.GetValueOrDefault("begin_search.spec.keyword"),
            Find = find switch { "range" => KeyFind.Range, "keynum" => KeyFind.KeyCount, _ => KeyFind.Unknown },
            LastKey = Field(fields, "find_keys.spec.lastkey"),
            Limit = Field(fields, "find_keys.spec.limit"),
            CountIndex = Field(fields, "find_keys.spec.keynumidx"),
            FirstKey = Field(fields, "find_keys.spec.firstkey"),
            Step = Math.Max(Field(fields, "find_keys.spec.keystep"), 1),
        };
    }

    /// <summary>Writes the scalars of a tree of maps under their paths: begin_search.spec.index = 1.</summary>
    private static void Flatten(ref RespReader reader, string path, Dictionary<string, string> fields, int depth)
    {
        if (!reader.IsAggregate)
        {
            fields[path] = Encoding.ASCII.GetString(reader.Bytes);
            return;
        }

        if (depth > MaxDepth)
        {
            reader.SkipChildren();
            return;
        }

        long pairs = reader.ChildCount / 2;
        for (long i = 0; i < pairs; i++)
        {
            string name = ReadText(ref reader);
            if (reader.TryReadNext())
            {
                Flatten(ref reader, $"{path}.{name}", fields, depth + 1);
            }
        }
    }

    private static int Field(Dictionary<string, string> fields, string path) =>
        fields.TryGetValue(path, out string? text) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : 0;

    private static List<string> ReadTexts(ref RespReader reader)
    {
        List<string> texts = [];
        long count = reader.TryReadNext() ? reader.ChildCount : 0;
        for (long i = 0; i < count && reader.TryReadNext(); i++)
        {
            texts.Add(Encoding.ASCII.GetString(reader.Bytes));
        }

        return texts;
    }

    private static string ReadText(ref RespReader reader) => reader.TryReadNext() ? Encoding.ASCII.GetString(reader.Bytes) : "";

    private static int ReadNumber(ref RespReader reader) =>
        reader.TryReadNext() && reader.TryGetInt64(out long number) && number is >= int.MinValue and <= int.MaxValue ? (int)number : 0;

    private static void SkipNext(ref RespReader reader, bool isThere)
    {
        if (isThere && reader.TryReadNext())
        {
            reader.SkipChildren();
        }
    }
}
