using Keyway.Protocol.Memcached;

namespace Keyway.Proxy.Memcached;

/// <content>
/// Gets whose keys are known: a value of another is no reply of theirs. One reply for several gets of a client (<see cref="MemcachedAnswer.Joined"/>) gives each its own value, and an END.
/// </content>
internal sealed partial class MemcachedServerConnection
{
    private const int SmallValue = 1024; // bytes up to which a value and END are put together

    private long _valueLeft; // bytes of the value that has begun, with its CRLF
    private bool _hasValue; // the last request of those joined has its value

    /// <summary>The keys of the gets of one key that are under way, joined or not, in their order.</summary>
    internal KeyQueue Keys { get; } = new();

    private bool IsHeadLast => Head!.Expected == (byte)MemcachedAnswer.JoinedLast;

    /// <summary>Whether a get of one key may have a reply with that piece.</summary>
    private bool IsOfItsKey(ReadOnlySpan<byte> piece, bool isLast)
    {
        ReadOnlySpan<byte> head = "VALUE "u8;
        ReadOnlySpan<byte> key = Keys.First;

        // The line of a value is whole in the first piece, and a blank is behind its key.
        bool isOfItsKey = _isBegun || !piece.StartsWith(head) || (piece[head.Length..].StartsWith(key) && piece[head.Length + key.Length] == ' ');
        if (isLast)
        {
            Keys.Dequeue();
        }

        return isOfItsKey;
    }

    // The piece is made of whole lines and of data in any pieces; it ends at the latest with the reply.
    private void OnJoined(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty && !IsClosed)
        {
            if (_valueLeft > 0)
            {
                int count = (int)Math.Min(_valueLeft, piece.Length);
                _valueLeft -= count;
                DeliverPiece(piece[..count], isLast: false);
                piece = piece[count..];
                EndValue();
                continue;
            }

            int line = piece.IndexOf((byte)'\n') + 1;
            if (!MemcachedReplies.TryReadValueLine(piece[..(line - 2)], out ReadOnlySpan<byte> key, out int data))
            {
                EndJoined(piece[..line]);
                return;
            }

            if (!FindOwner(key))
            {
                Close("values came that nobody asked for");
                return;
            }

            int whole = line + data + 2;
            if (whole <= SmallValue && whole <= piece.Length && !IsHeadLast)
            {
                DeliverSmall(piece[..whole]);
                piece = piece[whole..];
                continue;
            }

            DeliverPiece(piece[..line], isLast: false);
            _valueLeft = data + 2L;
            piece = piece[line..];
        }
    }

    /// <summary>Goes on to the request of the key; those before it have no value.</summary>
    private bool FindOwner(ReadOnlySpan<byte> key)
    {
        while (!_hasValue && !key.SequenceEqual(Keys.First))
        {
            if (IsHeadLast)
            {
                return false;
            }

            EndOne("END\r\n"u8);
        }

        return !_hasValue;
    }

    private void DeliverSmall(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> end = "END\r\n"u8;
        Span<byte> reply = stackalloc byte[SmallValue + end.Length];
        value.CopyTo(reply);
        end.CopyTo(reply[value.Length..]);
        EndOne(reply[..(value.Length + end.Length)]);
    }

    private void EndValue()
    {
        if (_valueLeft > 0)
        {
            return;
        }

        if (IsHeadLast)
        {
            // Its END is the one that comes.
            _hasValue = true;
        }
        else
        {
            EndOne("END\r\n"u8);
        }
    }

    /// <summary>END or an error: the last line of the replies to all that are left.</summary>
    private void EndJoined(ReadOnlySpan<byte> line)
    {
        while (!IsHeadLast)
        {
            EndOne(line);
        }

        _hasValue = false;
        EndOne(line);
    }

    private void EndOne(ReadOnlySpan<byte> rest)
    {
        Keys.Dequeue();
        DeliverPiece(rest, isLast: true);
    }
}
