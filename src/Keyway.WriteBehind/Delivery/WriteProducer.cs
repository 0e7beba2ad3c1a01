using Keyway.Proxy.Smart;
using Keyway.WriteBehind.Journal;

namespace Keyway.WriteBehind.Delivery;

/// <summary>A reactor's way into the journal.</summary>
internal sealed class WriteProducer(SegmentedJournal journal, Action onSettled) : IWriteProducer
{
    private const byte Kind = 1; // a request

    private readonly JournalProducer _producer = journal.CreateProducer(onSettled);

    public WriteResult Append(ReadOnlySpan<byte> header, ReadOnlySpan<byte> frame) => _producer.Append(Kind, header, frame, out _) switch
    {
        AppendResult.Appended => WriteResult.Taken,
        AppendResult.Full => WriteResult.Full,
        AppendResult.Busy => WriteResult.Busy,
        _ => WriteResult.Refused,
    };

    public long Commit() => _producer.Commit();

    public bool TryTakeSettled(out long last, out string? failure)
    {
        bool isTaken = _producer.TryTakeSettled(out SettledBatch batch);
        last = batch.First + batch.Count - 1;
        failure = batch.Failure switch
        {
            JournalFailure.None => null,
            JournalFailure.DiskFull => "the disk is full",
            JournalFailure.FlushFailed => "the disk cannot be flushed",
            JournalFailure.Closed => "the process ends",
            _ => "the disk fails",
        };
        return isTaken;
    }
}
