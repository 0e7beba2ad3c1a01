namespace Keyway.Proxy.Memory;

/// <summary>What a store counts; changed under its lock.</summary>
internal sealed class MemoryStats
{
    /// <summary>Bytes of all entries, roughly.</summary>
    public long UsedBytes { get; set; }

    /// <summary>Commands handled. Also the clock of the eviction.</summary>
    public long Commands { get; set; }

    public long Expired { get; set; }

    public long Evicted { get; set; }

    public long Hits { get; set; }

    public long Misses { get; set; }
}
