using Keyway.Proxy.Configuration;
using Keyway.Proxy.Smart;
using Keyway.WriteBehind.Delivery;
using Keyway.WriteBehind.Journal;

namespace Keyway.WriteBehind.Batching;

/// <summary>A relay's records on disk.</summary>
internal sealed class JournalSource : IRecordSource
{
    private readonly SegmentedJournal _journal;
    private readonly JournalReader _reader;
    private readonly Action _onArrival;
    private long _givenUpTo;

    /// <summary>Takes an open journal, and closes it.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="onArrival">Called when there may be something to read; must not wait.</param>
    internal JournalSource(SegmentedJournal journal, Action onArrival)
    {
        _journal = journal;
        _reader = journal.CreateReader();
        _onArrival = onArrival;
    }

    public long Pending => _journal.GetStatus().Pending;

    public long PendingBytes => _journal.GetStatus().PendingBytes;

    public bool IsKept => true;

    public bool IsBusy => _journal.GetStatus().QueuedBytes > 0;

    public long GivenUpTo => Volatile.Read(ref _givenUpTo);

    /// <summary>Opens or makes the journal of a relay.</summary>
    /// <exception cref="JournalException">It cannot be used.</exception>
    internal static SegmentedJournal OpenJournal(string directory, SmartConfig config, Action<Exception> onError, TimeProvider time) =>
        SegmentedJournal.Open(
            new JournalOptions
            {
                Directory = directory,
                Durability = config.Acknowledge == Acknowledgement.Fsync ? Durability.Fsync : Durability.Disk,
                MaxBytes = config.MaxBacklog,
                OnError = onError,
            },
            time);

    public IWriteProducer CreateProducer(Action onSettled) => new WriteProducer(_journal, () =>
    {
        onSettled();
        _onArrival();
    });

    public ReadResult Read(out JournalRecord record) => _reader.Read(out record);

    public void Complete(ReadOnlySpan<long> sequences)
    {
        _journal.Complete(sequences);
        _journal.WriteCompletions();
    }

    public long DropOldest()
    {
        long dropped = _journal.DropOldestSegment();
        JournalStatus status = _journal.GetStatus();
        Volatile.Write(ref _givenUpTo, (status.OldestPending == 0 ? status.Next : status.OldestPending) - 1);
        return dropped;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _journal.Dispose();
    }
}
