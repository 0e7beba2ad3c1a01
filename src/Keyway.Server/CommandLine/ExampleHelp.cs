using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Keyway.Server.CommandLine;

/// <summary>The usual help, and below it the command's examples.</summary>
internal sealed class ExampleHelp(HelpAction help) : SynchronousCommandLineAction
{
    private const string RootExamples = """
          keyway                                  a cache in this process, for Redis clients on 127.0.0.1:6380,
                                                  for memcached clients on 127.0.0.1:11212, and a relay
                                                  that makes files of records on 127.0.0.1:6381
          keyway run -c keyway.yml                the proxy
          keyway check -c keyway.yml              every mistake in a file
          keyway locate -c keyway.yml user:1000   the server that has a key
          keyway import rmux.json                 another program's configuration as Keyway's own
          keyway commands                         what is done with each Redis command
        """;

    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        Command command = parseResult.CommandResult.Command;
        string? examples = command is IHasExamples { Examples: var own } ? own : command is RootCommand ? RootExamples : null;
        if (examples is not null)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"Examples:\n{examples}\n");
        }

        return code;
    }
}
