namespace Keyway.Proxy.Memory;

/// <summary>One numbered database. Entries lie in dense lists too, so that any can be drawn at random at no cost.</summary>
internal sealed class MemoryDatabase(MemoryStats stats)
{
    private readonly Dictionary<byte[], MemoryEntry> _byKey = new(BytesComparer.Instance);
    private readonly List<MemoryEntry> _entries = [];
    private readonly List<MemoryEntry> _expiring = [];

    /// <summary>All entries in no order; expired ones that nobody asked for are among them.</summary>
    public IReadOnlyList<MemoryEntry> Entries => _entries;

    /// <summary>The entries that expire.</summary>
    public IReadOnlyList<MemoryEntry> Expiring => _expiring;

    /// <summary>The entry of a key; one whose time is over goes now.</summary>
    public MemoryEntry? Find(ReadOnlySpan<byte> key, long now)
    {
        if (!_byKey.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out MemoryEntry? entry))
        {
            return null;
        }

        if (entry.IsExpired(now))
        {
            Expire(entry);
            return null;
        }

        entry.LastUsed = stats.Commands;
        return entry;
    }

    /// <summary>A new entry without a value; the key must not be there. <see cref="Book"/> follows when it has one.</summary>
    public MemoryEntry Add(ReadOnlySpan<byte> key)
    {
        var entry = new MemoryEntry(key.ToArray());
        Add(entry);
        return entry;
    }

    /// <summary>Takes in an entry that is in no database; its key must not be there. <see cref="Book"/> follows when it has a value.</summary>
    public void Add(MemoryEntry entry)
    {
        entry.Index = _entries.Count;
        entry.LastUsed = stats.Commands;
        _byKey.Add(entry.Key, entry);
        _entries.Add(entry);
    }

    /// <summary>To be called whenever the value of an entry changed: counts its memory.</summary>
    public void Book(MemoryEntry entry)
    {
        long size = entry.Size;
        stats.UsedBytes += size - entry.Booked;
        entry.Booked = size;
        entry.Version = ++stats.Changes;
    }

    /// <summary>Sets when an entry expires, in Unix milliseconds, or <see cref="MemoryEntry.Never"/>.</summary>
    public void SetExpiry(MemoryEntry entry, long at)
    {
        entry.ExpireAt = at;
        entry.Version = ++stats.Changes;
        if (at == MemoryEntry.Never)
        {
            LeaveExpiring(entry);
        }
        else if (entry.ExpiringIndex < 0)
        {
            entry.ExpiringIndex = _expiring.Count;
            _expiring.Add(entry);
        }
    }

    public void Remove(MemoryEntry entry)
    {
        _byKey.Remove(entry.Key);
        LeaveExpiring(entry);
        stats.UsedBytes -= entry.Booked;
        MemoryEntry last = _entries[^1];
        _entries[entry.Index] = last;
        last.Index = entry.Index;
        _entries.RemoveAt(_entries.Count - 1);
    }

    /// <summary>Removes an entry because its time is over.</summary>
    public void Expire(MemoryEntry entry)
    {
        Remove(entry);
        stats.Expired++;
    }

    public void Clear()
    {
        foreach (MemoryEntry entry in _entries)
        {
            stats.UsedBytes -= entry.Booked;
        }

        _byKey.Clear();
        _entries.Clear();
        _expiring.Clear();
    }

    /// <summary>
    /// Takes up to <paramref name="count"/> entries below <paramref name="cursor"/> (0: from the end) and returns the next cursor, 0 when
    /// all were visited. Going down is what makes a scan complete while keys come and go: a removal moves the last entry, which was
    /// visited before or stays below the cursor.
    /// </summary>
    public ulong Scan(ulong cursor, int count, List<MemoryEntry> found)
    {
        int at = cursor == 0 ? _entries.Count : (int)Math.Min(cursor, (ulong)_entries.Count);
        for (; at > 0 && found.Count < count; at--)
        {
            found.Add(_entries[at - 1]);
        }

        return (ulong)at;
    }

    private void LeaveExpiring(MemoryEntry entry)
    {
        if (entry.ExpiringIndex < 0)
        {
            return;
        }

        MemoryEntry last = _expiring[^1];
        _expiring[entry.ExpiringIndex] = last;
        last.ExpiringIndex = entry.ExpiringIndex;
        _expiring.RemoveAt(_expiring.Count - 1);
        entry.ExpiringIndex = -1;
    }
}
