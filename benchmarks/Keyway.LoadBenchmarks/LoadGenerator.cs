using System.Globalization;
using Keyway.Testing;

namespace Keyway.LoadBenchmarks;

/// <summary>redis-benchmark, the stranger that everyone trusts, as the source of load.</summary>
internal static class LoadGenerator
{
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(3);

    /// <summary>Sends so many requests of the scenario to a port and waits for the end.</summary>
    public static Sample Run(RedisScenario scenario, int port, long requests, string? cpus)
    {
        string[] command =
        [
            "redis-benchmark", "-h", "127.0.0.1", "-p", Text(port), "-c", Text(Scenario.Clients), "-n", Text(requests),
            "-r", Text(Scenario.Keys), "-P", Text(scenario.Pipeline), .. scenario.Command,
        ];
        using var process = cpus is null
            ? ChildProcess.Start(command[0], command[1..])
            : ChildProcess.Start("taskset", ["-c", cpus, .. command]);
        if (!process.WaitForExit(RunLimit))
        {
            throw new TimeoutException($"{scenario.Name} on port {port} did not end. Its output:\n{process.Log}");
        }

        if (process.Log.Contains("Error from server", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{scenario.Name} on port {port} got an error:\n{process.Log}");
        }

        return RedisBenchmarkOutput.Parse(process.Log);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
