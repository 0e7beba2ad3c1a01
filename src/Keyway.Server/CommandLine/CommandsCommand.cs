using System.CommandLine;
using System.Globalization;
using System.Text;
using Keyway.Protocol.Commands;

namespace Keyway.Server.CommandLine;

/// <summary><c>keyway commands</c>: what the proxy does with each Redis command.</summary>
internal sealed class CommandsCommand : Command, IHasExamples
{
    private readonly Argument<string[]> _name = new("NAME") { Description = "A command, with its subcommand if it has one.", Arity = new ArgumentArity(0, 2) };

    public CommandsCommand()
        : base("commands", "List the Redis commands and what is done with each.")
    {
        Add(_name);
        SetAction(parsed => (int)Run(parsed.GetValue(_name) ?? []));
    }

    public string Examples => """
          keyway commands
          keyway commands mget
          keyway commands config get
          keyway commands | grep refused
        """;

    private static ExitCode Run(string[] words)
    {
        if (words.Length == 0)
        {
            PrintAll();
            return ExitCode.Ok;
        }

        // One word in quotes is understood too: "config get".
        string[] name = string.Join(' ', words).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (name.Length is 0 or > 2 || Find(name) is not { } command)
        {
            Terminal.WriteError($"keyway: no command '{string.Join(' ', words)}' is known; servers' modules may have it, 'keyway commands' lists the others", ConsoleColor.Red);
            return ExitCode.BadConfiguration;
        }

        Print(command);
        return ExitCode.Ok;
    }

    private static CommandInfo? Find(string[] name) =>
        CommandTable.BuiltIn.Resolve(Encoding.UTF8.GetBytes(name[0]), name.Length == 1 ? [] : Encoding.UTF8.GetBytes(name[1])) is { } found
        && (name.Length == 1 || found.Name.Contains('|', StringComparison.Ordinal))
            ? found
            : null;

    private static void PrintAll()
    {
        Console.WriteLine($"{"command",-28} {"one server",-10} several servers");
        foreach (CommandInfo command in CommandTable.BuiltIn.All)
        {
            if (IsOnlyContainer(command))
            {
                continue;
            }

            Console.WriteLine($"{command.DisplayName,-28} {CommandTexts.Word(command.SingleTreatment),-10} {CommandTexts.Word(command.ShardedTreatment)}");
        }
    }

    private static void Print(CommandInfo command)
    {
        Console.WriteLine(command.DisplayName);
        if (command.Subcommands.Length > 0)
        {
            Row("subcommands", string.Join(", ", command.Subcommands.ToArray().Select(s => s.DisplayName)));
        }

        if (IsOnlyContainer(command))
        {
            return;
        }

        Row("one server", CommandTexts.Sentence(command.SingleTreatment));
        Row("several servers", CommandTexts.Sentence(command.ShardedTreatment));
        if (command.Merge != CommandMerge.None)
        {
            Row("replies", CommandTexts.Sentence(command.Merge));
        }

        if (command.Reason is { } reason)
        {
            Row("answer", reason);
        }

        Row("arguments", string.Create(
            CultureInfo.InvariantCulture, $"{(command.Arity < 0 ? "at least " : "")}{Math.Abs(command.Arity)}, the name included"));
        Row("sent again", CommandTexts.Sentence(command.Repeat));
        if (EarlyWrites.Defaults.FirstOrDefault(row => row.Key == command.Name).Value is { } early)
        {
            Row("smart mode", $"answered {early} at once, where its form allows it");
        }
    }

    /// <summary>True if only the subcommands say what is done.</summary>
    private static bool IsOnlyContainer(CommandInfo command) => command.IsContainer && command.SingleTreatment == CommandTreatment.Local;

    private static void Row(string name, string text) => Console.WriteLine($"  {name,-16}{text}");
}
