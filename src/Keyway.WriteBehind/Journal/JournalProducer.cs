using Keyway.WriteBehind.Journal.Format;

namespace Keyway.WriteBehind.Journal;

/// <summary>
/// One thread's way into a journal. The thread appends during a wake-up, commits at its end, and hears later that what it committed is settled.
/// Nothing here waits for the disk. All but the notification happens on that one thread.
/// </summary>
public sealed class JournalProducer
{
    /// <summary>Batches that stay warm; more are in flight only while the disk is slow.</summary>
    private const int KeptBatches = 16;

    private readonly SegmentedJournal _journal;
    private readonly Action _onSettled;
    private readonly Queue<RecordBatch> _inFlight = new();
    private readonly Stack<RecordBatch> _free = new();
    private RecordBatch _batch;
    private long _time;

    internal JournalProducer(SegmentedJournal journal, Action onSettled)
    {
        _journal = journal;
        _onSettled = onSettled;
        _batch = new RecordBatch(this);
    }

    /// <summary>Records appended and not committed.</summary>
    public int Uncommitted => _batch.Count;

    /// <summary>Adds a record to the batch. It is copied, and its checksum computed, here and now.</summary>
    /// <param name="kind">The caller's mark.</param>
    /// <param name="header">What the caller needs to deliver it; at most 65,535 bytes.</param>
    /// <param name="payload">What is to be delivered.</param>
    /// <param name="index">The record's place in the batch: its number is this plus what <see cref="Commit"/> returns.</param>
    public AppendResult Append(byte kind, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, out int index)
    {
        index = _batch.Count;
        long bytes = RecordHeader.Size + (long)header.Length + payload.Length;
        AppendResult result = header.Length > ushort.MaxValue ? AppendResult.TooLarge : _journal.MayAppend(bytes, _batch.Bytes);
        if (result == AppendResult.Appended)
        {
            if (index == 0)
            {
                _time = _journal.Milliseconds();
            }

            _batch.Add(_time, kind, header, payload);
        }

        return result;
    }

    /// <summary>Hands the batch to the journal's writer. Its records precede whatever any producer commits later.</summary>
    /// <returns>The number of the batch's first record; 0 if there is none.</returns>
    public long Commit()
    {
        RecordBatch batch = _batch;
        if (batch.Count == 0)
        {
            return 0;
        }

        _inFlight.Enqueue(batch);
        _batch = _free.TryPop(out RecordBatch? free) ? free : new RecordBatch(this);
        return _journal.Commit(batch);
    }

    /// <summary>Takes the news of the oldest batch that is settled; batches are settled in the order of their commits.</summary>
    public bool TryTakeSettled(out SettledBatch settled)
    {
        if (!_inFlight.TryPeek(out RecordBatch? batch) || !batch.IsSettled)
        {
            settled = default;
            return false;
        }

        _inFlight.Dequeue();
        settled = batch.Outcome;
        batch.Reset();
        if (_free.Count < KeptBatches)
        {
            _free.Push(batch);
        }
        else
        {
            batch.Release();
        }

        return true;
    }

    /// <summary>The writer's own mark: this producer is to be told at the end of the turn.</summary>
    internal bool IsMarked { get; set; }

    /// <summary>On the writer's thread: there is something to take.</summary>
    internal void Notify() => _onSettled();
}
