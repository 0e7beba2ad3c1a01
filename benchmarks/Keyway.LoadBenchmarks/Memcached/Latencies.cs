using System.Diagnostics;
using System.Numerics;

namespace Keyway.LoadBenchmarks.Memcached;

/// <summary>A histogram of latencies, each kept to within a percent.</summary>
internal sealed class Latencies
{
    private const int StepBits = 7; // steps in each doubling
    private const int Steps = 1 << StepBits;

    private readonly long[] _counts = new long[64 * Steps];
    private long _total;

    /// <summary>Takes a latency, in ticks of <see cref="Stopwatch"/>.</summary>
    public void Add(long ticks)
    {
        _counts[IndexOf(ticks)]++;
        _total++;
    }

    /// <summary>What <paramref name="percent"/> of the latencies are at most, in milliseconds.</summary>
    public double At(double percent)
    {
        var wanted = (long)Math.Ceiling(_total * percent / 100);
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
            {
                return ValueOf(i) * 1000.0 / Stopwatch.Frequency;
            }
        }

        return double.NaN;
    }

    private static int IndexOf(long ticks)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)ticks) - StepBits);
        return (shift << StepBits) + (int)(ticks >> shift);
    }

    private static double ValueOf(int index)
    {
        // From the second doubling on, the leading bit of the value is part of what IndexOf added to the shift.
        var shift = Math.Max(0, (index >> StepBits) - 1);
        return (double)(index - (shift << StepBits)) * (1L << shift);
    }
}
