using Keyway.Proxy.Management;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Relay;

/// <summary>Takes a relay's records, keeps them as <c>acknowledge</c> says, and delivers them. For any thread, but for what it creates.</summary>
public interface IRecordSpool : IDisposable
{
    /// <summary>Longest record that it takes, in bytes: what the sink can never deliver is refused at the door.</summary>
    int MaxRecordBytes { get; }

    /// <summary>Creates a reactor's way in, for its thread alone. Records are appended without a header; a settled batch is kept and may be answered.</summary>
    /// <param name="onSettled">Called on another thread when there is something to take; with <c>acknowledge: memory</c> on the reactor's own, within Commit.</param>
    IWriteProducer CreateProducer(Action onSettled);

    /// <summary>Gives up the oldest records to make room; returns how many.</summary>
    long DropOldest();

    /// <summary>How it stands.</summary>
    RelayStatus GetStatus();

    /// <summary>The process ends: delivers what it can within the time, and stops delivering.</summary>
    /// <returns>What was not delivered: kept on disk, or lost.</returns>
    Undelivered Drain(TimeSpan limit);
}
