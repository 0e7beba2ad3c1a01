namespace Keyway.Proxy.Smart;

/// <summary>What a pool in smart mode has on disk; the server that is given it closes it.</summary>
/// <param name="Journal">Its journal, or null.</param>
/// <param name="DeadLetters">Its dead letters, or null.</param>
public sealed record WriteStores(IWriteJournal? Journal, IDeadLetters? DeadLetters) : IDisposable
{
    /// <summary>Closes both.</summary>
    public void Dispose()
    {
        Journal?.Dispose();
        DeadLetters?.Dispose();
    }
}
