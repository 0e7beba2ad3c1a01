namespace Keyway.WriteBehind.Journal;

/// <summary>Why a batch was not kept.</summary>
public enum JournalFailure
{
    /// <summary>It was kept.</summary>
    None,

    /// <summary>The file system is full, or a quota is.</summary>
    DiskFull,

    /// <summary>A write failed for another reason.</summary>
    DiskError,

    /// <summary>The flush to the medium failed: nobody can tell what is on it, so nothing of it counts.</summary>
    FlushFailed,

    /// <summary>The journal was closed before.</summary>
    Closed,
}
