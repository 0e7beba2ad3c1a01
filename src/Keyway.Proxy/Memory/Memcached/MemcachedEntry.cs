namespace Keyway.Proxy.Memory.Memcached;

/// <summary>An item of memcached's: a value with what clients may ask about it.</summary>
internal sealed class MemcachedEntry(byte[] key) : MemoryEntry(key)
{
    /// <summary>The client's own number.</summary>
    public uint Flags { get; set; }

    /// <summary>Names this version of the item; no two writes have the same.</summary>
    public ulong Cas { get; set; }

    /// <summary>Unix time in seconds of the last write or read.</summary>
    public long LastAccess { get; set; }

    /// <summary>Read since it was written.</summary>
    public bool IsFetched { get; set; }

    /// <summary>Marked as out of date by a delete or a set with I: still handed out, with the flag X.</summary>
    public bool IsStale { get; set; }

    /// <summary>One client was told (flag W) that it is the one to renew the item.</summary>
    public bool IsTokenSent { get; set; }

    /// <summary>Written with a base64 key, as which the key is then shown.</summary>
    public bool HasBinaryKey { get; set; }

    /// <summary>Bytes of the value.</summary>
    public byte[] Value => Text!;
}
