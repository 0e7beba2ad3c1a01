namespace Keyway.Proxy.Memory.Memcached;

/// <summary>The classic commands. A line with too few or too many words is answered as an unknown one.</summary>
internal sealed class TextCommands(MemcachedSession session, MemoryStore store, CommandWords words, MemcachedReply reply)
{
    /// <summary>Bytes of the longest key.</summary>
    public const int LongestKey = 250;

    public static ReadOnlySpan<byte> Unknown => "ERROR"u8;

    public static ReadOnlySpan<byte> BadFormat => "CLIENT_ERROR bad command line format"u8;

    public static ReadOnlySpan<byte> TooLarge => "SERVER_ERROR object too large for cache"u8;

    public static ReadOnlySpan<byte> NoNumber => "CLIENT_ERROR cannot increment or decrement non-numeric value"u8;

    private static ReadOnlySpan<byte> BadExpiry => "CLIENT_ERROR invalid exptime argument"u8;

    /// <summary>False for a line that is no command.</summary>
    public bool TryHandle(in MemcachedItems items, ReadOnlySpan<byte> name, ReadOnlySpan<byte> line)
    {
        if (name.SequenceEqual("get"u8) || name.SequenceEqual("gets"u8))
        {
            return words.Count >= 2 && Get(items, line, withCas: name.Length == 4);
        }

        if (name.SequenceEqual("set"u8))
        {
            return Store(items, StoreMode.Set, line);
        }

        if (name.SequenceEqual("gat"u8) || name.SequenceEqual("gats"u8))
        {
            return words.Count >= 2 && GetAndTouch(items, line, withCas: name.Length == 4);
        }

        return TryChange(items, name, line) || TryServe(items, name, line);
    }

    /// <summary>Answers a classic storage command.</summary>
    public void AnswerStore(StoreResult result, bool isQuiet) => reply.Line(
        result switch
        {
            StoreResult.Stored => "STORED"u8,
            StoreResult.Exists => "EXISTS"u8,
            StoreResult.NotFound => "NOT_FOUND"u8,
            StoreResult.TooLarge => "SERVER_ERROR out of memory storing object"u8,
            _ => "NOT_STORED"u8,
        },
        isQuiet);

    private bool TryChange(in MemcachedItems items, ReadOnlySpan<byte> name, ReadOnlySpan<byte> line) =>
        (name.SequenceEqual("add"u8) && Store(items, StoreMode.Add, line)) ||
        (name.SequenceEqual("replace"u8) && Store(items, StoreMode.Replace, line)) ||
        (name.SequenceEqual("append"u8) && Store(items, StoreMode.Append, line)) ||
        (name.SequenceEqual("prepend"u8) && Store(items, StoreMode.Prepend, line)) ||
        (name.SequenceEqual("cas"u8) && Store(items, StoreMode.CompareAndSet, line)) ||
        (name.SequenceEqual("delete"u8) && words.Count is >= 2 and <= 4 && Delete(items, line)) ||
        (name.SequenceEqual("incr"u8) && words.Count is 3 or 4 && Count(items, line, up: true)) ||
        (name.SequenceEqual("decr"u8) && words.Count is 3 or 4 && Count(items, line, up: false)) ||
        (name.SequenceEqual("touch"u8) && words.Count is 3 or 4 && Touch(items, line));

    private bool TryServe(in MemcachedItems items, ReadOnlySpan<byte> name, ReadOnlySpan<byte> line)
    {
        if (name.SequenceEqual("version"u8))
        {
            // Clients choose by it what they may ask: it is the version of memcached that these commands behave as.
            reply.Line("VERSION 1.6.18"u8);
        }
        else if (name.SequenceEqual("flush_all"u8) && words.Count <= 3)
        {
            Flush(items, line);
        }
        else if (name.SequenceEqual("verbosity"u8) && words.Count is (2 or 3))
        {
            bool isRight = MemcachedNumbers.TryUnsigned(words.Get(line, 1), out _);
            reply.Line(isRight ? "OK"u8 : BadFormat, IsQuiet(line));
        }
        else if (name.SequenceEqual("stats"u8))
        {
            return Stats(line);
        }
        else if (name.SequenceEqual("quit"u8) || IsHttp(line))
        {
            session.End();
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool Get(in MemcachedItems items, ReadOnlySpan<byte> line, bool withCas)
    {
        if (!KeysFit(line, 1))
        {
            reply.Line(BadFormat);
            return true;
        }

        for (int i = 1; i < words.Count; i++)
        {
            Show(items.Fetch(words.Get(line, i)), withCas);
        }

        reply.Line("END"u8);
        return true;
    }

    private bool GetAndTouch(in MemcachedItems items, ReadOnlySpan<byte> line, bool withCas)
    {
        if (!MemcachedNumbers.TrySigned(words.Get(line, 1), out int seconds))
        {
            reply.Line(BadExpiry);
            return true;
        }

        if (!KeysFit(line, 2))
        {
            reply.Line(BadFormat);
            return true;
        }

        for (int i = 2; i < words.Count; i++)
        {
            MemcachedEntry? item = items.Fetch(words.Get(line, i));
            Show(item, withCas);
            if (item is not null)
            {
                items.SetExpiry(item, items.ExpiryFrom(seconds));
            }
        }

        reply.Line("END"u8);
        return true;
    }

    private void Show(MemcachedEntry? item, bool withCas)
    {
        if (item is null)
        {
            return;
        }

        reply.Part("VALUE "u8);
        reply.Part(item.Key);
        reply.Part(" "u8);
        reply.Number(item.Flags);
        reply.Part(" "u8);
        reply.Number((ulong)item.Value.Length);
        if (withCas)
        {
            reply.Part(" "u8);
            reply.Number(item.Cas);
        }

        reply.Part("\r\n"u8);
        reply.Line(item.Value);
    }

    // KEY FLAGS EXPIRY BYTES [CAS] [noreply]
    private bool Store(in MemcachedItems items, StoreMode mode, ReadOnlySpan<byte> line)
    {
        int most = mode == StoreMode.CompareAndSet ? 7 : 6;
        if (words.Count != most && words.Count != most - 1)
        {
            return false;
        }

        ulong cas = 0;
        bool isQuiet = IsQuiet(line);
        ReadOnlySpan<byte> key = words.Get(line, 1);
        if (key.Length > LongestKey ||
            !MemcachedNumbers.TryUnsigned(words.Get(line, 2), out ulong flags) ||
            !MemcachedNumbers.TrySigned(words.Get(line, 3), out int seconds) ||
            !MemcachedNumbers.TrySigned(words.Get(line, 4), out int length) || length is < 0 or > int.MaxValue - 2 ||
            (mode == StoreMode.CompareAndSet && !MemcachedNumbers.TryUnsigned(words.Get(line, 5), out cas)))
        {
            reply.Line(BadFormat, isQuiet);
            return true;
        }

        if (MemcachedItems.IsTooLarge(key.Length, (uint)flags, length))
        {
            // What the client wanted to replace must not be read any more.
            if (mode == StoreMode.Set && items.Find(key) is { } old)
            {
                items.Remove(old);
            }

            session.Swallow(length, isQuiet ? [] : TooLarge);
            return true;
        }

        StoreRequest request = session.Request;
        (request.Mode, request.Key, request.Flags, request.ExpireAt) = (mode, key.ToArray(), (uint)flags, items.ExpiryFrom(seconds));
        (request.Cas, request.Length, request.IsQuiet) = (cas, length, isQuiet);
        (request.TakesOlder, request.HasBinaryKey, request.Meta) = (false, false, null);
        session.ExpectBlock();
        return true;
    }

    private bool Delete(in MemcachedItems items, ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> key = words.Get(line, 1);
        bool isQuiet = words.Count > 2 && IsQuiet(line);
        if (words.Count > 2 && !IsZeroOrQuiet(line, isQuiet))
        {
            reply.Line("CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]"u8, isQuiet);
        }
        else if (key.Length > LongestKey)
        {
            reply.Line(BadFormat, isQuiet);
        }
        else if (items.Find(key) is { } item)
        {
            items.Remove(item);
            reply.Line("DELETED"u8, isQuiet);
        }
        else
        {
            reply.Line("NOT_FOUND"u8, isQuiet);
        }

        return true;
    }

    // Clients of old send a time of 0.
    private bool IsZeroOrQuiet(ReadOnlySpan<byte> line, bool isQuiet)
    {
        bool isZero = words.Get(line, 2).SequenceEqual("0"u8);
        return words.Count == 3 ? isZero || isQuiet : isZero && isQuiet;
    }

    private bool Count(in MemcachedItems items, ReadOnlySpan<byte> line, bool up)
    {
        ReadOnlySpan<byte> key = words.Get(line, 1);
        bool isQuiet = IsQuiet(line);
        if (key.Length > LongestKey)
        {
            reply.Line(BadFormat, isQuiet);
        }
        else if (!MemcachedNumbers.TryUnsigned(words.Get(line, 2), out ulong delta))
        {
            reply.Line("CLIENT_ERROR invalid numeric delta argument"u8, isQuiet);
        }
        else if (items.Find(key) is not { } item)
        {
            reply.Line("NOT_FOUND"u8, isQuiet);
        }
        else if (!Counter.TryChange(items, ref item, delta, up, out ulong result))
        {
            reply.Line(NoNumber, isQuiet);
        }
        else if (!isQuiet)
        {
            reply.Number(result);
            reply.Part("\r\n"u8);
        }

        return true;
    }

    private bool Touch(in MemcachedItems items, ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> key = words.Get(line, 1);
        bool isQuiet = IsQuiet(line);
        if (key.Length > LongestKey)
        {
            reply.Line(BadFormat, isQuiet);
        }
        else if (!MemcachedNumbers.TrySigned(words.Get(line, 2), out int seconds))
        {
            reply.Line(BadExpiry, isQuiet);
        }
        else if (items.Find(key) is { } item)
        {
            items.NoteRead(item);
            items.SetExpiry(item, items.ExpiryFrom(seconds));
            reply.Line("TOUCHED"u8, isQuiet);
        }
        else
        {
            reply.Line("NOT_FOUND"u8, isQuiet);
        }

        return true;
    }

    private void Flush(in MemcachedItems items, ReadOnlySpan<byte> line)
    {
        bool isQuiet = IsQuiet(line);
        int seconds = 0;
        if (words.Count > (isQuiet ? 2 : 1) && !MemcachedNumbers.TrySigned(words.Get(line, 1), out seconds))
        {
            reply.Line(BadExpiry, isQuiet);
            return;
        }

        long at = items.ExpiryFrom(seconds);
        if (seconds > 0 && at > items.Now)
        {
            store.Memcached.FlushAt = at;
        }
        else
        {
            store.Memcached.FlushAt = MemoryEntry.Never;
            store.Memcached.NextCas();
            store.Clear();
        }

        reply.Line("OK"u8, isQuiet);
    }

    private bool Stats(ReadOnlySpan<byte> line)
    {
        if (words.Count > 1)
        {
            return ShowStats(words.Get(line, 1));
        }

        reply.Stat("pid"u8, Environment.ProcessId);
        reply.Stat("uptime"u8, store.UptimeSeconds);
        reply.Stat("time"u8, store.UtcNow.ToUnixTimeSeconds());
        reply.Stat("cmd_get"u8, store.Memcached.Gets);
        reply.Stat("cmd_set"u8, store.Memcached.Sets);
        reply.Stat("get_hits"u8, store.Stats.Hits);
        reply.Stat("get_misses"u8, store.Stats.Misses);
        reply.Stat("bytes"u8, store.Stats.UsedBytes);
        reply.Stat("limit_maxbytes"u8, store.MaxBytes);
        reply.Stat("curr_items"u8, store.Database(0).Entries.Count);
        reply.Stat("evictions"u8, store.Stats.Evicted);
        reply.Line("END"u8);
        return true;
    }

    // Browsers and scanners: memcached leaves them at once.
    private bool IsHttp(ReadOnlySpan<byte> line) => words.Get(line, words.Count - 1).StartsWith("HTTP/"u8);

    // There are no slabs and no settings to tell of; clients that look find none.
    private bool ShowStats(ReadOnlySpan<byte> kind)
    {
        bool isReset = kind.SequenceEqual("reset"u8);
        bool isKnown = isReset || kind.SequenceEqual("settings"u8) || kind.SequenceEqual("items"u8) || kind.SequenceEqual("slabs"u8) ||
            kind.SequenceEqual("sizes"u8) || kind.SequenceEqual("conns"u8);
        if (isKnown)
        {
            reply.Line(isReset ? "RESET"u8 : "END"u8);
        }

        return isKnown;
    }

    private bool KeysFit(ReadOnlySpan<byte> line, int first)
    {
        for (int i = first; i < words.Count; i++)
        {
            if (words.Get(line, i).Length > LongestKey)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsQuiet(ReadOnlySpan<byte> line) => words.Get(line, words.Count - 1).SequenceEqual("noreply"u8);
}
