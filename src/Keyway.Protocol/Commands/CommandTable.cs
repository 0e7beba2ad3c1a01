using System.Diagnostics.CodeAnalysis;

namespace Keyway.Protocol.Commands;

/// <summary>
/// All commands that are known. Immutable and shared by all reactors: a command that is learnt from a server makes a new table
/// (<see cref="With"/>).
/// </summary>
public sealed class CommandTable
{
    private static readonly Lazy<CommandTable> BuiltInTable = new(Build);

    private readonly CommandInfo[] _commands;
    private readonly CommandInfo[] _all;
    private readonly CommandNames _names;

    private CommandTable(CommandInfo[] commands)
    {
        _commands = commands;
        _names = new CommandNames(commands);
        _all = [.. commands.SelectMany(command => command.Subcommands.ToArray().Prepend(command))];
        Count = Math.Max(_all.Max(command => command.Id) + 1, _all.Length);
    }

    /// <summary>The commands of the tables in this assembly, built at first use.</summary>
    public static CommandTable BuiltIn => BuiltInTable.Value;

    /// <summary>Number of commands and subcommands: ids are below it.</summary>
    public int Count { get; }

    /// <summary>Commands without their subcommands, sorted by name; learnt ones are last.</summary>
    public ReadOnlySpan<CommandInfo> Commands => _commands;

    /// <summary>Commands, each followed by its subcommands.</summary>
    public ReadOnlySpan<CommandInfo> All => _all;

    /// <summary>Finds a command by the first argument of a request, in any case.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out CommandInfo? command)
    {
        command = _names.Find(name);
        return command is not null;
    }

    /// <summary>Finds a command by its first two arguments.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <param name="firstArgument">The argument after it; empty if there is none.</param>
    /// <returns>
    /// The subcommand if the name is a container's; the container itself if there is no argument; null if either is unknown.
    /// </returns>
    public CommandInfo? Resolve(ReadOnlySpan<byte> name, ReadOnlySpan<byte> firstArgument)
    {
        CommandInfo? command = _names.Find(name);
        return command is null || !command.IsContainer || firstArgument.IsEmpty ? command : command.FindSubcommand(firstArgument);
    }

    /// <summary>A table that has also a command that was learnt from a server.</summary>
    /// <param name="learnt">What a server told; it gets its ids here, so it can be in one table only.</param>
    /// <exception cref="ArgumentException">It is in a table already, or its name is.</exception>
    public CommandTable With(CommandInfo learnt)
    {
        ArgumentNullException.ThrowIfNull(learnt);
        if (learnt.Id >= 0 || Array.Exists(_commands, command => string.Equals(command.Name, learnt.Name, StringComparison.Ordinal)))
        {
            throw new ArgumentException($"The table has {learnt.DisplayName} already.", nameof(learnt));
        }

        int id = Count;
        learnt.Id = id++;
        foreach (CommandInfo subcommand in learnt.Subcommands)
        {
            subcommand.Id = id++;
        }

        return new CommandTable([.. _commands, learnt]);
    }

    private static CommandTable Build()
    {
        List<ServerCommand> rows = [.. CommandTables.ServerTables.SelectMany(CommandTables.Rows).Select(CommandTables.ServerCommand)];
        rows.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        Dictionary<string, CommandTreatmentRow> treatments =
            CommandTables.Rows(CommandTables.TreatmentTable).ToDictionary(row => row[0], CommandTables.Treatment, StringComparer.Ordinal);

        List<CommandInfo> commands = [];
        List<CommandInfo> subcommands = [];
        // From the end, a container comes right behind the subcommands that it needs.
        for (int id = rows.Count - 1; id >= 0; id--)
        {
            ServerCommand row = rows[id];
            bool isSubcommand = row.Name.Contains('|', StringComparison.Ordinal);
            CommandInfo command = new(row, treatments[row.Name], isSubcommand ? [] : Drain(subcommands)) { Id = id };
            (isSubcommand ? subcommands : commands).Insert(0, command);
        }

        return new CommandTable([.. commands]);
    }

    private static CommandInfo[] Drain(List<CommandInfo> list)
    {
        CommandInfo[] drained = [.. list];
        list.Clear();
        return drained;
    }
}
