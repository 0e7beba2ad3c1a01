namespace Keyway.Proxy.Memory.Memcached;

/// <summary>What can be done to the items of a store, at one moment. To be used under the store's lock.</summary>
/// <param name="store">The data.</param>
/// <param name="now">Unix time in milliseconds.</param>
internal readonly ref struct MemcachedItems(MemoryStore store, long now)
{
    /// <summary>memcached's default limit of an item in bytes (<c>-I</c>), with its header.</summary>
    private const int LargestItem = 1 << 20;

    // memcached's header: the item's own, the version, the key's end and the value's CRLF; and the flags where there are any.
    private const int Header = 48 + 8 + 1 + 2;
    private const int FlagsSize = 4;

    // From this number of seconds on (30 days) an expiry is a moment, not a time from now.
    private const int LongestDelay = 60 * 60 * 24 * 30;
    private const long LongAgo = 1;

    private readonly MemoryDatabase _database = store.Database(0);

    public long Now => now;

    /// <summary>Whether a value may be stored at all.</summary>
    public static bool IsTooLarge(int key, uint flags, int value) => Header + key + (flags == 0 ? 0 : FlagsSize) + (long)value > LargestItem;

    /// <summary>Unix milliseconds, or never, from seconds as clients give them.</summary>
    public long ExpiryFrom(int seconds) => seconds switch
    {
        0 => MemoryEntry.Never,
        < 0 => LongAgo,
        <= LongestDelay => now + (seconds * 1000L),
        _ => seconds * 1000L,
    };

    /// <summary>The item of a key, or null.</summary>
    public MemcachedEntry? Find(ReadOnlySpan<byte> key) => (MemcachedEntry?)_database.Find(key, now);

    /// <summary>The item of a key that a client reads, or null.</summary>
    public MemcachedEntry? Fetch(ReadOnlySpan<byte> key)
    {
        MemcachedEntry? item = Find(key);
        CountGet(item);
        if (item is not null)
        {
            NoteRead(item);
        }

        return item;
    }

    public void CountGet(MemcachedEntry? item)
    {
        store.Memcached.Gets++;
        if (item is null)
        {
            store.Stats.Misses++;
        }
        else
        {
            store.Stats.Hits++;
        }
    }

    public void NoteRead(MemcachedEntry item)
    {
        item.IsFetched = true;
        item.LastAccess = now / 1000;
    }

    public void SetExpiry(MemcachedEntry item, long expireAt) => _database.SetExpiry(item, expireAt);

    public void Remove(MemcachedEntry item) => _database.Remove(item);

    /// <summary>Stores the value if the request's condition holds.</summary>
    public StoreResult Store(StoreRequest request, ReadOnlySpan<byte> value, out MemcachedEntry? item)
    {
        store.Memcached.Sets++;
        MemcachedEntry? old = Find(request.Key);
        item = null;
        if (old is null)
        {
            switch (request.Mode)
            {
                case StoreMode.CompareAndSet:
                    return StoreResult.NotFound;
                case StoreMode.Replace or StoreMode.Append or StoreMode.Prepend:
                    return StoreResult.NotStored;
                default:
                    item = Put(request, value.ToArray());
                    return StoreResult.Stored;
            }
        }

        bool isSame = request.Cas == old.Cas;
        bool isOlder = request is { TakesOlder: true, Cas: > 0 } && request.Cas < old.Cas;
        switch (request.Mode)
        {
            case StoreMode.Add:
                old.LastAccess = now / 1000;
                return StoreResult.NotStored;
            case StoreMode.CompareAndSet when !isSame && !isOlder:
                return StoreResult.Exists;
            case StoreMode.CompareAndSet when isOlder:
                (long expireAt, bool isTokenSent) = (old.ExpireAt, old.IsTokenSent);
                item = Put(request, value.ToArray(), old);
                item.IsStale = true;
                item.IsTokenSent = isTokenSent;
                SetExpiry(item, expireAt);
                return StoreResult.Stored;
            case StoreMode.Append or StoreMode.Prepend:
                return Join(request, value, old, out item);
            default:
                item = Put(request, value.ToArray(), old);
                return StoreResult.Stored;
        }
    }

    /// <summary>Puts a new value in an item's place, as a new version.</summary>
    public MemcachedEntry Renew(MemcachedEntry old, byte[] value)
    {
        var request = new StoreRequest { Key = old.Key, Flags = old.Flags, ExpireAt = old.ExpireAt };
        return Put(request, value, old);
    }

    /// <summary>Overwrites the value of an item, which stays the same item in another version.</summary>
    public void Change(MemcachedEntry item, byte[] value)
    {
        item.Text = value;
        item.Cas = store.Memcached.NextCas();
        item.LastAccess = now / 1000;
        _database.Book(item);
    }

    /// <summary>Marks an item as out of date; the next client to see it is to renew it.</summary>
    public void Invalidate(MemcachedEntry item)
    {
        item.IsStale = true;
        item.IsTokenSent = false;
        item.Cas = store.Memcached.NextCas();
    }

    private StoreResult Join(StoreRequest request, ReadOnlySpan<byte> value, MemcachedEntry old, out MemcachedEntry? item)
    {
        item = null;
        if (request.Cas != 0 && request.Cas != old.Cas)
        {
            return StoreResult.Exists;
        }

        if (IsTooLarge(old.Key.Length, old.Flags, old.Value.Length + value.Length))
        {
            return StoreResult.TooLarge;
        }

        item = Renew(old, request.Mode == StoreMode.Append ? [.. old.Value, .. value] : [.. value, .. old.Value]);
        return StoreResult.Stored;
    }

    private MemcachedEntry Put(StoreRequest request, byte[] value, MemcachedEntry? old = null)
    {
        if (old is not null)
        {
            Remove(old);
        }

        var item = new MemcachedEntry(request.Key)
        {
            Text = value, Flags = request.Flags, Cas = store.Memcached.NextCas(), LastAccess = now / 1000, HasBinaryKey = request.HasBinaryKey,
        };
        _database.Add(item);
        _database.Book(item);
        SetExpiry(item, request.ExpireAt);
        return item;
    }
}
