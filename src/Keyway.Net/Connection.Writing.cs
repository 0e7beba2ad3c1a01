using Keyway.Net.Buffers;
using Keyway.Net.Polling;

namespace Keyway.Net;

/// <content>Sending: once a wake-up, and to a peer in this process.</content>
public abstract partial class Connection
{
    private IByteService? _local;
    private OutputBuffer? _answers; // of the local service; those that came while reading is paused stay here
    private bool _flushQueued;

    /// <summary>Has <see cref="Out"/> sent at the end of this wake-up.</summary>
    public void QueueFlush()
    {
        if (!_flushQueued)
        {
            _flushQueued = true;
            Reactor.QueueFlush(this);
        }
    }

    /// <summary>Half-closes towards the peer.</summary>
    protected void ShutdownWrite() => _socket?.ShutdownWrite();

    internal void Flush()
    {
        _flushQueued = false;
        if (_state != State.Open || _writeBlocked || Out.IsEmpty)
        {
            return;
        }

        if (_local is not null)
        {
            FlushToLocal();
            return;
        }

        Send();
    }

    private void Send()
    {
        do
        {
            int count = _socket!.Send(Out);
            if (count == NetSocket.Failed)
            {
                Close(_socket.LastError);
                return;
            }

            if (count == NetSocket.WouldBlock)
            {
                _writeBlocked = true;
                break;
            }

            // A short count is not asked about again here: the next send says "would block" for the price of one call,
            // and that happens only to slow peers.
            Out.Consume(count);
        }
        while (!Out.IsEmpty);

        UpdateInterest();
        OnSent();
    }

    private void FlushToLocal()
    {
        while (!Out.IsEmpty)
        {
            ReadOnlySpan<byte> piece = Out.FirstSpan;
            _local!.Process(piece, _answers!);
            Out.Consume(piece.Length);
        }

        // The answers may make us write again: then we are in the queue again.
        OnSent();
        OfferAnswers();
    }
}
