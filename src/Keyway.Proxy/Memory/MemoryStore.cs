using Keyway.Proxy.Memory.Memcached;

namespace Keyway.Proxy.Memory;

/// <summary>
/// Strings and hashes in this process's memory, for pools whose server is <c>memory</c>. One data set for all reactors behind one
/// lock, which is held for one command. When the budget is passed, keys that were not used for long go, whether they expire or not.
/// </summary>
/// <param name="maxBytes">Budget for keys and values with their overhead, in bytes, above 0.</param>
/// <param name="time">The clock of expiry.</param>
/// <param name="random">Draws the samples of expiry and eviction; null for one of its own.</param>
public sealed class MemoryStore(long maxBytes, TimeProvider time, Random? random = null)
{
    internal const int Databases = 16;

    // As Redis: of 5 drawn at random the one unused for longest is close enough to the true one.
    private const int EvictionSamples = 5;

    // Expired keys that nobody asks for are found by drawing; more rounds as long as a quarter of a draw was expired.
    private const int ExpirySamples = 20;
    private const int ExpiryRounds = 16;
    private const int CommandsBetweenExpiry = 128;

    private readonly MemoryDatabase[] _databases = new MemoryDatabase[Databases];
    private readonly long _start = time.GetTimestamp();

    private readonly Random _random = random ?? new Random();

    /// <summary>Bytes in use, roughly; between commands at most the budget.</summary>
    public long UsedBytes
    {
        get
        {
            lock (Gate)
            {
                return Stats.UsedBytes;
            }
        }
    }

    internal Lock Gate { get; } = new();

    internal MemoryStats Stats { get; } = new();

    /// <summary>What the sessions of memcached's protocol share beside the entries.</summary>
    internal MemcachedState Memcached { get; } = new();

    internal long MaxBytes => maxBytes;

    /// <summary>Most of the budget that sessions can keep for themselves: the rest is for entries.</summary>
    internal long MaxKeptBytes => maxBytes / 2;

    /// <summary>Whole seconds since the store was made.</summary>
    internal long UptimeSeconds => (long)time.GetElapsedTime(_start).TotalSeconds;

    internal DateTimeOffset UtcNow => time.GetUtcNow();

    /// <summary>Removes expired keys that are found by sampling. Commands do this too; an idle store needs a timer to call it.</summary>
    public void RemoveExpired()
    {
        lock (Gate)
        {
            RemoveExpired(UtcNow.ToUnixTimeMilliseconds());
        }
    }

    /// <summary>Database <paramref name="index"/>, made at its first use.</summary>
    internal MemoryDatabase Database(int index) => _databases[index] ??= new MemoryDatabase(Stats);

    internal void Clear()
    {
        foreach (MemoryDatabase? database in _databases)
        {
            database?.Clear();
        }
    }

    internal MemoryEntry? RandomEntry(MemoryDatabase database, long now)
    {
        while (database.Entries.Count > 0)
        {
            MemoryEntry entry = Draw(database.Entries);
            if (!entry.IsExpired(now))
            {
                return entry;
            }

            database.Expire(entry);
        }

        return null;
    }

    /// <summary>What every command does at its end.</summary>
    internal void Tidy(long now)
    {
        if (Stats.Commands % CommandsBetweenExpiry == 0)
        {
            RemoveExpired(now);
        }

        while (Stats.UsedBytes > maxBytes)
        {
            Evict();
        }
    }

    private void RemoveExpired(long now)
    {
        foreach (MemoryDatabase? database in _databases)
        {
            int expired = ExpirySamples;
            for (int round = 0; round < ExpiryRounds && expired * 4 >= ExpirySamples && database is not null; round++)
            {
                expired = 0;
                for (int i = 0; i < ExpirySamples && database.Expiring.Count > 0; i++)
                {
                    MemoryEntry entry = Draw(database.Expiring);
                    if (entry.IsExpired(now))
                    {
                        database.Expire(entry);
                        expired++;
                    }
                }
            }
        }
    }

    private void Evict()
    {
        MemoryEntry? oldest = null;
        MemoryDatabase? home = null;
        foreach (MemoryDatabase? database in _databases)
        {
            for (int i = 0; i < EvictionSamples && database?.Entries.Count > 0; i++)
            {
                MemoryEntry entry = Draw(database.Entries);
                if (oldest is null || entry.LastUsed < oldest.LastUsed)
                {
                    oldest = entry;
                    home = database;
                }
            }
        }

        home!.Remove(oldest!);
        Stats.Evicted++;
    }

    private MemoryEntry Draw(IReadOnlyList<MemoryEntry> entries) => entries[_random.Next(entries.Count)];
}
