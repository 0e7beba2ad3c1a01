using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Smart;

/// <content>
/// With a journal. What fits in memory goes to the server from there. When the backlog outgrows it (or an earlier process left one), the queue is spilled:
/// new writes go to the journal alone, and a reader brings them back in order. Just before it has caught up, no new ones are taken for a moment.
/// </content>
internal sealed partial class WriteQueue
{
    private const int Window = 4 << 20; // bytes in memory, beyond which writes stay in the journal

    private readonly int _window;
    private IWriteReader? _reader;
    private bool _isSpilled;
    private bool _isClosing; // spilled, and nothing is taken until the reader has caught up
    private bool _isReading;
    private bool _isGated; // writes of an earlier process go first, and another reactor delivers them
    private bool _isReplayer;
    private bool _isOldRead;
    private long _oldInMemory;
    private long _spilledFrom;
    private long _lastSpilled;
    private long _uncommittedSpills;
    private long _spills;
    private long _spillsWhenAsked;
    private bool _wasQuietWhenAsked;

    /// <summary>An earlier process left writes: the first reactor delivers them, before what comes now; the others wait for it.</summary>
    internal void BeginWithOld(bool isFirst)
    {
        _isSpilled = true;
        _isReplayer = isFirst;
        _isGated = !isFirst;
        ReadMore();
    }

    /// <summary>What an earlier process left has been delivered.</summary>
    internal void OpenGate()
    {
        _isGated = false;
        Pump();
    }

    /// <summary>The batch with a write of this queue has its numbers.</summary>
    /// <param name="number">The write's number here; -1 if only the journal has it.</param>
    /// <param name="sequence">Its number in the journal.</param>
    internal void OnCommitted(long number, long sequence)
    {
        if (number < 0)
        {
            _uncommittedSpills--;
            _lastSpilled = sequence;
            _spilledFrom = _spilledFrom < 0 ? sequence : _spilledFrom;
        }
        else if (number < _ring.First)
        {
            _smart.Complete(sequence);
        }
        else
        {
            _ring[number].Sequence = sequence;
            if (_ring[number].IsDone)
            {
                _smart.Complete(sequence);
            }
        }
    }

    private Offer AddKept(EarlyWrite write, ReadOnlySpan<byte> frame)
    {
        if (_isClosing)
        {
            return Offer.Later;
        }

        bool spills = _isSpilled || _bytes.Length > _window;
        switch (_smart.Keep(this, spills ? -1 : _ring.End, write, frame))
        {
            case WriteResult.Taken:
                break;
            case WriteResult.Full when _smart.Config.WhenFull == WhenFull.DropNewest:
                _smart.CountDropped(1, Label);
                return Offer.Dropped;
            case WriteResult.Full when _smart.Config.WhenFull == WhenFull.DropOldest:
                _smart.CountDropped(_smart.Journal!.DropOldest(), Label);
                return Offer.Later;
            case WriteResult.Full when _smart.Config.WhenFull == WhenFull.Wait:
            case WriteResult.Busy:
                return Offer.Later;
            default:
                return Offer.Refused;
        }

        if (!spills)
        {
            Append(write, frame);
            Pump();
            return Offer.Taken;
        }

        if (!_isSpilled)
        {
            _isSpilled = true;
            _spilledFrom = -1;
        }

        _uncommittedSpills++;
        _spills++;
        return Offer.Taken;
    }

    private bool IsOurs(long sequence, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> frame)
    {
        if (!WriteHeader.TryRead(bytes, frame, out WriteHeader header))
        {
            return false;
        }

        return sequence < _smart.Journal!.FirstNew
            ? _isReplayer && _smart.QueueOfOld(frame.Slice(header.KeyStart, header.KeyLength)) == Index
            : sequence >= _spilledFrom && header.Reactor == _smart.Pool.Reactor.Index && header.Server == Index;
    }

    /// <summary>Asks for what the journal has, when there is room for it and a server to take it.</summary>
    private void ReadMore()
    {
        if (!_isSpilled || _isReading || _isGated || _spilledFrom < 0)
        {
            return;
        }

        if (!_isClosing && (_bytes.Length > _window / 2 || (IsAway && Count > 0)))
        {
            return;
        }

        _isReading = true;
        _wasQuietWhenAsked = _uncommittedSpills == 0 && _lastSpilled <= _smart.SettledTo;
        _spillsWhenAsked = _spills;
        _reader ??= _smart.Journal!.CreateReader(IsOurs);
        _reader.Read(_window / 2, batch => _smart.Pool.Reactor.Post(() => OnRead(batch)));
    }

    private void OnRead(StoredWrites batch)
    {
        _isReading = false;
        foreach (StoredWrite stored in batch.Writes)
        {
            if (_smart.TryRestore(stored, out EarlyWrite write))
            {
                _oldInMemory += stored.Sequence < _smart.Journal!.FirstNew ? 1 : 0;
                Append(write, stored.Frame);
            }
        }

        _isOldRead |= batch.IsCaughtUp || batch.Next >= _smart.Journal!.FirstNew;
        OpenGateOfOthers();
        if (batch.IsCaughtUp)
        {
            bool isAll = _wasQuietWhenAsked && _spills == _spillsWhenAsked;
            _isSpilled = !isAll;
            _isClosing = !isAll;
            Retry();
            _smart.Wake();
        }
        else if (batch.Writes.Count == 0)
        {
            // The disk failed, or only writes of others were read: not at once again.
            Retry();
            return;
        }

        Pump();
    }

    private void EndOld(long sequence)
    {
        if (_oldInMemory > 0 && sequence > 0 && sequence < _smart.Journal!.FirstNew)
        {
            _oldInMemory--;
            OpenGateOfOthers();
        }
    }

    private void OpenGateOfOthers()
    {
        if (_isReplayer && _isOldRead && _oldInMemory == 0)
        {
            _isReplayer = false;
            int index = Index;
            _smart.Pool.Shared.TellOthers(_smart.Pool, other => other.Smart!.QueueAt(index).OpenGate());
        }
    }
}
