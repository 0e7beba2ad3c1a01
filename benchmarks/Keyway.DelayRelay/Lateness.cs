using System.Globalization;

namespace Keyway.DelayRelay;

/// <summary>How late after their time bytes were released: the relay's own precision.</summary>
internal sealed class Lateness
{
    // Steps of one microsecond; the last holds everything beyond.
    private readonly long[] _counts = new long[10_000];
    private long _count;
    private long _most;

    /// <summary>Counts one release that came so many nanoseconds after its time.</summary>
    public void Add(long nanoseconds)
    {
        _counts[Math.Min(nanoseconds / 1000, _counts.Length - 1)]++;
        _count++;
        _most = Math.Max(_most, nanoseconds);
    }

    /// <summary>One line for people.</summary>
    public string Describe() =>
        string.Create(CultureInfo.InvariantCulture, $"released {_count} times, late by p50 {Percentile(0.5)} us, p99 {Percentile(0.99)} us, most {_most / 1000} us");

    private int Percentile(double share)
    {
        var rest = (long)(_count * share);
        for (var i = 0; i < _counts.Length; i++)
        {
            rest -= _counts[i];
            if (rest < 0)
            {
                return i;
            }
        }

        return 0;
    }
}
