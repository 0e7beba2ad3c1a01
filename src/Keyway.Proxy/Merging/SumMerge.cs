using System.Buffers;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Merging;

/// <summary>Integers to their sum: DEL, UNLINK, TOUCH, EXISTS, DBSIZE, PUBLISH.</summary>
public static class SumMerge
{
    /// <summary>Writes <c>:sum</c>, or the first error among the parts.</summary>
    /// <returns>False, and nothing is written, if a part is no integer or not whole, or the sum exceeds 64 bits.</returns>
    public static bool TryMerge<TParts>(TParts parts, IBufferWriter<byte> output)
        where TParts : IReplyParts, allows ref struct
    {
        if (PartFrames.Settle(parts, output) is { } settled)
        {
            return settled;
        }

        Int128 sum = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            var reader = new RespReader(parts[i]);
            if (!reader.TryReadNext() || reader.Type != RespType.Integer || !reader.TryGetInt64(out var value))
            {
                return false;
            }

            sum += value;
        }

        if (sum < long.MinValue || sum > long.MaxValue)
        {
            return false;
        }

        output.Advance(RespWriter.WriteInteger(output.GetSpan(RespWriter.MaxHeader), (long)sum));
        return true;
    }
}
