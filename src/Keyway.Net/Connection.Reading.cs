using Keyway.Net.Polling;

namespace Keyway.Net;

/// <content>Receiving, and the unfinished frame.</content>
public abstract partial class Connection
{
    private const int LeastRoom = 16 * 1024; // for an unfinished frame that has outgrown the scratch buffer

    private byte[]? _unfinished;
    private int _unfinishedLength;

    /// <summary>Bytes of an unfinished frame that are kept for this connection.</summary>
    protected int UnfinishedLength => _unfinishedLength;

    /// <summary>How many bytes the unfinished frame will have at least, where that is known: the buffer is made large enough once.</summary>
    protected virtual int ExpectedLength => 0;

    /// <summary>After <see cref="ResumeReading"/>: what was kept first, then what the socket has.</summary>
    internal void Resume()
    {
        if (_state != State.Open || _readPaused)
        {
            return;
        }

        if (_unfinishedLength > 0)
        {
            OfferUnfinished();
        }

        OfferAnswers();
        UpdateInterest();
    }

    private void Receive()
    {
        byte[] scratch = Reactor.Scratch;
        if (_unfinishedLength > scratch.Length / 2 || (_unfinishedLength > 0 && ExpectedLength > scratch.Length))
        {
            ReceiveBehindUnfinished();
            return;
        }

        // A short rest goes back to the front of the scratch buffer, so that the next receive is a full one.
        int kept = _unfinishedLength;
        if (kept > 0)
        {
            _unfinished.AsSpan(0, kept).CopyTo(scratch);
            DropUnfinished();
        }

        int count = _socket!.Receive(scratch, kept, scratch.Length - kept);
        if (count > 0)
        {
            int consumed = OnBytes(scratch.AsSpan(0, kept + count));
            if (consumed < kept + count && _state == State.Open)
            {
                Keep(scratch.AsSpan(consumed, kept + count - consumed));
            }
        }
        else
        {
            Keep(scratch.AsSpan(0, kept));
            OnNothingReceived(count);
        }
    }

    private void ReceiveBehindUnfinished()
    {
        EnsureRoom();
        int count = _socket!.Receive(_unfinished!, _unfinishedLength, _unfinished!.Length - _unfinishedLength);
        if (count > 0)
        {
            _unfinishedLength += count;
            OfferUnfinished();
        }
        else
        {
            OnNothingReceived(count);
        }
    }

    /// <summary>What a local service answered, piece by piece: one that ends inside a frame is kept and the next is put behind it.</summary>
    private void OfferAnswers()
    {
        while (_answers is { IsEmpty: false } && _state == State.Open && !_readPaused)
        {
            ReadOnlySpan<byte> piece = _answers.FirstSpan;
            if (_unfinishedLength == 0)
            {
                int consumed = OnBytes(piece);
                if (_state == State.Open)
                {
                    Keep(piece[consumed..]);
                    _answers.Consume(piece.Length);
                }
            }
            else
            {
                EnsureRoom();
                int count = Math.Min(piece.Length, _unfinished!.Length - _unfinishedLength);
                piece[..count].CopyTo(_unfinished.AsSpan(_unfinishedLength));
                _unfinishedLength += count;
                _answers.Consume(count);
                OfferUnfinished();
            }
        }
    }

    private void OnNothingReceived(int count)
    {
        if (count == NetSocket.Failed)
        {
            Close(_socket!.LastError);
        }
        else if (count == 0)
        {
            _endOfStream = true;
            UpdateInterest();
            OnEndOfStream();
        }
    }

    private void OfferUnfinished()
    {
        int length = _unfinishedLength;
        int consumed = OnBytes(_unfinished.AsSpan(0, length));
        if (_state != State.Open || consumed == 0)
        {
            return;
        }

        if (consumed == length)
        {
            DropUnfinished();
            return;
        }

        _unfinished.AsSpan(consumed, length - consumed).CopyTo(_unfinished);
        _unfinishedLength = length - consumed;
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            return;
        }

        _unfinished = Reactor.Buffers.RentArray(Math.Max(rest.Length, Math.Min(ExpectedLength, Array.MaxLength)));
        rest.CopyTo(_unfinished);
        _unfinishedLength = rest.Length;
    }

    private void EnsureRoom()
    {
        int wanted = ExpectedLength > _unfinishedLength ? ExpectedLength : _unfinishedLength + LeastRoom;
        if (_unfinished!.Length >= wanted)
        {
            return;
        }

        byte[] larger = Reactor.Buffers.RentArray(wanted);
        _unfinished.AsSpan(0, _unfinishedLength).CopyTo(larger);
        Reactor.Buffers.ReturnArray(_unfinished);
        _unfinished = larger;
    }

    private void DropUnfinished()
    {
        if (_unfinished is not null)
        {
            Reactor.Buffers.ReturnArray(_unfinished);
            _unfinished = null;
            _unfinishedLength = 0;
        }
    }
}
