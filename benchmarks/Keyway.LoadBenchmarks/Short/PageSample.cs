namespace Keyway.LoadBenchmarks.Short;

/// <summary>What one run of pages on one target gave.</summary>
/// <param name="PagesPerSecond">Throughput.</param>
/// <param name="P50">Median time of a page in milliseconds, from connecting to closing.</param>
/// <param name="P99">99th percentile of that.</param>
/// <param name="ServerMicroseconds">CPU time of redis-server per page.</param>
/// <param name="ProxyMicroseconds">CPU time of Keyway per page; not a number for a direct connection.</param>
internal sealed record PageSample(double PagesPerSecond, double P50, double P99, double ServerMicroseconds, double ProxyMicroseconds)
{
    /// <summary>The median of each figure by itself.</summary>
    public static PageSample MedianOf(IReadOnlyCollection<PageSample> samples) => new(
        Sample.Median(samples.Select(sample => sample.PagesPerSecond)),
        Sample.Median(samples.Select(sample => sample.P50)),
        Sample.Median(samples.Select(sample => sample.P99)),
        Sample.Median(samples.Select(sample => sample.ServerMicroseconds)),
        Sample.Median(samples.Select(sample => sample.ProxyMicroseconds)));
}
