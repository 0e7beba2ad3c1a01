using System.Globalization;

namespace Keyway.LoadBenchmarks.Relay;

/// <summary><c>benchmarks/RESULTS-relay.md</c>: figures with everything needed to get them again.</summary>
internal static class RelayResultsFile
{
    public static void Write(string path, string table, LoadOptions options, IEnumerable<string> arguments) =>
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"""
            # Results: records into a relay

            Written by `benchmarks/load {string.Join(' ', arguments)}` on {DateTime.UtcNow:yyyy-MM-dd}.

            {Machine.Describe()}

            redis-benchmark ({Scenario.Clients} connections, `SET event VALUE`) and the Firehose-compatible server of the tests share CPU 1; Keyway (`threads: 1`, `linger: 100ms`,
            everything else as it is by default) has CPU 0. "accepted" counts answers, "delivered" records until the service has accepted the last. CPU time is user and kernel,
            delivery included: signing, Base64 and HTTP are most of it. Levels take turns within each round; medians of {options.Rounds} rounds of about {options.Seconds} s.

            {table}
            """).TrimEnd() + "\n");
}
