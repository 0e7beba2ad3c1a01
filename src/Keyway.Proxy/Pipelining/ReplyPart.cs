using System.Buffers;
using Keyway.Net.Buffers;

namespace Keyway.Proxy.Pipelining;

/// <summary>The reply to one part of a command that went to several servers, as it is gathered.</summary>
internal sealed class ReplyPart(BufferPool buffers)
{
    private byte[]? _copy;

    /// <summary>What has come of the reply.</summary>
    internal OutputBuffer Reply { get; } = new(buffers);

    /// <summary>Where it comes from; null when there was no connection.</summary>
    internal ServerConnection? Connection { get; set; }

    /// <summary>The reply in one piece; only one of several segments (above 512 bytes or 16 KiB) is copied for it.</summary>
    internal ReadOnlySpan<byte> Whole()
    {
        int length = checked((int)Reply.Length);
        if (Reply.FirstSpan.Length == length)
        {
            return Reply.FirstSpan;
        }

        if (_copy is null)
        {
            _copy = ArrayPool<byte>.Shared.Rent(length);
            Reply.CopyTo(_copy);
        }

        return _copy.AsSpan(0, length);
    }

    /// <summary>Forgets the reply.</summary>
    internal void Clear()
    {
        Reply.Clear();
        Connection = null;
        if (_copy is not null)
        {
            ArrayPool<byte>.Shared.Return(_copy);
            _copy = null;
        }
    }
}
