using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Tests.Smart;

/// <summary>A journal in memory, whose disk does what the test says, when it says it.</summary>
internal sealed class ScriptedJournal : IWriteJournal
{
    private readonly SortedDictionary<long, StoredWrite> _pending = [];
    private readonly List<Producer> _producers = [];
    private long _next = 1;

    public long FirstNew { get; private set; } = 1;

    public bool HasOld => FirstNew > 1;

    public long Pending => _pending.Count;

    /// <summary>What the next writes are told.</summary>
    public WriteResult Result { get; set; } = WriteResult.Taken;

    /// <summary>Leaves what is pending to a new process.</summary>
    public void Restart()
    {
        _producers.Clear();
        FirstNew = _next;
    }

    /// <summary>The disk has written all that was committed, or failed.</summary>
    public void Settle(string? failure = null) => _producers.ForEach(producer => producer.Settle(failure));

    public IWriteProducer CreateProducer(Action onSettled)
    {
        Producer producer = new(this, onSettled);
        _producers.Add(producer);
        return producer;
    }

    public IWriteReader CreateReader(WriteFilter filter) => new Reader(this, filter);

    public void Complete(ReadOnlySpan<long> sequences)
    {
        foreach (long sequence in sequences)
        {
            _pending.Remove(sequence);
        }
    }

    public long DropOldest() => _pending.Count > 0 && _pending.Remove(_pending.Keys.First()) ? 1 : 0;

    public void Dispose()
    {
    }

    private sealed class Producer(ScriptedJournal journal, Action onSettled) : IWriteProducer
    {
        private readonly List<(byte[] Header, byte[] Frame)> _batch = [];
        private readonly Queue<long> _inFlight = new();
        private readonly Queue<(long Last, string? Failure)> _settled = new();

        public WriteResult Append(ReadOnlySpan<byte> header, ReadOnlySpan<byte> frame)
        {
            if (journal.Result == WriteResult.Taken)
            {
                _batch.Add((header.ToArray(), frame.ToArray()));
            }

            return journal.Result;
        }

        public long Commit()
        {
            long first = journal._next;
            foreach ((byte[] header, byte[] frame) in _batch)
            {
                journal._pending.Add(journal._next, new StoredWrite(journal._next, header, frame));
                journal._next++;
            }

            _batch.Clear();
            _inFlight.Enqueue(journal._next - 1);
            return first;
        }

        public bool TryTakeSettled(out long last, out string? failure)
        {
            bool isTaken = _settled.TryDequeue(out (long Last, string? Failure) batch);
            (last, failure) = batch;
            return isTaken;
        }

        public void Settle(string? failure)
        {
            while (_inFlight.TryDequeue(out long last))
            {
                _settled.Enqueue((last, failure));
            }

            onSettled();
        }
    }

    private sealed class Reader(ScriptedJournal journal, WriteFilter filter) : IWriteReader
    {
        private long _next = 1;

        public void Read(long bytes, Action<StoredWrites> done)
        {
            List<StoredWrite> found = [];
            foreach (StoredWrite write in journal._pending.Values.Where(write => write.Sequence >= _next).ToArray())
            {
                _next = write.Sequence + 1;
                if (filter(write.Sequence, write.Header, write.Frame))
                {
                    found.Add(write);
                }
            }

            done(new StoredWrites(found, _next, IsCaughtUp: true));
        }
    }
}
