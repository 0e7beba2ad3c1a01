using System.CommandLine;
using Keyway.Proxy.Configuration;

namespace Keyway.Server.CommandLine;

/// <summary><c>keyway check</c>: reads a file and lists every mistake in it.</summary>
internal sealed class CheckCommand : Command, IHasExamples
{
    private readonly Option<string> _file = FileOption.Create(required: true);
    private readonly FromOption _from = new();

    public CheckCommand()
        : base("check", "Check a configuration file and list every mistake in it.")
    {
        Add(_file);
        Add(_from);
        SetAction(parsed => (int)Run(parsed.GetRequiredValue(_file), parsed.GetValue(_from)));
    }

    public string Examples => """
          keyway check -c keyway.yml
          keyway check -c /etc/nutcracker/nutcracker.yml
        """;

    private static ExitCode Run(string file, ConfigFormat? from)
    {
        if (Configurations.Load(file, from) is not { } config)
        {
            return ExitCode.BadConfiguration;
        }

        Console.WriteLine($"{file}: ok ({Count(config.Pools.Count, "pool")}, {Count(config.Pools.Sum(p => p.Servers.Count), "server")})");
        return ExitCode.Ok;
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
