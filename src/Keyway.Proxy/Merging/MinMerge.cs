using System.Buffers;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Merging;

/// <summary>Integers to the least of them: LASTSAVE of all servers is the oldest.</summary>
public static class MinMerge
{
    /// <summary>Writes the least integer, or the first error among the parts.</summary>
    /// <returns>False, and nothing is written, if there is no part, or one is no integer or not whole.</returns>
    public static bool TryMerge<TParts>(TParts parts, IBufferWriter<byte> output)
        where TParts : IReplyParts, allows ref struct
    {
        if (PartFrames.Settle(parts, output) is { } settled)
        {
            return settled;
        }

        long least = long.MaxValue;
        for (int i = 0; i < parts.Count; i++)
        {
            RespReader reader = new(parts[i]);
            if (!reader.TryReadNext() || reader.Type != RespType.Integer || !reader.TryGetInt64(out long value))
            {
                return false;
            }

            least = Math.Min(least, value);
        }

        output.Advance(RespWriter.WriteInteger(output.GetSpan(RespWriter.MaxHeader), least));
        return true;
    }
}
