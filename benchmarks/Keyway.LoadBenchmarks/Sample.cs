namespace Keyway.LoadBenchmarks;

/// <summary>What one run of the load on one target gave.</summary>
/// <param name="CpuMicroseconds">CPU time of the proxy per request; not a number for a direct connection.</param>
/// <param name="RequestsPerSecond">Throughput.</param>
/// <param name="P50">Median latency in milliseconds.</param>
/// <param name="P99">99th percentile of latency in milliseconds.</param>
/// <param name="P999">99.9th percentile of latency in milliseconds.</param>
internal sealed record Sample(double CpuMicroseconds, double RequestsPerSecond, double P50, double P99, double P999)
{
    /// <summary>The median of each figure by itself.</summary>
    public static Sample MedianOf(IReadOnlyCollection<Sample> samples) => new(
        Median(samples.Select(sample => sample.CpuMicroseconds)),
        Median(samples.Select(sample => sample.RequestsPerSecond)),
        Median(samples.Select(sample => sample.P50)),
        Median(samples.Select(sample => sample.P99)),
        Median(samples.Select(sample => sample.P999)));

    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
