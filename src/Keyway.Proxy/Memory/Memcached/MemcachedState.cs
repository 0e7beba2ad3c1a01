namespace Keyway.Proxy.Memory.Memcached;

/// <summary>What all sessions of memcached's protocol over one store share; changed under the store's lock.</summary>
internal sealed class MemcachedState
{
    private ulong _lastCas;

    /// <summary>Unix time in milliseconds at which everything goes (<c>flush_all</c> with a delay), or <see cref="MemoryEntry.Never"/>.</summary>
    public long FlushAt { get; set; } = MemoryEntry.Never;

    /// <summary>Retrieval commands, by key.</summary>
    public long Gets { get; set; }

    /// <summary>Storage commands.</summary>
    public long Sets { get; set; }

    /// <summary>The next number of a version.</summary>
    public ulong NextCas() => ++_lastCas;
}
