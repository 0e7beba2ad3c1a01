namespace Keyway.Proxy.Smart;

/// <summary>Where a pool keeps what it has answered and not delivered. For any thread, but for what it creates.</summary>
public interface IWriteJournal : IDisposable
{
    /// <summary>Records below this number were left by an earlier process.</summary>
    long FirstNew { get; }

    /// <summary>True if such records are pending.</summary>
    bool HasOld { get; }

    /// <summary>Records that are kept and not complete.</summary>
    long Pending { get; }

    /// <summary>Creates a reactor's way in, for its thread alone.</summary>
    /// <param name="onSettled">Called on a thread of the journal when there is something to take.</param>
    IWriteProducer CreateProducer(Action onSettled);

    /// <summary>Creates a reader of some of the pending records.</summary>
    /// <param name="filter">Which; called on a thread of the journal.</param>
    IWriteReader CreateReader(WriteFilter filter);

    /// <summary>These records have been delivered, or given up.</summary>
    void Complete(ReadOnlySpan<long> sequences);

    /// <summary>Gives up the oldest records to make room; returns how many.</summary>
    long DropOldest();
}
