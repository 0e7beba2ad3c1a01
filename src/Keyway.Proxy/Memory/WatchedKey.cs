namespace Keyway.Proxy.Memory;

/// <summary>A key that a session watches, as it was then.</summary>
internal sealed class WatchedKey : IEquatable<WatchedKey>
{
    private readonly MemoryDatabase _database;
    private readonly byte[] _key;
    private readonly MemoryEntry? _entry;
    private readonly long _version;

    /// <param name="database">Where it is.</param>
    /// <param name="key">The key.</param>
    /// <param name="now">Unix time in milliseconds.</param>
    public WatchedKey(MemoryDatabase database, byte[] key, long now)
    {
        _database = database;
        _key = key;
        _entry = database.Find(key, now);
        _version = _entry?.Version ?? 0;
    }

    /// <summary>True for the same key of the same database, whatever it was then.</summary>
    public bool Equals(WatchedKey? other) => other is not null && other._database == _database && other._key.AsSpan().SequenceEqual(_key);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WatchedKey);

    /// <inheritdoc/>
    public override int GetHashCode() => BytesComparer.Instance.GetHashCode(_key);

    /// <summary>True if the key was written, has come, or has gone (expired too) meanwhile.</summary>
    public bool HasChanged(long now)
    {
        MemoryEntry? entry = _database.Find(_key, now);
        return entry != _entry || (entry is not null && entry.Version != _version);
    }
}
