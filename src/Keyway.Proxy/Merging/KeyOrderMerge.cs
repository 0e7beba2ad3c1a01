using System.Buffers;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Merging;

/// <summary>Arrays with one element a key to one array in the order of the client's keys: MGET.</summary>
public static class KeyOrderMerge
{
    /// <summary>Pools are seldom larger; beyond it the cursors are rented.</summary>
    private const int MaxStackParts = 128;

    /// <summary>Writes the array, or the first error among the parts. Elements, nulls among them, are copied as they are.</summary>
    /// <param name="parts">One array a server, its elements in the order of the keys that it was sent.</param>
    /// <param name="partOfKey">For each of the client's keys, the index of the part that answers it; repeated keys are repeated here.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <returns>False, and nothing is written, if a part is no array, has not as many elements as keys were sent to it, or is not whole.</returns>
    public static bool TryMerge<TParts>(TParts parts, ReadOnlySpan<int> partOfKey, IBufferWriter<byte> output)
        where TParts : IReplyParts, allows ref struct
    {
        if (PartFrames.Settle(parts, output) is { } settled)
        {
            return settled;
        }

        if (parts.Count <= MaxStackParts)
        {
            return TryMerge(parts, partOfKey, stackalloc int[parts.Count], output);
        }

        var rented = ArrayPool<int>.Shared.Rent(parts.Count);
        var merged = TryMerge(parts, partOfKey, rented.AsSpan(0, parts.Count), output);
        ArrayPool<int>.Shared.Return(rented);
        return merged;
    }

    private static bool TryMerge<TParts>(TParts parts, ReadOnlySpan<int> partOfKey, Span<int> cursors, IBufferWriter<byte> output)
        where TParts : IReplyParts, allows ref struct
    {
        if (!HaveAnElementAKey(parts, partOfKey, cursors))
        {
            return false;
        }

        PartFrames.WriteArrayHeader(output, partOfKey.Length);
        for (var part = 0; part < parts.Count; part++)
        {
            PartFrames.TryReadAggregate(parts[part], out _, out _, out var body);
            cursors[part] = parts[part].Length - body.Length;
        }

        foreach (var part in partOfKey)
        {
            var rest = parts[part][cursors[part]..];
            var element = rest[..PartFrames.ValueLength(rest)];
            output.Write(element);
            cursors[part] += element.Length;
        }

        return true;
    }

    private static bool HaveAnElementAKey<TParts>(TParts parts, ReadOnlySpan<int> partOfKey, Span<int> counts)
        where TParts : IReplyParts, allows ref struct
    {
        counts.Clear();
        foreach (var part in partOfKey)
        {
            if ((uint)part >= (uint)counts.Length)
            {
                return false;
            }

            counts[part]++;
        }

        for (var part = 0; part < parts.Count; part++)
        {
            if (!PartFrames.TryReadAggregate(parts[part], out var type, out var children, out _)
                || type != RespType.Array
                || children != counts[part])
            {
                return false;
            }
        }

        return true;
    }
}
