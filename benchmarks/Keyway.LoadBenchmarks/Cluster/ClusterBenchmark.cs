using System.Globalization;
using Keyway.Testing;

namespace Keyway.LoadBenchmarks.Cluster;

/// <summary>
/// What a cluster costs: the same load through a cluster's pool and through a sharded pool of as many servers; and MGET of keys of many slots through Keyway beside
/// the same GETs, pipelined, through redis-py's client for clusters.
/// </summary>
internal static class ClusterBenchmark
{
    private const int Nodes = 3;
    private const int ManyKeys = 30;

    /// <summary>How many workers ask for many keys at once: one by itself, and as many as share a CPU on a small host.</summary>
    private static readonly int[] Workers = [1, 4, 8];

    /// <summary>The most CPU time per request that counts as good enough, relative to the sharded pool.</summary>
    public const double CpuBar = 1.1;

    /// <summary>The most time of an MGET that counts as good enough, relative to redis-py's pipeline.</summary>
    public const double TimeBar = 0.4;

    private static readonly RedisScenario[] Loads =
    [
        new("get", "GET", Nodes, 1, ["GET", "key:__rand_int__"], CpuBar),
        new("get-p16", "GET, pipeline of 16", Nodes, 16, ["GET", "key:__rand_int__"], CpuBar),
        new("set-p16", "SET, pipeline of 16", Nodes, 16, ["SET", "key:__rand_int__", RedisScenario.Value], CpuBar),
    ];

    /// <summary>Measures everything; gives lines of Markdown.</summary>
    public static string Run(LoadOptions options, Action<string> report)
    {
        (string? proxyCpus, string? loadCpus) = Machine.Cpus();
        using ClusterFleet fleet = new(Nodes, proxyCpus, options.Apart ? loadCpus : proxyCpus);
        List<string> lines = ["| load | sharded, CPU us/request | cluster, CPU us/request | ratio | least to most | bar | met |", "| --- | --- | --- | --- | --- | --- | --- |"];
        foreach (RedisScenario load in options.Quick ? Loads.Where(static load => load.Name is "get-p16") : Loads)
        {
            lines.Add(Compare(load, fleet, options, loadCpus, report));
        }

        lines.Add("");
        lines.Add($"| {ManyKeys} keys in {ManyKeys} slots of {Nodes} nodes | MGET through Keyway, us | pipelined GETs, cluster client, us | ratio | bar | met | application's CPU, us | ratio | MGET from one server, no proxy, us |");
        lines.Add("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (int workers in options.Quick ? [1] : Workers)
        {
            lines.Add(CompareMany(workers, fleet, options, loadCpus, report));
        }

        return string.Join('\n', lines);
    }

    private static string Compare(RedisScenario load, ClusterFleet fleet, LoadOptions options, string? cpus, Action<string> report)
    {
        Target[] targets = [fleet.Sharded, fleet.Cluster];
        long requests = 20_000;
        foreach (Target target in targets)
        {
            Sample first = LoadGenerator.Run(load, target.Port, requests: 20_000, cpus);
            Sample warm = LoadGenerator.Run(load, target.Port, Math.Max(20_000, (long)(first.RequestsPerSecond * options.WarmUpSeconds)), cpus);
            requests = Math.Max(requests, (long)(warm.RequestsPerSecond * options.Seconds));
        }

        List<double>[] costs = [[], []];
        for (int round = 1; round <= options.Rounds; round++)
        {
            // Every other round goes backwards: a machine that gets busier must not favour whoever comes first.
            foreach (int which in round % 2 == 1 ? new[] { 0, 1 } : [1, 0])
            {
                Sample sample = targets[which].Measure(load, requests, cpus);
                costs[which].Add(sample.CpuMicroseconds);
                report(string.Create(CultureInfo.InvariantCulture, $"{load.Name,-8} round {round} {targets[which].Name,-8} {sample.CpuMicroseconds:F3} us  {sample.RequestsPerSecond:F0}/s  p99 {sample.P99:F3} ms"));
            }
        }

        double[] ratios = [.. costs[0].Zip(costs[1], static (sharded, cluster) => cluster / sharded)];
        double ratio = Sample.Median(ratios);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {load.Title} | {Sample.Median(costs[0]):F3} | {Sample.Median(costs[1]):F3} | {ratio:F2} | {ratios.Min():F2}-{ratios.Max():F2} | {load.CpuBar} | {Met(ratio, load.CpuBar)} |");
    }

    private static string CompareMany(int workers, ClusterFleet fleet, LoadOptions options, string? cpus, Action<string> report)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Cluster", "many_keys.py");
        string[] arguments =
        [
            script, $"{fleet.Cluster.Port}", $"{fleet.NodePort}", $"{fleet.ServerPort}", $"{ManyKeys}", $"{workers}",
            options.Seconds.ToString(CultureInfo.InvariantCulture), $"{options.Rounds}",
        ];
        using ChildProcess python = cpus is null
            ? ChildProcess.Start("/usr/bin/python3", arguments)
            : ChildProcess.Start("taskset", ["-c", cpus, "/usr/bin/python3", .. arguments]);
        if (!python.WaitForExit(TimeSpan.FromMinutes(3)) || python.ExitCode != 0)
        {
            throw new InvalidDataException($"{script} failed:\n{python.Log}");
        }

        report($"{workers} worker(s): {python.Log.TrimEnd()}");
        double[] figures = [.. python.Log.Split('\n')[^2].Split(' ').Select(static word => double.Parse(word, CultureInfo.InvariantCulture))];
        double ratio = figures[0] / figures[2];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {workers} worker{(workers == 1 ? "" : "s")} | {figures[0]:F0} | {figures[2]:F0} | {ratio:F2} | {TimeBar} | {Met(ratio, TimeBar)} | {figures[1]:F0} and {figures[3]:F0} | {figures[1] / figures[3]:F2} | {figures[4]:F0} |");
    }

    private static string Met(double ratio, double bar) => ratio <= bar ? "yes" : "no";
}
