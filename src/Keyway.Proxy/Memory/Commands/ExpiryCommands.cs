namespace Keyway.Proxy.Memory.Commands;

/// <summary>When keys go: EXPIRE and its kin.</summary>
internal static class ExpiryCommands
{
    public static void Expire(in MemoryCall call) => SetExpiry(call, inSeconds: true, call.Now);

    public static void PExpire(in MemoryCall call) => SetExpiry(call, inSeconds: false, call.Now);

    public static void ExpireAt(in MemoryCall call) => SetExpiry(call, inSeconds: true, 0);

    public static void PExpireAt(in MemoryCall call) => SetExpiry(call, inSeconds: false, 0);

    public static void Ttl(in MemoryCall call) => Show(call, inSeconds: true, call.Now);

    public static void PTtl(in MemoryCall call) => Show(call, inSeconds: false, call.Now);

    public static void ExpireTime(in MemoryCall call) => Show(call, inSeconds: true, 0);

    public static void PExpireTime(in MemoryCall call) => Show(call, inSeconds: false, 0);

    public static void Persist(in MemoryCall call)
    {
        MemoryEntry? entry = call.Find(1);
        bool expires = entry is not null && entry.ExpireAt != MemoryEntry.Never;
        if (expires)
        {
            call.Database.SetExpiry(entry!, MemoryEntry.Never);
        }

        call.Reply.Integer(expires ? 1 : 0);
    }

    /// <summary>Makes Unix milliseconds of a time that counts from <paramref name="origin"/>; false if they are too many.</summary>
    public static bool TryAbsolute(ref long time, bool inSeconds, long origin)
    {
        const long MillisecondsPerSecond = 1000;
        if (inSeconds)
        {
            if (time is > long.MaxValue / MillisecondsPerSecond or < long.MinValue / MillisecondsPerSecond)
            {
                return false;
            }

            time *= MillisecondsPerSecond;
        }

        if (time > long.MaxValue - origin)
        {
            return false;
        }

        time += origin;
        return true;
    }

    private static void SetExpiry(in MemoryCall call, bool inSeconds, long origin)
    {
        if (!TryConditions(call, out bool ifNone, out bool ifSome, out bool ifLater, out bool ifSooner) || !call.TryInteger(2, out long at))
        {
            return;
        }

        if (!TryAbsolute(ref at, inSeconds, origin))
        {
            call.InvalidExpiry();
            return;
        }

        // A key without expiry counts as one that stays for ever.
        MemoryEntry? entry = call.Find(1);
        long current = entry is null || entry.ExpireAt == MemoryEntry.Never ? long.MaxValue : entry.ExpireAt;
        bool expires = current != long.MaxValue;
        bool refused = entry is null || (ifNone && expires) || (ifSome && !expires)
            || (ifLater && (at <= current || !expires)) || (ifSooner && expires && at >= current);
        if (!refused && at <= call.Now)
        {
            call.Database.Remove(entry!);
        }
        else if (!refused)
        {
            call.Database.SetExpiry(entry!, at);
        }

        call.Reply.Integer(refused ? 0 : 1);
    }

    private static bool TryConditions(in MemoryCall call, out bool ifNone, out bool ifSome, out bool ifLater, out bool ifSooner)
    {
        ifNone = ifSome = ifLater = ifSooner = false;
        for (int i = 3; i < call.Count; i++)
        {
            bool none = call.Is(i, "NX"u8);
            bool some = call.Is(i, "XX"u8);
            bool later = call.Is(i, "GT"u8);
            bool sooner = call.Is(i, "LT"u8);
            if (!none && !some && !later && !sooner)
            {
                call.Reply.Error($"ERR Unsupported option {call.Text(i)}");
                return false;
            }

            ifNone |= none;
            ifSome |= some;
            ifLater |= later;
            ifSooner |= sooner;
        }

        if (ifNone && (ifSome || ifLater || ifSooner))
        {
            call.Reply.Error("ERR NX and XX, GT or LT options at the same time are not compatible"u8);
            return false;
        }

        if (ifLater && ifSooner)
        {
            call.Reply.Error("ERR GT and LT options at the same time are not compatible"u8);
            return false;
        }

        return true;
    }

    private static void Show(in MemoryCall call, bool inSeconds, long origin)
    {
        const long NoKey = -2;
        const long NoExpiry = -1;
        MemoryEntry? entry = call.Read(1);
        long time = entry is null ? NoKey : NoExpiry;
        if (entry is not null && entry.ExpireAt != MemoryEntry.Never)
        {
            time = Math.Max(entry.ExpireAt - origin, 0);
            time = inSeconds ? (time + 500) / 1000 : time;
        }

        call.Reply.Integer(time);
    }
}
