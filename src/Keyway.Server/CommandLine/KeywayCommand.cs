using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Keyway.Server.CommandLine;

/// <summary>The command <c>keyway</c>: its subcommands, and what happens without one.</summary>
internal static class KeywayCommand
{
    public static ExitCode Invoke(string[] args)
    {
        var root = new RootCommand("Keyway, a cache proxy: few warm, pipelined connections to the servers for any number of clients.")
        {
            new RunCommand(),
            new CheckCommand(),
            new LocateCommand(),
            new CommandsCommand(),
            new ImportCommand(),
            new RmuxCommand(),
            new JournalCommand(),
            new SchemaCommand(),
        };
        root.SetAction(_ => (int)RunCommand.RunBuiltIn());
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!);

        // Keys may begin with '@': no response files.
        ParseResult parsed = root.Parse(RmuxCommand.Separate(args), new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction error)
        {
            error.ShowHelp = false;
            parsed.Invoke();
            Console.Error.WriteLine("See 'keyway --help'.");
            return ExitCode.BadConfiguration;
        }

        try
        {
            // Signals are ProxyHost's own business.
            return (ExitCode)parsed.Invoke(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (Terminal.IsOutputFailure(e))
        {
            Terminal.WriteError($"keyway: the output cannot be written: {e.Message}", ConsoleColor.Red);
            return ExitCode.Failure;
        }
    }
}
