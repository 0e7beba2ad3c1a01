using System.Buffers;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Merging;

/// <summary>One RANDOMKEY of several servers', each with a chance that grows with its number of keys, so that every key has the same.</summary>
public static class RandomKeyMerge
{
    /// <summary>Writes one of the parts as it is: a key, null if all are null, or the first error among the parts or sizes.</summary>
    /// <param name="parts">The replies to RANDOMKEY.</param>
    /// <param name="sizes">The replies to DBSIZE of the same servers. A server that has a key counts for at least 1.</param>
    /// <param name="random">Source of the choice.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <returns>False, and nothing is written, if a part is no string or null, a size is no integer, their counts differ, or one is not whole.</returns>
    public static bool TryMerge<TParts, TSizes>(TParts parts, TSizes sizes, Random random, IBufferWriter<byte> output)
        where TParts : IReplyParts, allows ref struct
        where TSizes : IReplyParts, allows ref struct
    {
        if (parts.Count != sizes.Count || !PartFrames.AreWhole(parts) || !PartFrames.AreWhole(sizes))
        {
            return false;
        }

        if (PartFrames.TryForwardError(parts, output) || PartFrames.TryForwardError(sizes, output))
        {
            return true;
        }

        var chosen = 0;
        double total = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            if (!TryReadWeight(parts[i], sizes[i], out var weight))
            {
                return false;
            }

            // Each takes the place of the one before with the share it has of the weights so far: in the end all have their share of the total.
            total += weight;
            if (random.NextDouble() * total < weight)
            {
                chosen = i;
            }
        }

        output.Write(parts[chosen]);
        return true;
    }

    /// <summary>A part's keys, 0 if it is null.</summary>
    private static bool TryReadWeight(ReadOnlySpan<byte> part, ReadOnlySpan<byte> size, out long weight)
    {
        var key = new RespReader(part);
        var count = new RespReader(size);
        weight = 0;
        if (!key.TryReadNext() || key.Type is not (RespType.BulkString or RespType.Null)
            || !count.TryReadNext() || count.Type != RespType.Integer || !count.TryGetInt64(out var keys))
        {
            return false;
        }

        weight = key.IsNull ? 0 : Math.Max(1, keys);
        return true;
    }
}
