namespace Keyway.Protocol.Hashing;

/// <summary>
/// A line of numbers from 0 on which each server owns as many neighbours as its weight: a list with every server repeated, without its memory.
/// </summary>
/// <remarks>Weights that sum to more than 2147483647 are halved (none below 1) until they do not, so that a 32-bit hash reaches every server.</remarks>
internal sealed class WeightSpans
{
    private readonly int[] _ends;

    internal WeightSpans(IEnumerable<int> weights)
    {
        int[] fitting = [.. weights];
        while (fitting.Sum(weight => (long)weight) > int.MaxValue)
        {
            fitting = [.. fitting.Select(weight => Math.Max(1, weight / 2))];
        }

        _ends = new int[fitting.Length];
        for (var i = 0; i < fitting.Length; i++)
        {
            Total += fitting[i];
            _ends[i] = Total;
        }
    }

    /// <summary>The sum of the weights: the first number that nobody owns.</summary>
    internal int Total { get; }

    /// <summary>The owner of a number, 0 to <see cref="Total"/> - 1.</summary>
    internal int OwnerOf(int number)
    {
        var low = 0;
        var high = _ends.Length - 1;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_ends[middle] > number)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
