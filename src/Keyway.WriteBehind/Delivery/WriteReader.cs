using Keyway.Proxy.Smart;
using Keyway.WriteBehind.Journal;

namespace Keyway.WriteBehind.Delivery;

/// <summary>Reads the records of one queue, on the journal's reading thread.</summary>
internal sealed class WriteReader(SegmentedJournal journal, ReadingThread thread, WriteFilter filter) : IWriteReader
{
    private readonly JournalReader _reader = journal.CreateReader();

    public void Read(long bytes, Action<StoredWrites> done) => thread.Do(() => done(Read(bytes)));

    private StoredWrites Read(long bytes)
    {
        List<StoredWrite> writes = [];
        ReadResult result = ReadResult.Record;
        for (long read = 0; read < bytes && (result = _reader.Read(out JournalRecord record)) == ReadResult.Record;)
        {
            if (filter(record.Sequence, record.Header, record.Payload))
            {
                writes.Add(new StoredWrite(record.Sequence, record.Header.ToArray(), record.Payload.ToArray()));
                read += record.Payload.Length;
            }
        }

        return new StoredWrites(writes, _reader.Next, result == ReadResult.CaughtUp);
    }
}
