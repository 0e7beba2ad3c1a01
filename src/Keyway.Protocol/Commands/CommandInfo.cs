using System.Text;
using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Commands;

/// <summary>All that Keyway knows of a command or subcommand: what servers say (arity, flags, keys) and how it is treated.</summary>
public sealed class CommandInfo
{
    private readonly KeySpec[] _keySpecs;
    private readonly CommandInfo[] _subcommands;
    private readonly CommandNames? _subcommandNames;
    private readonly byte[][] _unless;
    private readonly byte[] _refusal;

    /// <summary>Puts together what a server says of a command and how it is treated.</summary>
    internal CommandInfo(ServerCommand server, CommandTreatmentRow treatment, CommandInfo[] subcommands)
    {
        Name = server.Name;
        Arity = server.Arity;
        Flags = server.Flags;
        Categories = server.Categories;
        _keySpecs = treatment.Keys ?? server.SpecsOrRange;
        if (treatment.Keys is null && server.HasPlainRange)
        {
            (FirstKey, LastKey, KeyStep) = (server.FirstKey, server.LastKey, server.KeyStep);
        }
        else if (_keySpecs is [{ IsSearchable: true, Begin: KeyBegin.Index, Find: KeyFind.Range, Limit: 0 } only])
        {
            (FirstKey, LastKey, KeyStep) = (only.BeginIndex, only.LastKey < 0 ? only.LastKey : only.BeginIndex + only.LastKey, only.Step);
        }

        SingleTreatment = treatment.Single;
        ShardedTreatment = treatment.Sharded;
        Merge = treatment.Merge;
        Repeat = treatment.Repeat;
        _unless = Array.ConvertAll(treatment.Unless, Encoding.ASCII.GetBytes);
        BlockingTime = treatment.Blocking;
        Reason = treatment.Reason;
        EarlyShape = EarlyWrites.ShapeOf(Name);
        ValueArguments = ValueCommands.ArgumentsOf(Name);
        RepliesValues = ValueCommands.Replies(Name);
        _refusal = Reason is null ? [] : Encoding.ASCII.GetBytes($"-ERR {Reason}\r\n");
        _subcommands = subcommands;
        _subcommandNames = subcommands.Length == 0 ? null : new CommandNames(subcommands);
    }

    /// <summary>Lower case; a subcommand is <c>container|subcommand</c>.</summary>
    public string Name { get; }

    /// <summary>As users write it: <c>CONFIG GET</c>.</summary>
    public string DisplayName => Name.Replace('|', ' ').ToUpperInvariant();

    /// <summary>0 to <see cref="CommandTable.Count"/> - 1, an index for counters; -1 before the command is in a table.</summary>
    public int Id { get; internal set; } = -1;

    /// <summary>Number of arguments with the name (two words for a subcommand); negative: at least so many.</summary>
    public int Arity { get; }

    /// <summary>What the server says about it.</summary>
    public CommandFlags Flags { get; }

    /// <summary>The categories of access control lists that it belongs to.</summary>
    public CommandCategories Categories { get; }

    /// <summary>True if it changes no data, so that a replica can answer it.</summary>
    public bool IsReadOnly => (Flags & CommandFlags.ReadOnly) != CommandFlags.None;

    /// <summary>Where its keys are; empty if it has none.</summary>
    public ReadOnlySpan<KeySpec> KeySpecs => _keySpecs;

    /// <summary>The first key if one range says all, so that <see cref="KeyFinder"/> is not needed; otherwise 0.</summary>
    public int FirstKey { get; }

    /// <summary>The last key of that range; negative ones count from the end of the arguments, -1 is the last.</summary>
    public int LastKey { get; }

    /// <summary>Distance from a key to the next in that range; 0 if there is no such range.</summary>
    public int KeyStep { get; }

    /// <summary>What is done with it in a pool with one server.</summary>
    public CommandTreatment SingleTreatment { get; }

    /// <summary>What is done with it in a pool with several servers.</summary>
    public CommandTreatment ShardedTreatment { get; }

    /// <summary>How replies of several servers become one.</summary>
    public CommandMerge Merge { get; }

    /// <summary>Whether it may be sent again, as long as none of <see cref="RepeatFor"/>'s words is among the arguments.</summary>
    public CommandRepeat Repeat { get; }

    /// <summary>Words, upper case, that turn <see cref="CommandRepeat.Idempotent"/> into <see cref="CommandRepeat.No"/>.</summary>
    public IEnumerable<string> NotRepeatedWith => _unless.Select(Encoding.ASCII.GetString);

    /// <summary>What says how long it may wait; null if nothing does.</summary>
    public BlockingTime? BlockingTime { get; }

    /// <summary>The sentence a user gets when it is pinned, refused, or not allowed by the pool; null if it never is.</summary>
    public string? Reason { get; }

    /// <summary><see cref="Reason"/> as a complete error reply, <c>-ERR ...\r\n</c>; empty if there is none.</summary>
    public ReadOnlySpan<byte> Refusal => _refusal;

    /// <summary>What its requests must look like to be answered before they are delivered.</summary>
    internal EarlyShape EarlyShape { get; }

    /// <summary>Which of its arguments are values of strings or hashes.</summary>
    public ValueArguments ValueArguments { get; }

    /// <summary>True if its reply can have such values in it.</summary>
    public bool RepliesValues { get; }

    /// <summary>True if its first argument names a subcommand.</summary>
    public bool IsContainer => _subcommandNames is not null;

    /// <summary>Its subcommands, sorted by name.</summary>
    public ReadOnlySpan<CommandInfo> Subcommands => _subcommands;

    /// <summary>
    /// Learns a command that the tables lack, such as a module's. Its treatment follows from its flags and keys; what cannot be known to be
    /// safe is refused.
    /// </summary>
    /// <param name="reply">The server's reply to <c>COMMAND INFO name</c>, or one element of a COMMAND reply.</param>
    /// <returns>The command, for <see cref="CommandTable.With"/>; null if the server does not know it either.</returns>
    public static CommandInfo? FromServer(ReadOnlySpan<byte> reply) => CommandReply.Read(reply);

    /// <summary>What is done with it in a pool of one server or several.</summary>
    public CommandTreatment TreatmentIn(bool sharded) => sharded ? ShardedTreatment : SingleTreatment;

    /// <summary>True if a request may have so many arguments, the name included.</summary>
    public bool AcceptsCount(int count) => Arity >= 0 ? count == Arity : count >= -Arity;

    /// <summary>The subcommand of a name in any case; null if there is none.</summary>
    public CommandInfo? FindSubcommand(ReadOnlySpan<byte> name) => _subcommandNames?.Find(name);

    /// <summary>True if this request would wait on its connection and so hold up all who share it.</summary>
    public bool Blocks(ReadOnlySpan<byte> frame, RequestArgs args) =>
        (Flags & CommandFlags.Blocking) != CommandFlags.None && (BlockingTime is null || BlockingTime.IsGiven(frame, args));

    /// <summary>Whether this request may be sent again after its connection was lost.</summary>
    public CommandRepeat RepeatFor(ReadOnlySpan<byte> frame, RequestArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        foreach (byte[] word in _unless)
        {
            // Values are searched too: one that happens to be such a word only costs the repeat.
            for (int i = 1; i < args.Count; i++)
            {
                if (Ascii.EqualsIgnoreCase(args.Get(frame, i), word))
                {
                    return CommandRepeat.No;
                }
            }
        }

        return Repeat;
    }

    /// <inheritdoc/>
    public override string ToString() => DisplayName;
}
