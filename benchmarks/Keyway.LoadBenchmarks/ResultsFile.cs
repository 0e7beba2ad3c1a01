using System.Globalization;

namespace Keyway.LoadBenchmarks;

/// <summary><c>benchmarks/RESULTS.md</c>: figures with everything needed to get them again.</summary>
internal static class ResultsFile
{
    public static void Write(string path, IReadOnlyCollection<Result> results, LoadOptions options, IEnumerable<string> arguments) =>
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"""
            # Results

            Written by `benchmarks/load {string.Join(' ', arguments)}` on {DateTime.UtcNow:yyyy-MM-dd}.

            {Machine.Describe()}

            One reactor (`threads: 1`) against nutcracker's one thread, each on CPU 0; redis-benchmark on CPU 1; the Redis servers on CPU {(options.Apart ? 1 : 0)}.
            {Scenario.Clients} clients, values of {Scenario.Value.Length} bytes, {Scenario.Keys} keys. Targets take turns within each round; medians of
            {options.Rounds} rounds of {options.Seconds} s, after {options.WarmUpSeconds} s of load each to warm up. CPU time is that of the proxy process, user and kernel.
            nutcracker runs with its default log level 5, as Debian's service does; with `-v 4` it is cheaper (see docs/decisions/0003).
            "direct" is a connection to one server, also where the proxies have four. Machines differ: compare ratios, not figures.

            ## Keyway relative to nutcracker

            Each figure is the median of the rounds' ratios; "least to most" shows how far those of CPU time lie apart. Below 1 is better, but for
            throughput. The bar is Keyway's own, for CPU time per request.

            {ResultTables.Ratios(results)}
            ## Figures

            {ResultTables.Figures(results)}
            """).TrimEnd() + "\n");
}
