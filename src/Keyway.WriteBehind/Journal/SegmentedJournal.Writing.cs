using Keyway.WriteBehind.Journal.Storage;

namespace Keyway.WriteBehind.Journal;

/// <content>The writer's thread, and what it tells the rest.</content>
public sealed partial class SegmentedJournal
{
    private const int SpaceCheckSeconds = 1;

    private readonly SegmentWriter _writer;
    private readonly CompletionWriter _completions;
    private readonly List<JournalProducer> _marked = [];
    private readonly AutoResetEvent _wake = new(false);
    private List<RecordBatch> _taken = [];
    private Thread? _thread;
    private bool _sleeps;
    private bool _sleepsUntilWork;
    private long _lastCompletions;
    private long _lastSpaceCheck;

    /// <summary>Writes everything that was committed and settles it, and does what else is due. The writer's thread lives here; tests call it themselves.</summary>
    internal void Turn(bool flushCompletions = false)
    {
        lock (_gate)
        {
            (_queue, _taken) = (_taken, _queue);
        }

        if (_taken.Count > 0)
        {
            WriteTaken();
        }

        long now = _time.GetTimestamp();
        if (flushCompletions || _time.GetElapsedTime(_lastCompletions, now) >= _options.CompletionInterval)
        {
            _lastCompletions = now;
            KeepHouse();
        }

        if (_time.GetElapsedTime(_lastSpaceCheck, now).TotalSeconds >= SpaceCheckSeconds)
        {
            _lastSpaceCheck = now;
            CheckSpace();
        }
    }

    /// <summary>Lets batches, all in the newest segment, count.</summary>
    internal void Publish(List<RecordBatch> batches, long length, List<TailChunk> chunks)
    {
        lock (_gate)
        {
            _settled = batches[^1].Last;
            _index.Publish(_settled, length);
            foreach (RecordBatch batch in batches)
            {
                _queuedBytes -= batch.Bytes;
            }

            foreach (TailChunk chunk in chunks)
            {
                _tail.Publish(chunk);
            }

            ApplyEarlyCompletions();
        }

        foreach (RecordBatch batch in batches)
        {
            batch.Settle(JournalFailure.None);
        }
    }

    /// <summary>Lets a batch fail.</summary>
    internal void Fail(RecordBatch batch, JournalFailure failure)
    {
        lock (_gate)
        {
            _settled = batch.Last;
            _queuedBytes -= batch.Bytes;
            _failedBatches++;
            ApplyEarlyCompletions();
        }

        batch.Settle(failure);
    }

    internal void Add(Segment segment)
    {
        lock (_gate)
        {
            _index.Add(segment);
            _diskBytes = _index.DiskBytes;
        }
    }

    internal TailChunk RentChunk(long first, long fileOffset)
    {
        lock (_gate)
        {
            return _tail.Rent(first, fileOffset);
        }
    }

    internal void ReturnChunk(TailChunk chunk)
    {
        lock (_gate)
        {
            _tail.Return(chunk);
        }
    }

    private void StartThread()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "journal" };
        _thread.Start();
    }

    private void Run()
    {
        while (WaitForWork())
        {
            try
            {
                Turn();
            }
            catch (Exception defect)
            {
                // A defect of ours costs a batch, not the journal.
                Report(defect);
            }
        }
    }

    /// <summary>False at the end.</summary>
    private bool WaitForWork()
    {
        bool untilWork;
        lock (_gate)
        {
            if (_queue.Count > 0 || _closed)
            {
                return !_closed;
            }

            untilWork = _index.Dirty.Count == 0 && _index.Doomed.Count == 0 && !_lowSpace;
            _sleepsUntilWork = untilWork;
            _sleeps = true;
        }

        _wake.WaitOne(untilWork ? Timeout.InfiniteTimeSpan : _options.CompletionInterval);
        lock (_gate)
        {
            _sleeps = false;
            _sleepsUntilWork = false;
            return !_closed;
        }
    }

    /// <summary>
    /// With the lock held: whether the caller is to set <see cref="_wake"/>. Completions wait for the interval; only a writer that waits for nothing
    /// else must learn of them.
    /// </summary>
    private bool MustWake(bool hasBatches)
    {
        bool must = hasBatches ? _sleeps : _sleepsUntilWork;
        if (must)
        {
            _sleeps = false;
            _sleepsUntilWork = false;
        }

        return must;
    }

    private void WriteTaken()
    {
        // Once a batch is settled its producer may use it again, so that the batches cannot be asked afterwards.
        foreach (RecordBatch batch in _taken)
        {
            if (!batch.Producer.IsMarked)
            {
                batch.Producer.IsMarked = true;
                _marked.Add(batch.Producer);
            }
        }

        try
        {
            _writer.Write(_taken);
        }
        catch (Exception defect) when (_thread is not null)
        {
            _writer.Abandon(defect);
        }

        _taken.Clear();
        foreach (JournalProducer producer in _marked)
        {
            producer.IsMarked = false;
            try
            {
                producer.Notify();
            }
            catch (Exception defect)
            {
                Report(defect); // The caller's defect must not keep the others from hearing.
            }
        }

        _marked.Clear();
    }

    private void ApplyEarlyCompletions()
    {
        int kept = 0;
        for (int i = 0; i < _early.Count; i++)
        {
            (long first, long last) = _early[i];
            if (first <= _settled)
            {
                _index.Complete(first, Math.Min(last, _settled));
            }

            if (last > _settled)
            {
                _early[kept++] = (Math.Max(first, _settled + 1), last);
            }
        }

        _early.RemoveRange(kept, _early.Count - kept);
        _diskBytes = _index.DiskBytes;
    }

    private void KeepHouse()
    {
        if (NewestIsSpent())
        {
            _writer.Begin(_writer.Last + 1);
        }

        WriteCompletions();
    }

    private void WriteComplete()
    {
        try
        {
            // Deletions first: on a full disk they make the room for the rest.
            DeleteDoomed();
            _completions.Write(_index, _gate);
        }
        catch (Exception e) when (StorageFailures.IsStorageFailure(e))
        {
            Report(e); // Tried again after the next interval.
        }

        lock (_gate)
        {
            _diskBytes = _index.DiskBytes;
        }
    }

    /// <summary>A segment whose records are all complete need not be filled: at half its length it makes room for the next.</summary>
    private bool NewestIsSpent()
    {
        lock (_gate)
        {
            return _index.Newest is { Pending: 0 } newest && newest.Length >= _options.SegmentLimit / 2;
        }
    }

    private void DeleteDoomed()
    {
        while (true)
        {
            Segment segment;
            lock (_gate)
            {
                if (_index.Doomed.Count == 0)
                {
                    return;
                }

                segment = _index.Doomed[^1];
            }

            // In this order: a segment without its completions would be delivered again.
            _storage.Delete(segment.Name.ToString());
            _storage.Delete(segment.Name.Completions);
            lock (_gate)
            {
                _index.Doomed.Remove(segment);
            }
        }
    }

    private void CheckSpace()
    {
        try
        {
            Volatile.Write(ref _lowSpace, _options.MinFreeBytes > 0 && _storage.FreeBytes() < _options.MinFreeBytes);
        }
        catch (Exception e) when (StorageFailures.IsStorageFailure(e))
        {
            Report(e); // The floor is a precaution; without the figure the writes themselves tell.
        }
    }
}
