using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Memory;

/// <summary>One command on its way through its handler.</summary>
internal readonly ref struct MemoryCall(MemorySession session, MemoryCommand command, ReadOnlySpan<byte> frame, RequestArgs args, long now)
{
    private readonly ReadOnlySpan<byte> _frame = frame;

    public MemorySession Session { get; } = session;

    public MemoryStore Store => Session.Store;

    public MemoryDatabase Database { get; } = session.Store.Database(session.DatabaseIndex);

    public MemoryReply Reply => Session.Reply;

    /// <summary>Lower-case name of the command.</summary>
    public string Name => command.Name;

    /// <summary>Unix time in milliseconds, the same for all of the command.</summary>
    public long Now { get; } = now;

    /// <summary>Number of arguments, the name included.</summary>
    public int Count => args.Count;

    public ReadOnlySpan<byte> this[int index] => args.Get(_frame, index);

    /// <summary>An argument to be shown; ends before a zero byte, as C's strings do.</summary>
    public string Text(int index)
    {
        ReadOnlySpan<byte> bytes = this[index];
        int zero = bytes.IndexOf((byte)0);
        return System.Text.Encoding.Latin1.GetString(zero < 0 ? bytes : bytes[..zero]);
    }

    /// <summary>True if argument <paramref name="index"/> is <paramref name="word"/> in any case.</summary>
    public bool Is(int index, ReadOnlySpan<byte> word) => System.Text.Ascii.EqualsIgnoreCase(this[index], word);

    public MemoryEntry? Find(int index) => Database.Find(this[index], Now);

    /// <summary>As <see cref="Find"/>, for a command that reads: counts a hit or a miss.</summary>
    public MemoryEntry? Read(int index)
    {
        MemoryEntry? entry = Find(index);
        if (entry is null)
        {
            Store.Stats.Misses++;
        }
        else
        {
            Store.Stats.Hits++;
        }

        return entry;
    }

    /// <summary>False, with the error written, if the entry is there and no string.</summary>
    public bool IsStringOrNone(MemoryEntry? entry)
    {
        bool right = entry is null or { Text: not null };
        if (!right)
        {
            Reply.Error(MemoryErrors.WrongType);
        }

        return right;
    }

    /// <summary>False, with the error written, if the entry is there and no hash.</summary>
    public bool IsHashOrNone(MemoryEntry? entry)
    {
        bool right = entry is null or { Hash: not null };
        if (!right)
        {
            Reply.Error(MemoryErrors.WrongType);
        }

        return right;
    }

    /// <summary>False, with the error written, if argument <paramref name="index"/> is no whole number.</summary>
    public bool TryInteger(int index, out long value)
    {
        bool right = RespLength.TryParse(this[index], out value);
        if (!right)
        {
            Reply.Error(MemoryErrors.NotInteger);
        }

        return right;
    }

    /// <summary>Gives a key a string value; what it had, its expiry included, goes unless <paramref name="keepExpiry"/>.</summary>
    public MemoryEntry SetString(ReadOnlySpan<byte> key, byte[] value, bool keepExpiry = false)
    {
        MemoryEntry entry = Database.Find(key, Now) ?? Database.Add(key);
        entry.Hash = null;
        entry.Text = value;
        Database.Book(entry);
        if (!keepExpiry)
        {
            Database.SetExpiry(entry, MemoryEntry.Never);
        }

        return entry;
    }

    public void WrongArity() => Reply.Error($"ERR wrong number of arguments for '{Name}' command");

    public void InvalidExpiry() => Reply.Error($"ERR invalid expire time in '{Name}' command");
}
