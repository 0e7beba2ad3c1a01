using Keyway.Proxy.Smart;
using Keyway.WriteBehind.Journal;

namespace Keyway.WriteBehind.Batching;

/// <summary>Where a relay's records are until they are delivered. For any thread; only the delivery's own reads and completes.</summary>
internal interface IRecordSource : IDisposable
{
    /// <summary>Records kept and not complete.</summary>
    long Pending { get; }

    /// <summary>About how many bytes they have.</summary>
    long PendingBytes { get; }

    /// <summary>True if what is pending survives the end of the process.</summary>
    bool IsKept { get; }

    /// <summary>True if committed records have not been kept yet.</summary>
    bool IsBusy { get; }

    /// <summary>Records up to this number need not be sent any more: they were complete, or given up for want of room. May lag behind.</summary>
    long GivenUpTo { get; }

    /// <summary>Creates a reactor's way in.</summary>
    /// <param name="onSettled">As in <see cref="Keyway.Proxy.Relay.IRecordSpool.CreateProducer"/>.</param>
    IWriteProducer CreateProducer(Action onSettled);

    /// <summary>The next pending record, each once, in order; it is good until the next step.</summary>
    ReadResult Read(out JournalRecord record);

    /// <summary>These records, all of which were read, need not be delivered any more. When it returns, that survives the end of the process.</summary>
    void Complete(ReadOnlySpan<long> sequences);

    /// <summary>Gives up the oldest records; returns how many.</summary>
    long DropOldest();
}
