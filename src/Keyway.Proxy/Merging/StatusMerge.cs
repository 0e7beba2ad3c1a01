using System.Buffers;

namespace Keyway.Proxy.Merging;

/// <summary>Statuses to one: MSET, FLUSHALL, FLUSHDB, SCRIPT FLUSH, CONFIG SET.</summary>
public static class StatusMerge
{
    /// <summary>Writes <c>+OK</c> if every part is that, or the first error among the parts.</summary>
    /// <returns>False, and nothing is written, if a part is another reply or not whole.</returns>
    public static bool TryMerge<TParts>(TParts parts, IBufferWriter<byte> output)
        where TParts : IReplyParts, allows ref struct
    {
        if (PartFrames.Settle(parts, output) is { } settled)
        {
            return settled;
        }

        for (var i = 0; i < parts.Count; i++)
        {
            if (!parts[i].SequenceEqual("+OK\r\n"u8))
            {
                return false;
            }
        }

        output.Write("+OK\r\n"u8);
        return true;
    }
}
