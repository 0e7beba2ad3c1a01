namespace Keyway.Proxy.Memory.Commands;

/// <summary>Strings, https://redis.io/docs/latest/commands/?group=string.</summary>
internal static class StringCommands
{
    // Redis's proto-max-bulk-len.
    private const long LongestValue = 512L << 20;

    public static void Get(in MemoryCall call)
    {
        MemoryEntry? entry = call.Read(1);
        if (call.IsStringOrNone(entry))
        {
            call.Reply.BulkOrNull(entry?.Text);
        }
    }

    public static void Set(in MemoryCall call)
    {
        if (!ExpiryOptions.TryParse(call, 3, isSet: true, out ExpiryOptions options))
        {
            call.Reply.Error(MemoryErrors.Syntax);
            return;
        }

        if (!TryExpiry(call, options, out long expireAt))
        {
            return;
        }

        MemoryEntry? old = call.Find(1);
        if (options.Get && !call.IsStringOrNone(old))
        {
            return;
        }

        byte[]? oldText = old?.Text;
        bool isSet = !((options.IfAbsent && old is not null) || (options.IfPresent && old is null));
        if (isSet)
        {
            SetWithExpiry(call, 2, expireAt, options.KeepExpiry);
        }

        if (isSet && !options.Get)
        {
            call.Reply.Ok();
        }
        else
        {
            call.Reply.BulkOrNull(options.Get ? oldText : null);
        }
    }

    public static void SetNx(in MemoryCall call)
    {
        bool absent = call.Find(1) is null;
        if (absent)
        {
            call.SetString(call[1], call[2].ToArray());
        }

        call.Reply.Integer(absent ? 1 : 0);
    }

    public static void SetEx(in MemoryCall call) => SetWithRequiredExpiry(call, inSeconds: true);

    public static void PSetEx(in MemoryCall call) => SetWithRequiredExpiry(call, inSeconds: false);

    public static void GetSet(in MemoryCall call)
    {
        MemoryEntry? old = call.Read(1);
        if (call.IsStringOrNone(old))
        {
            call.Reply.BulkOrNull(old?.Text);
            call.SetString(call[1], call[2].ToArray());
        }
    }

    public static void GetDel(in MemoryCall call)
    {
        MemoryEntry? entry = call.Read(1);
        if (!call.IsStringOrNone(entry))
        {
            return;
        }

        call.Reply.BulkOrNull(entry?.Text);
        if (entry is not null)
        {
            call.Database.Remove(entry);
        }
    }

    public static void GetEx(in MemoryCall call)
    {
        if (!ExpiryOptions.TryParse(call, 2, isSet: false, out ExpiryOptions options))
        {
            call.Reply.Error(MemoryErrors.Syntax);
            return;
        }

        MemoryEntry? entry = call.Read(1);
        if (entry is null)
        {
            call.Reply.Null();
            return;
        }

        if (!call.IsStringOrNone(entry) || !TryExpiry(call, options, out long expireAt))
        {
            return;
        }

        call.Reply.Bulk(entry.Text);
        if (options.Persist || expireAt != MemoryEntry.Never)
        {
            call.Database.SetExpiry(entry, expireAt);
        }
    }

    public static void Append(in MemoryCall call)
    {
        MemoryEntry? entry = call.Find(1);
        if (!call.IsStringOrNone(entry))
        {
            return;
        }

        byte[] old = entry?.Text ?? [];
        if ((long)old.Length + call[2].Length > LongestValue)
        {
            call.Reply.Error(MemoryErrors.TooLong);
            return;
        }

        call.SetString(call[1], [.. old, .. call[2]], keepExpiry: true);
        call.Reply.Integer((long)old.Length + call[2].Length);
    }

    public static void StrLen(in MemoryCall call)
    {
        MemoryEntry? entry = call.Read(1);
        if (call.IsStringOrNone(entry))
        {
            call.Reply.Integer(entry?.Text!.Length ?? 0);
        }
    }

    public static void GetRange(in MemoryCall call)
    {
        if (!call.TryInteger(2, out long start) || !call.TryInteger(3, out long end))
        {
            return;
        }

        MemoryEntry? entry = call.Read(1);
        if (!call.IsStringOrNone(entry))
        {
            return;
        }

        byte[] text = entry?.Text ?? [];
        bool backwards = start < 0 && end < 0 && start > end;
        start = Math.Max(start < 0 ? start + text.Length : start, 0);
        end = Math.Min(Math.Max(end < 0 ? end + text.Length : end, 0), text.Length - 1);
        call.Reply.Bulk(backwards || start > end ? default : text.AsSpan((int)start, (int)(end - start + 1)));
    }

    public static void SetRange(in MemoryCall call)
    {
        if (!call.TryInteger(2, out long offset))
        {
            return;
        }

        if (offset < 0)
        {
            call.Reply.Error("ERR offset is out of range"u8);
            return;
        }

        MemoryEntry? entry = call.Find(1);
        if (!call.IsStringOrNone(entry))
        {
            return;
        }

        byte[] text = entry?.Text ?? [];
        ReadOnlySpan<byte> patch = call[3];
        if (!patch.IsEmpty)
        {
            if (offset > LongestValue - patch.Length)
            {
                call.Reply.Error(MemoryErrors.TooLong);
                return;
            }

            // The bytes between the end and the offset are zero.
            byte[] patched = new byte[Math.Max(text.Length, (int)offset + patch.Length)];
            text.CopyTo(patched, 0);
            patch.CopyTo(patched.AsSpan((int)offset));
            call.SetString(call[1], patched, keepExpiry: true);
            text = patched;
        }

        call.Reply.Integer(text.Length);
    }

    public static void MGet(in MemoryCall call)
    {
        call.Reply.Array(call.Count - 1);
        for (int i = 1; i < call.Count; i++)
        {
            call.Reply.BulkOrNull(call.Read(i)?.Text);
        }
    }

    public static void MSet(in MemoryCall call)
    {
        if (call.Count % 2 == 0)
        {
            call.WrongArity();
            return;
        }

        SetAll(call);
        call.Reply.Ok();
    }

    public static void MSetNx(in MemoryCall call)
    {
        if (call.Count % 2 == 0)
        {
            call.WrongArity();
            return;
        }

        bool absent = true;
        for (int i = 1; i < call.Count; i += 2)
        {
            absent &= call.Find(i) is null;
        }

        if (absent)
        {
            SetAll(call);
        }

        call.Reply.Integer(absent ? 1 : 0);
    }

    private static void SetAll(in MemoryCall call)
    {
        for (int i = 1; i < call.Count; i += 2)
        {
            call.SetString(call[i], call[i + 1].ToArray());
        }
    }

    private static void SetWithRequiredExpiry(in MemoryCall call, bool inSeconds)
    {
        if (TryExpiry(call, 2, inSeconds, isAbsolute: false, out long expireAt))
        {
            SetWithExpiry(call, 3, expireAt, keepExpiry: false);
            call.Reply.Ok();
        }
    }

    private static void SetWithExpiry(in MemoryCall call, int valueIndex, long expireAt, bool keepExpiry)
    {
        MemoryEntry entry = call.SetString(call[1], call[valueIndex].ToArray(), keepExpiry);
        if (expireAt != MemoryEntry.Never)
        {
            call.Database.SetExpiry(entry, expireAt);
        }
    }

    private static bool TryExpiry(in MemoryCall call, in ExpiryOptions options, out long expireAt)
    {
        expireAt = MemoryEntry.Never;
        return options.ExpiryIndex == 0 || TryExpiry(call, options.ExpiryIndex, options.InSeconds, options.IsAbsolute, out expireAt);
    }

    /// <summary>The time in Unix milliseconds that argument <paramref name="index"/> means; false with the error written.</summary>
    private static bool TryExpiry(in MemoryCall call, int index, bool inSeconds, bool isAbsolute, out long expireAt)
    {
        if (!call.TryInteger(index, out expireAt))
        {
            return false;
        }

        bool right = expireAt > 0 && ExpiryCommands.TryAbsolute(ref expireAt, inSeconds, isAbsolute ? 0 : call.Now);
        if (!right)
        {
            call.InvalidExpiry();
        }

        return right;
    }
}
