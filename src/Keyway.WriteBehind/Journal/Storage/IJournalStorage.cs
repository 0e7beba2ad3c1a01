namespace Keyway.WriteBehind.Journal.Storage;

/// <summary>The directory of one journal, as much of a file system as the journal needs. Tests put faults here.</summary>
internal interface IJournalStorage
{
    /// <summary>Keeps every other process from using the directory until the lock is disposed of.</summary>
    /// <exception cref="JournalException">Somebody else has it.</exception>
    IDisposable Lock();

    /// <summary>The names of all files.</summary>
    IReadOnlyList<string> List();

    /// <summary>Opens a file for reading only.</summary>
    IJournalFile OpenRead(string name);

    /// <summary>Opens a file, which need not exist, for reading and writing.</summary>
    IJournalFile OpenWrite(string name);

    /// <summary>Deletes a file; one that does not exist is no error.</summary>
    void Delete(string name);

    /// <summary>Returns when the names of the files created so far are on the medium.</summary>
    void SyncNames();

    /// <summary>Bytes that may still be written to the file system.</summary>
    long FreeBytes();
}
