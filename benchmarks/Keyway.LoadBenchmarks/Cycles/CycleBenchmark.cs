using System.Globalization;
using System.Text;
using Keyway.Testing;

namespace Keyway.LoadBenchmarks.Cycles;

/// <summary>
/// Scripts that write much, before a server half a millisecond away in each direction: directly, in sync mode, and in smart mode with each level of
/// acknowledgement. Every figure is the median of the rounds.
/// </summary>
internal static class CycleBenchmark
{
    private const int Cycles = 1000;
    private const int QuickCycles = 50;

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(0.5);
    private static readonly (bool WithGets, int Processes)[] Runs = [(false, 1), (false, 2), (true, 1), (true, 2)];

    /// <summary>Measures all; returns the table as Markdown.</summary>
    public static string Run(LoadOptions options, Action<string> report)
    {
        (string? proxyCpus, string? loadCpus) = Machine.Cpus();
        string directory = Directory.CreateTempSubdirectory("keyway-cycles-").FullName;
        Stack<IDisposable> parts = new();
        try
        {
            RedisProcess server = RedisProcess.StartOn(loadCpus, port: null);
            parts.Push(server);
            DelayRelayProcess relay = DelayRelayProcess.Start(server.Address, Delay, loadCpus);
            parts.Push(relay);
            List<CycleTarget> targets = [new CycleTarget("direct", relay.Port, null)];
            foreach (string level in new[] { "sync", "memory", "disk", "fsync" })
            {
                int port = FreePorts.Next();
                KeywayProcess keyway = KeywayProcess.StartOn(proxyCpus, Config(port, relay.Address, level, directory));
                parts.Push(keyway);
                targets.Add(new CycleTarget(level == "sync" ? "sync" : "smart, " + level, port, keyway));
            }

            return Measure(targets, options, report);
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

    private static string Measure(List<CycleTarget> targets, LoadOptions options, Action<string> report)
    {
        int cycles = options.Quick ? QuickCycles : Cycles;
        targets.ForEach(target => target.Measure(withGets: true, processes: 1, cycles));
        Dictionary<(CycleTarget Target, int Run), List<CycleSample>> samples = [];
        for (int round = 1; round <= options.Rounds; round++)
        {
            for (int run = 0; run < Runs.Length; run++)
            {
                // Every other round goes backwards: a machine that gets busier must not favour whoever comes first.
                foreach (CycleTarget target in round % 2 == 1 ? targets : Enumerable.Reverse(targets))
                {
                    CycleSample sample = target.Measure(Runs[run].WithGets, Runs[run].Processes, cycles);
                    samples.TryAdd((target, run), []);
                    samples[(target, run)].Add(sample);
                    report(string.Create(CultureInfo.InvariantCulture,
                        $"round {round} {(Runs[run].WithGets ? "gets" : "writes"),-6} {Runs[run].Processes} process(es) {target.Name,-14} {sample.Seconds:F3} s  keyway {sample.Microseconds:F1} us/request"));
                }
            }
        }

        StringBuilder table = new();
        table.Append(CultureInfo.InvariantCulture, $"Seconds for {cycles} cycles of 4 writes, with and without a GET; in brackets how often as fast as direct.\n\n");
        table.Append("| | writes, 1 process | writes, 2 processes | with GET, 1 process | with GET, 2 processes | CPU of Keyway, us for each write |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (CycleTarget target in targets)
        {
            table.Append("| ").Append(target.Name);
            for (int run = 0; run < Runs.Length; run++)
            {
                double seconds = Median(samples[(target, run)], static sample => sample.Seconds);
                double direct = Median(samples[(targets[0], run)], static sample => sample.Seconds);
                table.Append(CultureInfo.InvariantCulture, $" | {seconds:F3} ({direct / seconds:F1}x)");
            }

            double cpu = Median(samples[(target, 0)], static sample => sample.Microseconds);
            table.Append(CultureInfo.InvariantCulture, $" | {(double.IsNaN(cpu) ? "" : cpu.ToString("F1", CultureInfo.InvariantCulture))} |\n");
        }

        return table.Append('\n').Append(Bars(targets, samples)).ToString();
    }

    private static StringBuilder Bars(List<CycleTarget> targets, Dictionary<(CycleTarget Target, int Run), List<CycleSample>> samples)
    {
        StringBuilder table = new("| load | target | as fast as direct | least to most | bar | met |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach ((int run, string name, double bar) in CycleBars.All)
        {
            CycleTarget target = targets.Single(candidate => candidate.Name == name);
            double[] ratios = [.. samples[(targets[0], run)].Zip(samples[(target, run)], static (direct, through) => direct.Seconds / through.Seconds)];
            double ratio = Sample.Median(ratios);
            table.Append(CultureInfo.InvariantCulture,
                $"| {(Runs[run].WithGets ? "with GET" : "writes")}, {Runs[run].Processes} process(es) | {name} | {ratio:F1}x | {ratios.Min():F1}-{ratios.Max():F1} | {bar:F0}x | {(ratio >= bar ? "yes" : "no")} |\n");
        }

        return table;
    }

    private static double Median(List<CycleSample> samples, Func<CycleSample, double> figure)
    {
        double[] sorted = [.. samples.Select(figure).Order()];
        return sorted[sorted.Length / 2];
    }

    private static string Config(int port, string server, string level, string directory) => $"""
        threads: 1
        pools:
          pool:
            listen: 127.0.0.1:{port}
            servers: [{server}]
            preconnect: true
        {(level == "sync" ? "" : $"    mode: smart\n    acknowledge: {level}\n    journal_dir: {Path.Combine(directory, level)}\n")}
        """;
}
