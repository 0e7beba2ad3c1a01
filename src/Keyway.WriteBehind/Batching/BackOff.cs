using Keyway.Proxy.Configuration;

namespace Keyway.WriteBehind.Batching;

/// <summary>How long to wait after failures: exponential with full jitter, so that many relays do not come back together.</summary>
internal sealed class BackOff(BatchConfig config, Random random)
{
    private const int MostDoublings = 40;

    /// <summary>A wait after so many failures in a row, from 1: anything up to retry_min, twice that, and so on up to retry_max.</summary>
    internal TimeSpan After(int failures)
    {
        double most = Math.Min(config.RetryMax.TotalSeconds, config.RetryMin.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, MostDoublings)));
        return TimeSpan.FromSeconds(most * (1 - random.NextDouble()));
    }
}
