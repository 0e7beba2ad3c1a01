namespace Keyway.Proxy.Configuration;

/// <summary>What must have happened to a write before smart mode answers it (<c>acknowledge</c>).</summary>
public enum Acknowledgement
{
    /// <summary>It is in this process's memory.</summary>
    Memory,

    /// <summary>It is in the journal: it survives the end of the process.</summary>
    Disk,

    /// <summary>The journal has been flushed to the medium: it survives a power cut.</summary>
    Fsync,
}
