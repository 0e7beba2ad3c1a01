namespace Keyway.Proxy.Smart;

/// <summary>Reads pending records in order, each once, on a thread of the journal.</summary>
public interface IWriteReader
{
    /// <summary>Asks for the next records; one question at a time.</summary>
    /// <param name="bytes">How much is wanted; a record more may come.</param>
    /// <param name="done">Called on the journal's thread.</param>
    void Read(long bytes, Action<StoredWrites> done);
}
