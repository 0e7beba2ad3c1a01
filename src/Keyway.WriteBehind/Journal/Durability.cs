namespace Keyway.WriteBehind.Journal;

/// <summary>What has happened to a record when its producer is told that it is settled.</summary>
public enum Durability
{
    /// <summary>It was handed to the kernel: it survives the end of the process, kill -9 included, but not that of the machine.</summary>
    Disk,

    /// <summary>It is on the medium: it survives a power cut. One flush serves all records that gathered during the flush before.</summary>
    Fsync,
}
