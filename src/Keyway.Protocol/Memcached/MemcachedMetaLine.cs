using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Memcached;

/// <summary>Lines of the meta commands. Wrong flags are left to the server, whose error is one line; what decides where its answer ends is not.</summary>
internal static class MemcachedMetaLine
{
    private const int MostMetaSetWords = 19; // 16 flags

    /// <summary>Finds what is wrong with the line, and the flags that matter to a proxy.</summary>
    internal static MemcachedError Check(ReadOnlySpan<byte> line, MemcachedRequest request)
    {
        RequestArgs words = request.Words;
        if (words.Count < 2 || MemcachedLine.IsKeyTooLong(request))
        {
            return MemcachedError.BadLine;
        }

        if (request.Command!.Action != MemcachedAction.MetaSet)
        {
            return ReadFlags(line, request, 2);
        }

        // When a server finds one of these wrong it does not skip the data block, which would then be taken for commands.
        if (words.Count == 2)
        {
            return MemcachedError.BadLine;
        }

        if (words.Count > MostMetaSetWords)
        {
            return MemcachedError.TooManyFlags;
        }

        ReadOnlySpan<byte> bytes = words.Get(line, 2);
        if (!MemcachedLine.TryReadLength(bytes, request))
        {
            return MemcachedError.BadLine;
        }

        request.IsPlain &= MemcachedNumber.IsPlain(bytes);
        return ReadFlags(line, request, 3);
    }

    private static MemcachedError ReadFlags(ReadOnlySpan<byte> line, MemcachedRequest request, int first)
    {
        RequestArgs words = request.Words;
        for (int i = first; i < words.Count; i++)
        {
            switch (line[words.Start(i)])
            {
                case (byte)'q' when request.QuietWord > 0:
                    return MemcachedError.DuplicateFlag;
                case (byte)'q':
                    request.QuietWord = i;
                    request.IsPlain = false;
                    break;
                case (byte)'b':
                    request.IsKeyEncoded = true;
                    break;
                case (byte)'N':
                    request.IsVivifying = true;
                    break;
                default:
                    break;
            }
        }

        return MemcachedError.None;
    }
}
