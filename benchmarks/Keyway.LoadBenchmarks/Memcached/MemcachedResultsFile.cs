using System.Globalization;

namespace Keyway.LoadBenchmarks.Memcached;

/// <summary><c>benchmarks/RESULTS-memcached.md</c>: figures with everything needed to get them again.</summary>
internal static class MemcachedResultsFile
{
    public static void Write(
        string path, IReadOnlyCollection<Result> results, IReadOnlyCollection<Result> reactors, LoadOptions options, IEnumerable<string> arguments) =>
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"""
            # Results: memcached

            Written by `benchmarks/load {string.Join(' ', arguments)}` on {DateTime.UtcNow:yyyy-MM-dd}.

            {Machine.Describe()}

            One reactor (`threads: 1`) against nutcracker's one thread, each on CPU 0 with the memcached servers (`-t 1`); the load on CPU 1. It comes from a
            generator of Keyway's own, one thread with {Scenario.Clients} clients that works as redis-benchmark does: a client sends its requests in one piece, and the next
            when the replies are there. Values of {Scenario.Value.Length} bytes, {Scenario.Keys} keys. Targets take turns within each round; medians of {options.Rounds} rounds of
            {options.Seconds} s, after {options.WarmUpSeconds} s of load each to warm up. CPU time is that of the proxy process, user and kernel. nutcracker runs with its default log
            level 5, as Debian's service does. "direct" is a connection to one server, also where the proxies have four. A get of 50 keys counts as 50 requests,
            but its latency is that of all of them. Machines differ: compare ratios, not figures.

            ## Keyway relative to nutcracker

            Each figure is the median of the rounds' ratios; "least to most" shows how far those of CPU time lie apart. Below 1 is better, but for
            throughput. The bar is Keyway's own, for CPU time per request.

            {ResultTables.Ratios(results)}
            ## Figures

            {ResultTables.Figures(results)}
            ## One reactor and two

            Proxy, servers and load run on whichever of the {Environment.ProcessorCount} CPUs is free: a second reactor gives more only where one is.

            {ReactorTable.Of(reactors)}
            """).TrimEnd() + "\n");
}
