using System.Buffers;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Merging;

/// <summary>One reply that is no error: SCRIPT KILL succeeds where the script runs, and is refused by all other servers.</summary>
public static class AnyOneMerge
{
    /// <summary>Writes the first part that is no error, or the first error when all are.</summary>
    /// <returns>False, and nothing is written, if there is no part or one is not whole.</returns>
    public static bool TryMerge<TParts>(TParts parts, IBufferWriter<byte> output)
        where TParts : IReplyParts, allows ref struct
    {
        if (!PartFrames.AreWhole(parts))
        {
            return false;
        }

        int chosen = 0;
        for (int i = parts.Count - 1; i >= 0; i--)
        {
            RespReader reader = new(parts[i]);
            if (reader.TryReadNext() && !reader.IsError)
            {
                chosen = i;
            }
        }

        output.Write(parts[chosen]);
        return true;
    }
}
