using System.Globalization;

namespace Keyway.LoadBenchmarks.Cluster;

/// <summary><c>benchmarks/RESULTS-cluster.md</c>: figures with everything needed to get them again.</summary>
internal static class ClusterResultsFile
{
    public static void Write(string path, string tables, LoadOptions options, IEnumerable<string> arguments) =>
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"""
            # Results: Redis Cluster

            Written by `benchmarks/load {string.Join(' ', arguments)}` on {DateTime.UtcNow:yyyy-MM-dd}.

            {Machine.Describe()}

            What the cluster costs: the same load (redis-benchmark, {Scenario.Clients} connections, CPU 1) through Keyway (`threads: 1`, CPU 0) before a cluster, and before as many
            independent servers. The nodes and servers are on CPU {(options.Apart ? 1 : 0)}. Pools take turns within each round; medians of {options.Rounds} rounds of {options.Seconds} s; the
            ratio is the median of the rounds' ratios. Below 1 is better.

            Many keys: workers in Python (redis-py with hiredis, all on CPU 1) ask Keyway by one MGET, and the nodes themselves by a pipeline of GETs of `RedisCluster`; the time is that of
            one call of one worker. The last column is one server by itself, asked directly: for one worker, the least that any way can take.

            {tables}
            """).TrimEnd() + "\n");
}
