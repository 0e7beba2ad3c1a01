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
        List<CommandInfo> all = [];
        foreach (CommandInfo command in commands)
        {
            all.Add(command);
            all.AddRange(command.Subcommands);
        }

        _all = [.. all];
    }

    /// <summary>The commands of the tables in this assembly, built at first use.</summary>
    public static CommandTable BuiltIn => BuiltInTable.Value;

    /// <summary>The version of Redis whose commands these are.</summary>
    public static string ServerVersion { get; } = CommandTables.ServerVersion();

    /// <summary>Number of commands and subcommands: ids are below it.</summary>
    public int Count => _all.Length;

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
    /// <param name="learnt">What <see cref="CommandInfo.FromServer"/> made; it gets its ids here, so it can be in one table only.</param>
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
        List<string[]> rows = [];
        foreach (string table in CommandTables.ServerTables)
        {
            rows.AddRange(CommandTables.Rows(table));
        }

        // A space sorts before all letters: subcommands stay behind their container.
        rows.Sort((left, right) => string.CompareOrdinal(left[0].Replace('|', ' '), right[0].Replace('|', ' ')));
        Dictionary<string, string[]> treatments = new(StringComparer.Ordinal);
        foreach (string[] row in CommandTables.Rows(CommandTables.TreatmentTable))
        {
            treatments.Add(row[0], row);
        }

        // From the end, a container comes right behind the subcommands that it needs.
        List<CommandInfo> commands = [];
        List<CommandInfo> subcommands = [];
        for (int id = rows.Count - 1; id >= 0; id--)
        {
            ServerCommand server = CommandTables.ServerCommand(rows[id]);
            CommandTreatmentRow treatment = CommandTables.Treatment(treatments[server.Name]);
            bool isSubcommand = server.Name.Contains('|', StringComparison.Ordinal);
            CommandInfo command = new(server, treatment, isSubcommand ? [] : Drain(subcommands)) { Id = id };
            (isSubcommand ? subcommands : commands).Add(command);
        }

        return new CommandTable(Drain(commands));
    }

    /// <summary>Empties a list that was filled from the end.</summary>
    private static CommandInfo[] Drain(List<CommandInfo> list)
    {
        CommandInfo[] drained = [.. list];
        Array.Reverse(drained);
        list.Clear();
        return drained;
    }
}
