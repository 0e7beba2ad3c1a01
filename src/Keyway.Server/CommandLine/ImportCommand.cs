using System.CommandLine;
using Keyway.Proxy.Configuration;

namespace Keyway.Server.CommandLine;

/// <summary><c>keyway import</c>: another program's configuration as Keyway's own.</summary>
internal sealed class ImportCommand : Command, IHasExamples
{
    private readonly FromOption _from = new();
    private readonly Argument<string[]> _source = new("FILE")
    {
        Description = "The other program's file; or, behind --, rmux's flags.",
        Arity = ArgumentArity.OneOrMore,
    };

    public ImportCommand()
        : base("import", "Print another program's configuration as Keyway's own, with comments.")
    {
        Add(_source);
        Add(_from);
        SetAction(parsed => (int)Run(parsed.GetRequiredValue(_source), parsed.GetValue(_from)));
    }

    public string Examples => """
          keyway import /etc/nutcracker/nutcracker.yml > keyway.yml
          keyway import /etc/rmux.json > keyway.yml
          keyway import relayer.conf > keyway.yml
          keyway import --from golemproxy golemproxy.yml > keyway.yml
          keyway import -- -socket /tmp/rmux.sock -tcpConnections "a:6379 b:6379" -failover
        """;

    private static ExitCode Run(string[] source, ConfigFormat? from)
    {
        bool isFlags = source[0].StartsWith('-') && from is null or ConfigFormat.Rmux;
        if (!isFlags && source.Length > 1)
        {
            Terminal.WriteError("keyway: one file at a time", ConsoleColor.Red);
            return ExitCode.BadConfiguration;
        }

        ImportResult result = isFlags ? ConfigImport.ReadRmuxFlags(source) : ConfigImport.Read(source[0], from);
        Configurations.Tell(result.Warnings, result.Problems);
        if (result.Yaml is null)
        {
            return ExitCode.BadConfiguration;
        }

        Console.Out.Write(result.Yaml);
        return result.IsPartial ? ExitCode.Failure : ExitCode.Ok;
    }
}
