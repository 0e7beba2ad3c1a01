using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Keyway.Proxy.Configuration;

namespace Keyway.Server.CommandLine;

/// <summary><c>keyway run</c>: the proxy, until SIGTERM or SIGINT.</summary>
internal sealed class RunCommand : Command, IHasExamples
{
    /// <summary>How this program was called, where that is not by its name: the script at the root of a checkout says it.</summary>
    private const string CalledAs = "KEYWAY_CALLED_AS";

    private static readonly string Program = Environment.GetEnvironmentVariable(CalledAs) ?? "keyway";

    private static string Welcome => $"""
        Keyway without a configuration: caches in this process, for Redis clients on 127.0.0.1:6380 and for memcached
        clients on 127.0.0.1:11212; and a relay on 127.0.0.1:6381, which makes records of Redis's writes and keeps them in
        {Configurations.RecordsDirectory}.

          redis-cli -p 6380 set hello world       try it
          redis-cli -p 6381 set event clicked     a record
          {Program} run -c keyway.yml{new string(' ', Math.Max(1, 22 - Program.Length))}your servers, for instance with this file:

            pools:
              cache:
                listen: 127.0.0.1:6380
                servers: [127.0.0.1:6379]

          {Program} --help{new string(' ', Math.Max(1, 33 - Program.Length))}everything else

        """;

    private readonly Option<string> _file = FileOption.Create(required: false);
    private readonly FromOption _from = new();
    private readonly Option<int?> _threads = new("--threads")
    {
        Description = $"Reactor threads, 1 to {KeywayConfig.MaxThreads}, instead of the file's; 0 takes one for each core, at most 4.",
        HelpName = "N",
        CustomParser = ParseThreads,
    };

    public RunCommand()
        : base("run", "Run the proxy; without a file, a cache in this process.")
    {
        Add(_file);
        Add(_from);
        Add(_threads);
        SetAction(parsed => (int)Run(parsed.GetValue(_file), parsed.GetValue(_from), parsed.GetValue(_threads)));
    }

    public string Examples => """
          keyway run -c keyway.yml
          keyway run -c /etc/nutcracker/nutcracker.yml --threads 1
          keyway run -c /etc/rmux.json
        """;

    /// <summary>Runs the built-in configuration, and says how to go on from there.</summary>
    public static ExitCode RunBuiltIn() => Run(file: null, from: null, threads: null);

    private static int? ParseThreads(ArgumentResult argument)
    {
        if (int.TryParse(argument.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads <= KeywayConfig.MaxThreads)
        {
            return threads;
        }

        argument.AddError($"--threads takes a number from 0 to {KeywayConfig.MaxThreads}.");
        return null;
    }

    private static ExitCode Run(string? file, ConfigFormat? from, int? threads)
    {
        KeywayConfig? config = file is null ? Configurations.BuiltIn() : Configurations.Load(file, from);
        return config is null
            ? ExitCode.BadConfiguration
            : ProxyHost.Run(config with { Threads = threads ?? config.Threads }, file is null ? Welcome : "");
    }
}
