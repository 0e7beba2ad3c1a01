using System.Globalization;

namespace Keyway.LoadBenchmarks.Short;

/// <summary><c>benchmarks/RESULTS-short.md</c>: figures with everything needed to get them again.</summary>
internal static class ShortResultsFile
{
    public static void Write(
        string path, IReadOnlyCollection<PageResult> results, IEnumerable<string> relays, LoadOptions options, IEnumerable<string> arguments) =>
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"""
            # Results: short-lived clients

            Written by `benchmarks/load {string.Join(' ', arguments)}` on {DateTime.UtcNow:yyyy-MM-dd}.

            {Machine.Describe()}

            A page opens a connection, sends its requests one after the other and closes. Pages run on CPU 1, {options.Pages} at a time; redis-server and Keyway
            (`threads: 1`) on CPU 0. Where a page has AUTH, the server demands a password, and so does Keyway of its clients. Keyway reaches the server by TCP.
            "loopback": the server is on the same machine. "remote": between the server and its client, which is the page or Keyway, is
            `Keyway.DelayRelay`, {PageFleet.Delay.TotalMilliseconds} ms each way and a round trip for a new connection, on CPU 1. Targets take turns within each round; medians of
            {options.Rounds} rounds of {options.Seconds} s, after {options.WarmUpSeconds} s of pages to warm up. CPU time is user and kernel.

            The relays' own precision: {string.Join("; ", relays)}.

            ## Keyway relative to a direct connection

            Each figure is the median of the rounds' ratios; "least to most" shows how far they lie apart. Below 1 is better.

            {ShortTables.Ratios(results)}
            ## Figures

            {ShortTables.Figures(results)}
            """).TrimEnd() + "\n");
}
