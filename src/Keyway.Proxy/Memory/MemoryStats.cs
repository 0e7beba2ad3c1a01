namespace Keyway.Proxy.Memory;

/// <summary>What a store counts; changed under its lock.</summary>
internal sealed class MemoryStats
{
    /// <summary>Bytes of all entries, and <see cref="KeptBytes"/>, roughly.</summary>
    public long UsedBytes { get; set; }

    /// <summary>Bytes of what sessions keep between commands: the keys that they watch, and what was queued since MULTI.</summary>
    public long KeptBytes { get; set; }

    /// <summary>Changes of entries so far; each has the next number.</summary>
    public long Changes { get; set; }

    /// <summary>Commands handled. Also the clock of the eviction.</summary>
    public long Commands { get; set; }

    public long Expired { get; set; }

    public long Evicted { get; set; }

    public long Hits { get; set; }

    public long Misses { get; set; }
}
