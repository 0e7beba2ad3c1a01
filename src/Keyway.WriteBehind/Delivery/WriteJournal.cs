using Keyway.Proxy.Configuration;
using Keyway.Proxy.Smart;
using Keyway.WriteBehind.Journal;

namespace Keyway.WriteBehind.Delivery;

/// <summary>A pool's journal of what smart mode has answered, on disk.</summary>
public sealed class WriteJournal : IWriteJournal
{
    private readonly SegmentedJournal _journal;
    private readonly ReadingThread _thread = new();

    private WriteJournal(SegmentedJournal journal)
    {
        _journal = journal;
        JournalStatus status = journal.GetStatus();
        FirstNew = status.Next;
        HasOld = status.Pending > 0;
    }

    /// <inheritdoc/>
    public long FirstNew { get; }

    /// <inheritdoc/>
    public bool HasOld { get; }

    /// <inheritdoc/>
    public long Pending => _journal.GetStatus().Pending;

    /// <summary>What was found when it was opened.</summary>
    public RecoveryReport Recovery => _journal.Recovery;

    /// <summary>Opens or makes the journal.</summary>
    /// <param name="directory">Its directory.</param>
    /// <param name="config">How it is kept.</param>
    /// <param name="onError">Hears of failures of the disk, on the thread that met them.</param>
    /// <param name="time">The clock of the records.</param>
    /// <exception cref="JournalException">It cannot be used.</exception>
    public static WriteJournal Open(string directory, SmartConfig config, Action<Exception> onError, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new WriteJournal(SegmentedJournal.Open(
            new JournalOptions
            {
                Directory = directory,
                Durability = config.Acknowledge == Acknowledgement.Fsync ? Durability.Fsync : Durability.Disk,
                MaxBytes = config.MaxBacklog,
                OnError = onError,
            },
            time));
    }

    /// <inheritdoc/>
    public IWriteProducer CreateProducer(Action onSettled) => new WriteProducer(_journal, onSettled);

    /// <inheritdoc/>
    public IWriteReader CreateReader(WriteFilter filter) => new WriteReader(_journal, _thread, filter);

    /// <inheritdoc/>
    public void Complete(ReadOnlySpan<long> sequences) => _journal.Complete(sequences);

    /// <inheritdoc/>
    public long DropOldest() => _journal.DropOldestSegment();

    /// <inheritdoc/>
    public void Dispose()
    {
        _thread.Dispose();
        _journal.Dispose();
    }
}
