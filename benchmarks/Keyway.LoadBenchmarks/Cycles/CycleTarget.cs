using System.Globalization;
using Keyway.Testing;

namespace Keyway.LoadBenchmarks.Cycles;

/// <summary>Where the scripts connect.</summary>
/// <param name="Name">As the table names it.</param>
/// <param name="Port">On 127.0.0.1.</param>
/// <param name="Keyway">The proxy, whose CPU time counts, or null.</param>
internal sealed record CycleTarget(string Name, int Port, KeywayProcess? Keyway)
{
    private const int RequestsInWrites = 4;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a script in so many processes at a time; the slowest counts.</summary>
    public CycleSample Measure(bool withGets, int processes, int cycles)
    {
        long before = Keyway?.Process.CpuNanoseconds ?? 0;
        ChildProcess[] scripts = [.. Enumerable.Range(0, processes).Select(i => ChildProcess.Start(
            "php",
            [Path.Combine(AppContext.BaseDirectory, "cycles.php"), "127.0.0.1", $"{Port}", $"{cycles}", withGets ? "gets" : "writes", $"p{i}"]))];
        double slowest = 0;
        foreach (ChildProcess script in scripts)
        {
            using (script)
            {
                if (!script.WaitForExit(Limit) || script.ExitCode != 0)
                {
                    throw new InvalidOperationException($"The script failed: {script.Log}");
                }

                slowest = Math.Max(slowest, double.Parse(script.Log, CultureInfo.InvariantCulture));
            }
        }

        Drain();
        double requests = (double)cycles * processes * (RequestsInWrites + (withGets ? 1 : 0));
        return new CycleSample(slowest, Keyway is null ? double.NaN : (Keyway.Process.CpuNanoseconds - before) / 1000.0 / requests);
    }

    /// <summary>What was answered early is delivered before the next measurement, and its CPU time counts.</summary>
    private void Drain()
    {
        if (Keyway is null)
        {
            return;
        }

        using RespClient client = RespClient.Connect(Port);
        while (client.Call("INFO", "keyway").Text is { } info
            && info.Contains("keyway_early_pending:", StringComparison.Ordinal) && !info.Contains("keyway_early_pending:0\r", StringComparison.Ordinal))
        {
            Thread.Sleep(5);
        }
    }
}
