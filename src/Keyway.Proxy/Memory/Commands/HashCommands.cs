using System.Globalization;
using System.Text;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Memory.Commands;

/// <summary>Hashes, https://redis.io/docs/latest/commands/?group=hash.</summary>
internal static class HashCommands
{
    // As Redis answers a small hash: all of it at once.
    private const int WholeScanUpTo = 512;

    public static void Set(in MemoryCall call)
    {
        if (TrySet(call, out int added))
        {
            call.Reply.Integer(added);
        }
    }

    public static void MSet(in MemoryCall call)
    {
        if (TrySet(call, out _))
        {
            call.Reply.Ok();
        }
    }

    public static void SetNx(in MemoryCall call)
    {
        if (!TryFind(call, out MemoryEntry? entry))
        {
            return;
        }

        bool absent = entry?.Hash!.Find(call[2]) is null;
        if (absent)
        {
            Store(call, entry, 2, call[3]);
        }

        call.Reply.Integer(absent ? 1 : 0);
    }

    public static void Get(in MemoryCall call)
    {
        if (TryRead(call, out HashValue? hash))
        {
            call.Reply.BulkOrNull(hash?.Find(call[2])?.Value);
        }
    }

    public static void MGet(in MemoryCall call)
    {
        if (!TryRead(call, out HashValue? hash))
        {
            return;
        }

        call.Reply.Array(call.Count - 2);
        for (int i = 2; i < call.Count; i++)
        {
            call.Reply.BulkOrNull(hash?.Find(call[i])?.Value);
        }
    }

    public static void GetAll(in MemoryCall call)
    {
        if (TryRead(call, out HashValue? hash))
        {
            call.Reply.Map(hash?.Count ?? 0);
            Write(call, hash?.Fields ?? [], names: true, values: true);
        }
    }

    public static void Keys(in MemoryCall call)
    {
        if (TryRead(call, out HashValue? hash))
        {
            call.Reply.Array(hash?.Count ?? 0);
            Write(call, hash?.Fields ?? [], names: true, values: false);
        }
    }

    public static void Vals(in MemoryCall call)
    {
        if (TryRead(call, out HashValue? hash))
        {
            call.Reply.Array(hash?.Count ?? 0);
            Write(call, hash?.Fields ?? [], names: false, values: true);
        }
    }

    public static void Del(in MemoryCall call)
    {
        if (!TryFind(call, out MemoryEntry? entry))
        {
            return;
        }

        int removed = 0;
        for (int i = 2; i < call.Count && entry is not null; i++)
        {
            removed += entry.Hash!.Remove(call[i]) ? 1 : 0;
        }

        if (entry?.Hash!.Count == 0)
        {
            call.Database.Remove(entry);
        }
        else if (entry is not null && removed > 0)
        {
            call.Database.Book(entry);
        }

        call.Reply.Integer(removed);
    }

    public static void Exists(in MemoryCall call)
    {
        if (TryRead(call, out HashValue? hash))
        {
            call.Reply.Integer(hash?.Find(call[2]) is null ? 0 : 1);
        }
    }

    public static void Len(in MemoryCall call)
    {
        if (TryRead(call, out HashValue? hash))
        {
            call.Reply.Integer(hash?.Count ?? 0);
        }
    }

    public static void StrLen(in MemoryCall call)
    {
        if (TryRead(call, out HashValue? hash))
        {
            call.Reply.Integer(hash?.Find(call[2])?.Value.Length ?? 0);
        }
    }

    public static void IncrBy(in MemoryCall call)
    {
        if (!call.TryInteger(3, out long step) || !TryFind(call, out MemoryEntry? entry))
        {
            return;
        }

        long value = 0;
        if (entry?.Hash!.Find(call[2]) is { } field && !RespLength.TryParse(field.Value, out value))
        {
            call.Reply.Error("ERR hash value is not an integer"u8);
            return;
        }

        if (step > 0 ? value > long.MaxValue - step : value < long.MinValue - step)
        {
            call.Reply.Error(MemoryErrors.Overflow);
            return;
        }

        value += step;
        Store(call, entry, 2, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
        call.Reply.Integer(value);
    }

    public static void IncrByFloat(in MemoryCall call)
    {
        if (!ExtendedFloat.TryParse(call[3], out ExtendedFloat step))
        {
            call.Reply.Error(MemoryErrors.NotFloat);
            return;
        }

        if (!step.IsFinite)
        {
            call.Reply.Error("ERR value is NaN or Infinity"u8);
            return;
        }

        if (!TryFind(call, out MemoryEntry? entry))
        {
            return;
        }

        ExtendedFloat value = default;
        if (entry?.Hash!.Find(call[2]) is { } field && !ExtendedFloat.TryParse(field.Value, out value))
        {
            call.Reply.Error("ERR hash value is not a float"u8);
            return;
        }

        value += step;
        if (!value.IsFinite)
        {
            call.Reply.Error(MemoryErrors.NotFinite);
            return;
        }

        byte[] text = Encoding.ASCII.GetBytes(value.ToString());
        Store(call, entry, 2, text);
        call.Reply.Bulk(text);
    }

    public static void Scan(in MemoryCall call)
    {
        if (!ScanOptions.TryCursor(call, 2, out ulong cursor) || !TryRead(call, out HashValue? hash))
        {
            return;
        }

        var taken = new List<HashField>();
        ulong next = 0;
        if (hash is not null)
        {
            if (!ScanOptions.TryParse(call, 3, hasType: false, out ScanOptions options))
            {
                return;
            }

            var found = new List<HashField>();
            if (hash.Count <= WholeScanUpTo)
            {
                found.AddRange(hash.Fields);
            }
            else
            {
                next = hash.Scan(cursor, options.Count, found);
            }

            foreach (HashField field in found)
            {
                if (options.Takes(field.Name))
                {
                    taken.Add(field);
                }
            }
        }

        call.Reply.Array(2);
        call.Reply.Number((long)next);
        call.Reply.Array(taken.Count * 2);
        Write(call, taken, names: true, values: true);
    }

    private static bool TrySet(in MemoryCall call, out int added)
    {
        added = 0;
        if (call.Count % 2 != 0)
        {
            call.WrongArity();
            return false;
        }

        if (!TryFind(call, out MemoryEntry? entry))
        {
            return false;
        }

        for (int i = 2; i < call.Count; i += 2)
        {
            int before = entry?.Hash!.Count ?? 0;
            entry = Store(call, entry, i, call[i + 1]);
            added += entry.Hash!.Count - before;
        }

        return true;
    }

    /// <summary>Sets the field that argument <paramref name="nameIndex"/> names; makes the hash if there is none.</summary>
    private static MemoryEntry Store(in MemoryCall call, MemoryEntry? entry, int nameIndex, ReadOnlySpan<byte> value)
    {
        entry ??= call.Database.Add(call[1]);
        entry.Hash ??= new HashValue();
        entry.Hash.Set(call[nameIndex], value);
        call.Database.Book(entry);
        return entry;
    }

    private static bool TryFind(in MemoryCall call, out MemoryEntry? entry)
    {
        entry = call.Find(1);
        return call.IsHashOrNone(entry);
    }

    private static bool TryRead(in MemoryCall call, out HashValue? hash)
    {
        MemoryEntry? entry = call.Read(1);
        hash = entry?.Hash;
        return call.IsHashOrNone(entry);
    }

    private static void Write(in MemoryCall call, IEnumerable<HashField> fields, bool names, bool values)
    {
        foreach (HashField field in fields)
        {
            if (names)
            {
                call.Reply.Bulk(field.Name);
            }

            if (values)
            {
                call.Reply.Bulk(field.Value);
            }
        }
    }
}
