using System.Buffers;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Merging;

/// <summary>Arrays, sets or maps to one that holds what all of them hold, in the order of the parts: KEYS, PUBSUB CHANNELS.</summary>
public static class ConcatMerge
{
    /// <summary>Writes one aggregate of the parts' type, or the first error among the parts. Elements are copied as they are; doubles stay.</summary>
    /// <returns>False, and nothing is written, if the parts are not all arrays, all sets or all maps, or one is null or not whole.</returns>
    public static bool TryMerge<TParts>(TParts parts, IBufferWriter<byte> output)
        where TParts : IReplyParts, allows ref struct
    {
        if (PartFrames.Settle(parts, output) is { } settled)
        {
            return settled;
        }

        long total = 0;
        var common = RespType.None;
        for (var i = 0; i < parts.Count; i++)
        {
            if (!PartFrames.TryReadAggregate(parts[i], out var type, out var children, out _)
                || (common != RespType.None && type != common))
            {
                return false;
            }

            common = type;
            total += children;
        }

        if (common == RespType.Push)
        {
            return false;
        }

        WriteHeader(output, common, total);
        for (var i = 0; i < parts.Count; i++)
        {
            PartFrames.TryReadAggregate(parts[i], out _, out _, out var body);
            output.Write(body);
        }

        return true;
    }

    private static void WriteHeader(IBufferWriter<byte> output, RespType type, long children)
    {
        var target = output.GetSpan(RespWriter.MaxHeader);
        output.Advance(type switch
        {
            RespType.Map => RespWriter.WriteMapHeader(target, children / 2),
            RespType.Set => RespWriter.WriteSetHeader(target, children),
            _ => RespWriter.WriteArrayHeader(target, children),
        });
    }
}
