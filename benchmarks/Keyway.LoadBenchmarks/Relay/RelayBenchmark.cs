using System.Diagnostics;
using System.Globalization;
using System.Text;
using Keyway.Testing;

namespace Keyway.LoadBenchmarks.Relay;

/// <summary>
/// Records into a relay and out to a Firehose-compatible server: how many are accepted and delivered a second, and what each costs. Every figure is the
/// median of the rounds; the levels of acknowledgement take turns.
/// </summary>
internal static class RelayBenchmark
{
    private const string Region = "us-east-1";
    private const string Stream = "events";
    private const double MostBytesInAStep = 200e6;
    private static readonly TimeSpan DeliveryLimit = TimeSpan.FromMinutes(5);

    /// <summary>Measures all; returns the table as Markdown.</summary>
    public static string Run(LoadOptions options, Action<string> report)
    {
        (string? proxyCpus, string? loadCpus) = Machine.Cpus();
        string directory = Directory.CreateTempSubdirectory("keyway-relay-").FullName;
        Stack<IDisposable> parts = new();
        try
        {
            FirehoseProcess service = FirehoseProcess.Start(loadCpus, Region, Stream);
            parts.Push(service);
            Dictionary<string, (KeywayProcess Keyway, int Port)> relays = [];
            foreach (string level in RelayScenario.All.Select(static scenario => scenario.Acknowledge).Distinct())
            {
                int port = FreePorts.Next();
                KeywayProcess keyway = KeywayProcess.StartOn(proxyCpus, FirehoseProcess.Environment, Config(port, service, level, directory));
                parts.Push(keyway);
                relays.Add(level, (keyway, port));
            }

            Dictionary<RelayScenario, List<RelaySample>> samples = RelayScenario.All.ToDictionary(static scenario => scenario, static _ => new List<RelaySample>());
            for (int round = 1; round <= options.Rounds; round++)
            {
                foreach (RelayScenario scenario in round % 2 == 1 ? RelayScenario.All : RelayScenario.All.Reverse())
                {
                    (KeywayProcess keyway, int port) = relays[scenario.Acknowledge];
                    RelaySample sample = Measure(scenario, keyway, port, options.Seconds, loadCpus);
                    samples[scenario].Add(sample);
                    report(string.Create(CultureInfo.InvariantCulture, $"round {round} {scenario,-36} {sample.AcceptedPerSecond,8:F0} accepted/s {sample.DeliveredPerSecond,8:F0} delivered/s {sample.CpuMicroseconds,6:F2} us p99 {sample.P99:F2} ms"));
                }
            }

            return Table(samples);
        }
        finally
        {
            while (parts.TryPop(out IDisposable? part))
            {
                part.Dispose();
            }

            Directory.Delete(directory, recursive: true);
        }
    }

    private static RelaySample Measure(RelayScenario scenario, KeywayProcess keyway, int port, double seconds, string? cpus)
    {
        RedisScenario load = new("relay", scenario.ToString(), 1, scenario.Pipeline, ["SET", "event", new string('x', scenario.Bytes)], CpuBar: 0);

        // A short run tells how many requests the time takes.
        long requests = Scenario.Clients * 20;
        Sample probe = load.Run(port, requests, cpus);
        requests = (long)Math.Clamp(probe.RequestsPerSecond * seconds, requests, MostBytesInAStep / scenario.Bytes);
        WaitUntilDelivered(port);

        long cpu = keyway.Process.CpuNanoseconds;
        long start = Stopwatch.GetTimestamp();
        Sample sample = load.Run(port, requests, cpus);
        WaitUntilDelivered(port);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new RelaySample(sample.RequestsPerSecond, requests / elapsed, (keyway.Process.CpuNanoseconds - cpu) / 1000.0 / requests, sample.P99);
    }

    private static void WaitUntilDelivered(int port)
    {
        using RespClient client = RespClient.Connect(port);
        long start = Stopwatch.GetTimestamp();
        while (client.Call("INFO", "keyway").Text is { } info && !info.Contains("relay_pending:0\r", StringComparison.Ordinal))
        {
            if (Stopwatch.GetElapsedTime(start) > DeliveryLimit)
            {
                throw new TimeoutException($"The relay has not delivered everything:\n{info}");
            }

            Thread.Sleep(5);
        }
    }

    private static string Table(Dictionary<RelayScenario, List<RelaySample>> samples)
    {
        StringBuilder table = new();
        table.Append("| value | pipeline | acknowledge | accepted/s | p99 of the answer, ms | delivered/s | CPU of Keyway, us for each record |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        foreach ((RelayScenario scenario, List<RelaySample> runs) in samples)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {scenario.Bytes} | {scenario.Pipeline} | {scenario.Acknowledge} ");
            table.Append(CultureInfo.InvariantCulture, $"| {Sample.Median(runs.Select(static run => run.AcceptedPerSecond)):F0} | {Sample.Median(runs.Select(static run => run.P99)):F2} ");
            table.Append(CultureInfo.InvariantCulture, $"| {Sample.Median(runs.Select(static run => run.DeliveredPerSecond)):F0} | {Sample.Median(runs.Select(static run => run.CpuMicroseconds)):F2} |\n");
        }

        return table.ToString();
    }

    private static string Config(int port, FirehoseProcess service, string level, string directory) => $"""
        threads: 1
        pools:
          events:
            protocol: firehose
            listen: 127.0.0.1:{port}
            stream: {Stream}
            region: {Region}
            endpoint: {service.Endpoint}
            linger: 100ms
            acknowledge: {level}
            {(level == "memory" ? "" : $"journal_dir: {Path.Combine(directory, level)}")}
        """;
}
