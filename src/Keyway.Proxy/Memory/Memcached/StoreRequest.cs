namespace Keyway.Proxy.Memory.Memcached;

/// <summary>A value to be stored, from the command's line on until its block is here. One for each session, used again.</summary>
internal sealed class StoreRequest
{
    public StoreMode Mode { get; set; }

    public byte[] Key { get; set; } = [];

    public uint Flags { get; set; }

    /// <summary>Unix time in milliseconds, or <see cref="MemoryEntry.Never"/>.</summary>
    public long ExpireAt { get; set; }

    /// <summary>The version that the client has seen; 0 for none.</summary>
    public ulong Cas { get; set; }

    /// <summary>Bytes of the value.</summary>
    public int Length { get; set; }

    /// <summary>A value older than the one that is there is taken, as stale (meta flag I).</summary>
    public bool TakesOlder { get; set; }

    /// <summary>The classic <c>noreply</c>, or the meta flag q.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Flags to answer a meta command with; null for a classic one.</summary>
    public MetaFlags? Meta { get; set; }

    public bool HasBinaryKey { get; set; }
}
