using System.Globalization;
using System.Text.RegularExpressions;

namespace Keyway.LoadBenchmarks;

/// <summary>Reads what redis-benchmark 7 prints when it is neither quiet nor asked for CSV: only that holds p99.9.</summary>
internal static partial class RedisBenchmarkOutput
{
    /// <summary>Throughput and latencies; the CPU time is the caller's to add.</summary>
    public static Sample Parse(string output)
    {
        // The first list goes from percentile to latency in finer and finer steps; a second one after it goes by latency.
        var start = output.IndexOf("Latency by percentile distribution:", StringComparison.Ordinal);
        var end = output.IndexOf("Cumulative distribution of latencies:", StringComparison.Ordinal);
        var throughput = ThroughputLine().Match(output);
        if (start < 0 || end < start || !throughput.Success)
        {
            throw new InvalidDataException("redis-benchmark printed no result:\n" + output);
        }

        var steps = PercentileLine().Matches(output[start..end])
            .Select(match => (Percent: Number(match.Groups["percent"]), Milliseconds: Number(match.Groups["latency"])))
            .ToArray();
        return new Sample(double.NaN, Number(throughput.Groups["rate"]), At(steps, 50), At(steps, 99), At(steps, 99.9));
    }

    // The step at or above the percentile: at most a quarter of a percent further out at p99.
    private static double At((double Percent, double Milliseconds)[] steps, double percent) =>
        steps.First(step => step.Percent >= percent).Milliseconds;

    private static double Number(Group group) => double.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<percent>[0-9.]+)% <= (?<latency>[0-9.]+) milliseconds", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex PercentileLine();

    [GeneratedRegex(@"throughput summary: (?<rate>[0-9.]+) requests per second", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex ThroughputLine();
}
