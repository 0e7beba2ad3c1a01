namespace Keyway.Protocol.Commands;

/// <summary>The names that servers give to categories, without the @ before them.</summary>
public static class CommandCategoryNames
{
    private static readonly Dictionary<string, CommandCategories> Categories = new(StringComparer.Ordinal)
    {
        ["keyspace"] = CommandCategories.Keyspace,
        ["read"] = CommandCategories.Read,
        ["write"] = CommandCategories.Write,
        ["set"] = CommandCategories.Set,
        ["sortedset"] = CommandCategories.SortedSet,
        ["list"] = CommandCategories.List,
        ["hash"] = CommandCategories.Hash,
        ["string"] = CommandCategories.String,
        ["bitmap"] = CommandCategories.Bitmap,
        ["hyperloglog"] = CommandCategories.HyperLogLog,
        ["geo"] = CommandCategories.Geo,
        ["stream"] = CommandCategories.Stream,
        ["pubsub"] = CommandCategories.PubSub,
        ["admin"] = CommandCategories.Admin,
        ["fast"] = CommandCategories.Fast,
        ["slow"] = CommandCategories.Slow,
        ["blocking"] = CommandCategories.Blocking,
        ["dangerous"] = CommandCategories.Dangerous,
        ["connection"] = CommandCategories.Connection,
        ["transaction"] = CommandCategories.Transaction,
        ["scripting"] = CommandCategories.Scripting,
    };

    /// <summary>Every name.</summary>
    public static IReadOnlyCollection<string> All => Categories.Keys;

    /// <summary>The category of a name; none for a name that a newer server may have thought of.</summary>
    public static CommandCategories Parse(string name) => Categories.GetValueOrDefault(name);

    /// <summary>What a server derives from a command's flags; those of its data type are missing.</summary>
    public static CommandCategories Of(CommandFlags flags)
    {
        CommandCategories categories = (flags & CommandFlags.Fast) != 0 ? CommandCategories.Fast : CommandCategories.Slow;
        Add(CommandFlags.Write, CommandCategories.Write);
        Add(CommandFlags.ReadOnly, CommandCategories.Read);
        Add(CommandFlags.Admin, CommandCategories.Admin | CommandCategories.Dangerous);
        Add(CommandFlags.PubSub, CommandCategories.PubSub);
        Add(CommandFlags.Blocking, CommandCategories.Blocking);
        return categories;

        void Add(CommandFlags flag, CommandCategories category) => categories |= (flags & flag) != 0 ? category : CommandCategories.None;
    }
}
