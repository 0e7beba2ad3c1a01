namespace Keyway.Proxy.Memory.Commands;

/// <summary>Keys of any type.</summary>
internal static class KeyCommands
{
    public static void Keys(in MemoryCall call)
    {
        var found = new List<MemoryEntry>();
        foreach (MemoryEntry entry in call.Database.Entries)
        {
            if (!entry.IsExpired(call.Now) && Glob.IsMatch(call[1], entry.Key))
            {
                found.Add(entry);
            }
        }

        WriteKeys(call, found);
    }

    public static void Scan(in MemoryCall call)
    {
        if (!ScanOptions.TryCursor(call, 1, out ulong cursor) || !ScanOptions.TryParse(call, 2, hasType: true, out ScanOptions options))
        {
            return;
        }

        var found = new List<MemoryEntry>();
        ulong next = call.Database.Scan(cursor, options.Count, found);
        var taken = new List<MemoryEntry>(found.Count);
        foreach (MemoryEntry entry in found)
        {
            if (!entry.IsExpired(call.Now) && options.Takes(entry.Key) && options.TakesType(TypeOf(entry)))
            {
                taken.Add(entry);
            }
        }

        call.Reply.Array(2);
        call.Reply.Number((long)next);
        WriteKeys(call, taken);
    }

    public static void RandomKey(in MemoryCall call) => call.Reply.BulkOrNull(call.Store.RandomEntry(call.Database, call.Now)?.Key);

    public static void Type(in MemoryCall call) => call.Reply.Simple(System.Text.Encoding.ASCII.GetBytes(TypeOf(call.Find(1))));

    /// <summary>EXISTS and TOUCH: a key that is named twice counts twice.</summary>
    public static void Exists(in MemoryCall call)
    {
        int found = 0;
        for (int i = 1; i < call.Count; i++)
        {
            found += call.Read(i) is null ? 0 : 1;
        }

        call.Reply.Integer(found);
    }

    /// <summary>DEL and UNLINK: the collector frees memory later in any case.</summary>
    public static void Del(in MemoryCall call)
    {
        int removed = 0;
        for (int i = 1; i < call.Count; i++)
        {
            if (call.Find(i) is { } entry)
            {
                call.Database.Remove(entry);
                removed++;
            }
        }

        call.Reply.Integer(removed);
    }

    public static void Rename(in MemoryCall call)
    {
        if (TryMove(call, overwrite: true, out _))
        {
            call.Reply.Ok();
        }
    }

    public static void RenameNx(in MemoryCall call)
    {
        if (TryMove(call, overwrite: false, out bool moved))
        {
            call.Reply.Integer(moved ? 1 : 0);
        }
    }

    /// <summary>False, with the error written, if there is no such key.</summary>
    private static bool TryMove(in MemoryCall call, bool overwrite, out bool moved)
    {
        moved = false;
        MemoryEntry? source = call.Find(1);
        if (source is null)
        {
            call.Reply.Error(MemoryErrors.NoSuchKey);
            return false;
        }

        MemoryEntry? target = call.Find(2);
        if (target == source || (target is not null && !overwrite))
        {
            return true;
        }

        if (target is not null)
        {
            call.Database.Remove(target);
        }

        MemoryEntry entry = call.Database.Add(call[2]);
        entry.Text = source.Text;
        entry.Hash = source.Hash;
        call.Database.SetExpiry(entry, source.ExpireAt);
        call.Database.Book(entry);
        call.Database.Remove(source);
        moved = true;
        return true;
    }

    private static string TypeOf(MemoryEntry? entry) => entry is null ? "none" : entry.Text is not null ? "string" : "hash";

    private static void WriteKeys(in MemoryCall call, List<MemoryEntry> entries)
    {
        call.Reply.Array(entries.Count);
        foreach (MemoryEntry entry in entries)
        {
            call.Reply.Bulk(entry.Key);
        }
    }
}
