namespace Keyway.Proxy.Memory;

/// <summary>A key and its value: a string or a hash.</summary>
internal class MemoryEntry(byte[] key)
{
    /// <summary><see cref="ExpireAt"/> of a key that stays.</summary>
    public const long Never = -1;

    // The entry's object, its dictionary entry, its place in the list, two arrays' headers.
    private const int Overhead = 160;

    public byte[] Key { get; } = key;

    /// <summary>The value if it is a string.</summary>
    public byte[]? Text { get; set; }

    /// <summary>The value if it is a hash.</summary>
    public HashValue? Hash { get; set; }

    /// <summary>Unix time in milliseconds, or <see cref="Never"/>. Changed through the database only.</summary>
    public long ExpireAt { get; set; } = Never;

    /// <summary>The store's tick at the last use, for eviction.</summary>
    public long LastUsed { get; set; }

    /// <summary>The number of the last change of the value or its expiry, from 1, for WATCH. No other entry has had it.</summary>
    public long Version { get; set; }

    /// <summary>Place in the database's list of all entries.</summary>
    public int Index { get; set; }

    /// <summary>Place in the database's list of entries that expire, or -1.</summary>
    public int ExpiringIndex { get; set; } = -1;

    /// <summary>Bytes that the store has booked for the entry.</summary>
    public long Booked { get; set; }

    /// <summary>Bytes of memory now, roughly.</summary>
    public long Size => Overhead + Key.Length + (Text?.Length ?? 0) + (Hash?.Size ?? 0);

    public bool IsExpired(long now) => ExpireAt != Never && ExpireAt <= now;
}
