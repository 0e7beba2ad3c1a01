using System.Buffers;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Merging;

/// <summary>The first of answers that are all alike: SCRIPT LOAD, FUNCTION LOAD, TIME.</summary>
public static class FirstMerge
{
    /// <summary>Writes the first part as it is, or the first error among the parts.</summary>
    /// <returns>False, and nothing is written, if the parts are not all of one type or one is not whole.</returns>
    public static bool TryMerge<TParts>(TParts parts, IBufferWriter<byte> output)
        where TParts : IReplyParts, allows ref struct
    {
        if (PartFrames.Settle(parts, output) is { } settled)
        {
            return settled;
        }

        var first = TypeOf(parts[0]);
        for (var i = 1; i < parts.Count; i++)
        {
            if (TypeOf(parts[i]) != first)
            {
                return false;
            }
        }

        output.Write(parts[0]);
        return true;
    }

    private static RespType TypeOf(ReadOnlySpan<byte> frame)
    {
        var reader = new RespReader(frame);
        return reader.TryReadNext() ? reader.Type : RespType.None;
    }
}
