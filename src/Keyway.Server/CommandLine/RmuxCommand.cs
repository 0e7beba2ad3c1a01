using System.CommandLine;
using Keyway.Proxy.Configuration;

namespace Keyway.Server.CommandLine;

/// <summary><c>keyway rmux</c>: runs rmux's command line.</summary>
internal sealed class RmuxCommand : Command, IHasExamples
{
    public const string CommandName = "rmux";

    private readonly Argument<string[]> _flags = new("FLAGS")
    {
        Description = "rmux's flags, such as -socket, -tcpConnections, -failover or -config.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public RmuxCommand()
        : base(CommandName, "Run the proxy with the flags of rmux, for service files that are to change but the program's name.")
    {
        Add(_flags);
        SetAction(parsed => (int)Run(parsed.GetValue(_flags) ?? []));
    }

    public string Examples => """
          keyway rmux -socket /tmp/rmux.sock -tcpConnections "10.0.0.1:6379 10.0.0.2:6379" -failover
          keyway rmux -config /etc/rmux.json
        """;

    /// <summary>The arguments so that rmux's flags, written with one hyphen, are not taken for Keyway's.</summary>
    public static string[] Separate(string[] args) =>
        args is [CommandName, var first, ..] && first is not ("--help" or "-h" or "-?" or "--") ? [CommandName, "--", .. args[1..]] : args;

    private static ExitCode Run(string[] flags)
    {
        ConfigResult result = ConfigReader.ReadRmuxFlags(flags);
        Configurations.Tell(result.Warnings, result.Problems);
        return result.Config is { } config ? ProxyHost.Run(config, welcome: "") : ExitCode.BadConfiguration;
    }
}
