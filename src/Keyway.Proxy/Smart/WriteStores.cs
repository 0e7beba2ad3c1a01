using Keyway.Proxy.Relay;

namespace Keyway.Proxy.Smart;

/// <summary>Where a pool in smart mode, or a relay, keeps what it has answered; the server that is given it closes it.</summary>
/// <param name="Journal">Smart mode's journal, or null.</param>
/// <param name="DeadLetters">Smart mode's dead letters, or null.</param>
/// <param name="Spool">What takes and delivers a relay's records; null in other pools.</param>
public sealed record WriteStores(IWriteJournal? Journal, IDeadLetters? DeadLetters, IRecordSpool? Spool = null) : IDisposable
{
    /// <summary>Closes all.</summary>
    public void Dispose()
    {
        Spool?.Dispose();
        Journal?.Dispose();
        DeadLetters?.Dispose();
    }
}
