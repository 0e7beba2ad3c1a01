namespace Keyway.Proxy.Memory;

/// <summary>A key that a session watches, and which change was its last then. The value is not held by it.</summary>
internal sealed class WatchedKey : IEquatable<WatchedKey>
{
    // The object, the key's header, its place in the set.
    private const int Overhead = 100;

    private readonly MemoryDatabase _database;
    private readonly byte[] _key;
    private readonly long _version; // 0 for none

    /// <param name="database">Where it is.</param>
    /// <param name="key">The key.</param>
    /// <param name="now">Unix time in milliseconds.</param>
    public WatchedKey(MemoryDatabase database, byte[] key, long now)
    {
        _database = database;
        _key = key;
        _version = VersionAt(now);
    }

    /// <summary>Bytes of memory, roughly.</summary>
    public long Size => Overhead + _key.Length;

    /// <summary>True for the same key of the same database, whatever it was then.</summary>
    public bool Equals(WatchedKey? other) => other is not null && other._database == _database && other._key.AsSpan().SequenceEqual(_key);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WatchedKey);

    /// <inheritdoc/>
    public override int GetHashCode() => BytesComparer.Instance.GetHashCode(_key);

    /// <summary>True if the key was written, has come, or has gone (expired too) meanwhile.</summary>
    public bool HasChanged(long now) => VersionAt(now) != _version;

    private long VersionAt(long now) => _database.Find(_key, now)?.Version ?? 0;
}
