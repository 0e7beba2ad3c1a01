using System.Text;
using Keyway.Protocol.Commands;

namespace Keyway.Proxy.Commands;

/// <summary>What Keyway supports, told from the command table: docs/commands.md and the texts of <c>keyway commands</c>.</summary>
public static class CommandsPage
{
    /// <summary>A block about one command or subcommand, for a terminal; null if the table does not have it.</summary>
    /// <param name="table">The commands.</param>
    /// <param name="name">Its name in any case, of a subcommand with a space or a bar: <c>config get</c>.</param>
    public static string? Describe(CommandTable table, string name)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(name);
        string[] words = name.Split([' ', '|'], StringSplitOptions.RemoveEmptyEntries);
        CommandInfo? command = words.Length is 1 or 2
            ? table.Resolve(Encoding.UTF8.GetBytes(words[0]), words.Length == 2 ? Encoding.UTF8.GetBytes(words[1]) : default)
            : null;
        bool isSubcommandOfNone = words.Length == 2 && command is { Name: var found } && !found.Contains('|', StringComparison.Ordinal);
        return command is null || isSubcommandOfNone ? null : Describe(command);
    }

    /// <summary>A line for each command and subcommand, for a terminal.</summary>
    public static string Table(CommandTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        StringBuilder text = new();
        Row("COMMAND", "ONE SERVER", "SEVERAL SERVERS", "REPEAT");
        foreach (CommandInfo command in table.All)
        {
            if (!command.IsContainer || command.SingleTreatment != CommandTreatment.Local)
            {
                string single = command.SingleTreatment == CommandTreatment.Key ? "one server" : TreatmentText.Short(command.SingleTreatment);
                Row(command.DisplayName, single, TreatmentText.Short(command.ShardedTreatment), RepeatWord(command.Repeat));
            }
        }

        return text.ToString();

        void Row(string name, string single, string sharded, string repeat) =>
            text.Append($"{name,-28} {single,-16} {sharded,-20} {repeat}\n");
    }

    /// <summary>The page docs/commands.md.</summary>
    public static string Markdown(CommandTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new CommandsMarkdown(table).Render();
    }

    private static string Describe(CommandInfo command)
    {
        StringBuilder text = new();
        text.Append(command.DisplayName).Append('\n');
        Line("arguments", command.Arity >= 0 ? $"{command.Arity}, the name included" : $"{-command.Arity} or more, the name included");
        Line("keys", KeySpecText.Of(command));
        Line("one server", TreatmentText.Long(command, sharded: false));
        Line("several servers", TreatmentText.Long(command, sharded: true));
        Line("repeat", TreatmentText.Repeat(command));
        if (EarlyWrites.Defaults.FirstOrDefault(row => row.Key == command.Name).Value is { } early)
        {
            Line("smart mode", $"answered {early} at once");
        }

        if (command.Reason is { } reason)
        {
            Line(command.SingleTreatment == CommandTreatment.Config ? "not allowed" : "not supported", reason);
        }

        if (command.IsContainer)
        {
            Line("subcommands", string.Join(", ", command.Subcommands.ToArray().Select(sub => sub.DisplayName[(command.Name.Length + 1)..])));
        }

        return text.ToString();

        void Line(string what, string value) => text.Append($"  {what,-16} {value}\n");
    }

    private static string RepeatWord(CommandRepeat repeat) => repeat switch
    {
        CommandRepeat.Read => "safe",
        CommandRepeat.Idempotent => "idempotent",
        _ => "not safe",
    };
}
