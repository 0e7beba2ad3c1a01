using Keyway.Proxy.Smart;
using Keyway.WriteBehind.Journal;

namespace Keyway.WriteBehind.Batching;

/// <summary>A relay's records in memory: a queue that is bounded in bytes, whatever is under way included.</summary>
/// <param name="mostBytes">Its bound.</param>
/// <param name="onArrival">Called when there may be something to read; must not wait.</param>
/// <param name="time">The clock of the records.</param>
internal sealed class MemorySource(long mostBytes, Action onArrival, TimeProvider time) : IRecordSource
{
    private const int ChunkSize = 64 * 1024;
    private const int MostFree = 16;

    private readonly Lock _gate = new();
    private readonly Queue<MemoryChunk> _chunks = new();
    private readonly Stack<MemoryChunk> _free = new();
    private readonly Dictionary<long, int> _underWay = [];
    private MemoryChunk? _newest;
    private long _nextRead = 1;
    private long _next = 1;
    private long _pending;
    private long _bytes;

    public long Pending => Volatile.Read(ref _pending);

    public long PendingBytes => Volatile.Read(ref _bytes);

    public bool IsKept => false;

    public bool IsBusy => false;

    public long GivenUpTo => 0;

    public IWriteProducer CreateProducer(Action onSettled) => new MemoryProducer(this, onSettled);

    public ReadResult Read(out JournalRecord record)
    {
        lock (_gate)
        {
            // The record before, which is no longer looked at, may have been the last of its chunk.
            while (_chunks.TryPeek(out MemoryChunk? chunk) && (chunk.Unread > 0 || chunk != _newest))
            {
                if (chunk.Unread > 0)
                {
                    ReadOnlySpan<byte> payload = chunk.Read(out long milliseconds);
                    _underWay.Add(_nextRead, MemoryChunk.Head + payload.Length);
                    record = new JournalRecord(_nextRead++, milliseconds, 0, default, payload);
                    return ReadResult.Record;
                }

                _chunks.Dequeue();
                Release(chunk);
            }

            record = default;
            return ReadResult.CaughtUp;
        }
    }

    public void Complete(ReadOnlySpan<long> sequences)
    {
        lock (_gate)
        {
            foreach (long sequence in sequences)
            {
                if (_underWay.Remove(sequence, out int bytes))
                {
                    _pending--;
                    _bytes -= bytes;
                }
            }
        }
    }

    /// <inheritdoc/>
    public long DropOldest()
    {
        lock (_gate)
        {
            MemoryChunk? oldest = _chunks.FirstOrDefault(static chunk => chunk.Unread > 0);
            if (oldest is null)
            {
                return 0; // What is under way is delivered.
            }

            // It stays until the next read: the delivery may still look at what it read last.
            int dropped = oldest.Unread;
            _bytes -= oldest.UnreadBytes;
            _pending -= dropped;
            _nextRead += dropped;
            oldest.Skip();
            return dropped;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (MemoryChunk chunk in _chunks.Concat(_free))
            {
                chunk.Release();
            }

            _chunks.Clear();
            _free.Clear();
            _newest = null;
        }
    }

    internal WriteResult MayAppend(long bytes, long uncommitted) =>
        bytes > mostBytes ? WriteResult.Refused
        : Volatile.Read(ref _bytes) + uncommitted + bytes > mostBytes ? WriteResult.Full
        : WriteResult.Taken;

    internal long Milliseconds() => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Takes a batch; returns the number of its first record.</summary>
    internal long Commit(ReadOnlySpan<byte> records, int count)
    {
        long first;
        lock (_gate)
        {
            first = _next;
            _next += count;
            _pending += count;
            _bytes += records.Length;
            int taken = _newest?.Add(records) ?? 0;
            while (taken < records.Length)
            {
                _newest = ChunkFor(MemoryProducer.FirstLength(records[taken..]));
                _chunks.Enqueue(_newest);
                taken += _newest.Add(records[taken..]);
            }
        }

        onArrival();
        return first;
    }

    private MemoryChunk ChunkFor(int record) =>
        record <= ChunkSize && _free.TryPop(out MemoryChunk? free) ? free : new MemoryChunk(Math.Max(ChunkSize, record));

    private void Release(MemoryChunk chunk)
    {
        if (chunk.Size == ChunkSize && _free.Count < MostFree)
        {
            chunk.Clear();
            _free.Push(chunk);
        }
        else
        {
            chunk.Release();
        }
    }
}
