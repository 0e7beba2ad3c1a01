using Keyway.WriteBehind.Journal.Format;
using Keyway.WriteBehind.Journal.Storage;

namespace Keyway.WriteBehind.Journal;

/// <summary>
/// An append-only journal in a directory of its own: records are numbered, kept, read in order, completed in any order, and go with their
/// segment when all of it is complete (docs/journal-format.md).
/// </summary>
/// <remarks>
/// One journal serves all reactors of a pool, so that the order of records holds across restarts with another number of reactors. Nothing
/// that a reactor calls waits for the disk: one thread writes. The lock is taken once for a batch, never during input or output.
/// </remarks>
public sealed partial class SegmentedJournal : IDisposable
{
    private readonly Lock _gate = new();

    /// <summary>Held while completions are written and segments deleted; taken before <see cref="_gate"/>.</summary>
    private readonly Lock _house = new();
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly IJournalStorage _storage;
    private readonly IDisposable _lock;
    private readonly SegmentIndex _index = new();
    private readonly TailCache _tail;
    private readonly List<(long First, long Last)> _early = [];
    private List<RecordBatch> _queue = [];
    private long _queuedBytes;
    private long _diskBytes;
    private long _next;
    private long _settled;
    private long _dropped;
    private long _lost;
    private long _failedBatches;
    private bool _lowSpace;
    private bool _closed;

    private SegmentedJournal(JournalOptions options, TimeProvider time, IJournalStorage storage)
    {
        options.Validate();
        _options = options;
        _time = time;
        _storage = storage;
        _tail = new TailCache(options.TailCacheBytes);
        _lock = storage.Lock();
        try
        {
            (List<Segment> segments, Recovery, _next) = JournalRecovery.Run(storage, readsAll: false, Report);
            segments.ForEach(_index.Add);
        }
        catch (Exception e)
        {
            _lock.Dispose();
            if (StorageFailures.IsStorageFailure(e))
            {
                throw new JournalException($"the journal in {options.Directory} cannot be read: {e.Message}", e);
            }

            throw;
        }

        _settled = _next - 1;
        _writer = new SegmentWriter(storage, options, this);
        _completions = new CompletionWriter(storage);
        _lastCompletions = time.GetTimestamp();
        CheckSpace();
        _writer.Begin(_next);
        _diskBytes = _index.DiskBytes;
    }

    /// <summary>What was found when the journal was opened.</summary>
    public RecoveryReport Recovery { get; }

    /// <summary>Opens a journal, making it if there is none, recovers what a crash left, and starts its writer's thread.</summary>
    /// <exception cref="JournalException">Another process uses the journal, or it cannot be read.</exception>
    public static SegmentedJournal Open(JournalOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            DirectoryStorage.Make(options.Directory);
        }
        catch (Exception e) when (StorageFailures.IsStorageFailure(e))
        {
            throw new JournalException($"the journal's directory {options.Directory} cannot be made: {e.Message}", e);
        }

        SegmentedJournal journal = Open(options, time, new DirectoryStorage(options.Directory));
        journal.StartThread();
        return journal;
    }

    /// <summary>Opens a journal without a thread: its owner calls <see cref="Turn"/>.</summary>
    internal static SegmentedJournal Open(JournalOptions options, TimeProvider time, IJournalStorage storage) => new(options, time, storage);

    /// <summary>Makes a producer for one thread.</summary>
    /// <param name="onSettled">
    /// Called on the writer's thread when <see cref="JournalProducer.TryTakeSettled"/> has something; it must neither wait nor throw. It posts to the
    /// producer's thread.
    /// </param>
    public JournalProducer CreateProducer(Action onSettled) => new(this, onSettled);

    /// <summary>Makes a reader of all pending records, the oldest first. It may wait for the disk, so it is not for a reactor's thread.</summary>
    public JournalReader CreateReader() => new(this, _storage);

    /// <summary>Marks a record as complete: it will not be read or delivered again. It may still be on its way to the disk.</summary>
    public void Complete(long sequence)
    {
        lock (_gate)
        {
            CompleteOne(sequence);
            AfterCompletions();
        }
    }

    /// <summary>Marks many records as complete, in any order.</summary>
    public void Complete(ReadOnlySpan<long> sequences)
    {
        lock (_gate)
        {
            foreach (long sequence in sequences)
            {
                CompleteOne(sequence);
            }

            AfterCompletions();
        }
    }

    /// <summary>Marks all records of a range as complete, both ends included.</summary>
    public void CompleteRange(long first, long last)
    {
        lock (_gate)
        {
            if (first <= _settled)
            {
                _index.Complete(first, Math.Min(last, _settled));
            }

            if (last > _settled)
            {
                AddEarly(Math.Max(first, _settled + 1), last);
            }

            AfterCompletions();
        }
    }

    /// <summary>
    /// Writes what is complete, without waiting for <see cref="JournalOptions.CompletionInterval"/>: none of it is read again after the end of this process.
    /// A failure of the disk is told to <see cref="JournalOptions.OnError"/> and leaves it to the interval. Waits for the disk.
    /// </summary>
    public void WriteCompletions()
    {
        lock (_house)
        {
            WriteComplete();
        }
    }

    /// <summary>Completes the oldest pending records without delivery; returns how many there were.</summary>
    /// <param name="count">How many at most.</param>
    public long DropOldest(long count)
    {
        lock (_gate)
        {
            long dropped = 0;
            long sequence = _index.FindPending(1, out _);
            for (; dropped < count && sequence != 0; dropped++)
            {
                _index.Complete(sequence);
                sequence = _index.FindPending(sequence + 1, out _);
            }

            return EndDrop(dropped);
        }
    }

    /// <summary>Drops all pending records of the oldest segment, which makes its room free; returns how many there were.</summary>
    public long DropOldestSegment()
    {
        lock (_gate)
        {
            long oldest = _index.FindPending(1, out Segment? segment);
            return oldest == 0 ? 0 : EndDrop(_index.Complete(oldest, segment!.Last));
        }
    }

    /// <summary>Drops the pending records of a range, both ends included; returns how many there were.</summary>
    public long Drop(long first, long last)
    {
        lock (_gate)
        {
            return EndDrop(_index.Complete(first, last));
        }
    }

    /// <summary>Figures for metrics and commands.</summary>
    public JournalStatus GetStatus()
    {
        lock (_gate)
        {
            return new JournalStatus(
                _next, _index.Pending, _index.FindPending(1, out _), _index.Count, _index.DiskBytes, _index.PendingBytes, _queuedBytes, _dropped, _lost, _failedBatches);
        }
    }

    /// <summary>Writes what was committed, and what is complete, and lets go of the directory. Waits for the disk.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
        }

        _wake.Set();
        _thread?.Join();
        try
        {
            Turn(flushCompletions: true);
        }
        finally
        {
            _writer.Dispose();
            _completions.Dispose();
            _lock.Dispose();
            _wake.Dispose();
        }
    }

    internal long Milliseconds() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    internal AppendResult MayAppend(long bytes, long uncommitted)
    {
        long queued = Volatile.Read(ref _queuedBytes) + uncommitted;
        return bytes > RecordHeader.Size + (long)_options.MaxRecordBytes || bytes > _options.MaxBytes ? AppendResult.TooLarge
            : Volatile.Read(ref _closed) ? AppendResult.Closed
            : queued >= _options.MaxQueuedBytes ? AppendResult.Busy
            : queued + bytes + Volatile.Read(ref _diskBytes) > _options.MaxBytes ? AppendResult.Full
            : Volatile.Read(ref _lowSpace) ? AppendResult.LowSpace
            : AppendResult.Appended;
    }

    internal long Commit(RecordBatch batch)
    {
        bool refused;
        bool mustWake = false;
        long first;
        lock (_gate)
        {
            first = _next;
            batch.First = first;
            _next += batch.Count;
            refused = _closed;
            if (!refused)
            {
                _queue.Add(batch);
                _queuedBytes += batch.Bytes;
                mustWake = MustWake(hasBatches: true);
            }
        }

        if (mustWake)
        {
            // After the lock, which the writer needs at once. It is closed only by an owner that nothing uses any more.
            _wake.Set();
        }

        if (refused)
        {
            batch.Settle(JournalFailure.Closed);
            batch.Producer.Notify();
        }

        return first;
    }

    internal bool IsPending(long sequence)
    {
        lock (_gate)
        {
            return _index.IsPending(sequence);
        }
    }

    /// <summary>Finds the first pending record from a number on, and copies it if it is in memory.</summary>
    /// <param name="sequence">The number.</param>
    /// <param name="known">A segment of which the caller knows where a record begins.</param>
    /// <param name="offset">That place.</param>
    /// <param name="window">Where to copy.</param>
    /// <param name="location">What was found.</param>
    internal bool TryLocate(long sequence, Segment? known, long offset, ref byte[] window, out JournalLocation location)
    {
        lock (_gate)
        {
            long found = _index.FindPending(sequence, out Segment? segment);
            if (found == 0)
            {
                location = default;
                return false;
            }

            _tail.Copy(found, segment == known ? offset : 0, ref window, out int length, out long windowOffset);
            location = new JournalLocation(found, segment!, segment!.Length, segment.Last, length, windowOffset);
            return true;
        }
    }

    /// <summary>Gives up the pending records of a range, which turned out to be damaged.</summary>
    internal void Lose(long first, long last)
    {
        long count;
        lock (_gate)
        {
            count = _index.Complete(first, last);
            _lost += count;
            AfterCompletions();
        }

        if (count > 0)
        {
            Report(new JournalException($"{count} records from number {first} on are damaged and cannot be delivered; what was found in their place is in .corrupt files"));
        }
    }

    /// <summary>Tells whoever asked to know of a failure.</summary>
    internal void Report(Exception exception) => _options.OnError?.Invoke(exception);

    private void CompleteOne(long sequence)
    {
        if (sequence > _settled)
        {
            AddEarly(sequence, sequence);
        }
        else
        {
            _index.Complete(sequence);
        }
    }

    /// <summary>Remembers what is complete before it is kept, since delivery does not wait for the disk; mostly in order, so mostly as one range.</summary>
    private void AddEarly(long first, long last)
    {
        last = Math.Min(last, _next - 1);
        if (_early.Count > 0 && _early[^1].Last + 1 == first)
        {
            _early[^1] = (_early[^1].First, last);
        }
        else if (first <= last)
        {
            _early.Add((first, last));
        }
    }

    private long EndDrop(long count)
    {
        _dropped += count;
        AfterCompletions();
        return count;
    }

    private void AfterCompletions()
    {
        _diskBytes = _index.DiskBytes;
        if (MustWake(hasBatches: false))
        {
            _wake.Set();
        }
    }
}
