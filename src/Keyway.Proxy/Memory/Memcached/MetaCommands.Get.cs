namespace Keyway.Proxy.Memory.Memcached;

/// <content><c>mg</c>.</content>
internal sealed partial class MetaCommands
{
    private void Get(in MemcachedItems items)
    {
        MemcachedEntry? item = items.Find(_flags.Key);
        items.CountGet(item);
        bool isNew = item is null && _flags.Has('N');
        if (isNew)
        {
            item = Vivify(items, []);
        }

        if (item is not null && HasLongOpaque())
        {
            reply.Line(LongOpaque);
            TakeBackGet(items, item, isNew);
            return;
        }

        if (item is not null)
        {
            ShowItem(items, item, isNew);
        }
        else if (!_flags.IsQuiet || HasLongOpaque())
        {
            EchoAll("EN"u8);
        }

        if (item is not null && !_flags.Has('u'))
        {
            items.NoteRead(item);
        }
    }

    // memcached finds an opaque too long when the flags before it have done their work; and unless it had to hold the item, it was read.
    private void TakeBackGet(in MemcachedItems items, MemcachedEntry item, bool isNew)
    {
        if (!(_flags.Has('h') || _flags.Has('l') || _flags.Has('N') || _flags.Has('T') || _flags.Has('R') || _flags.Has('u')))
        {
            items.NoteRead(item);
        }

        foreach (byte[] flag in _flags.All)
        {
            if (flag[0] == 'O')
            {
                return;
            }

            SetTime(items, item, flag[0], isNew);
        }
    }

    private void ShowItem(in MemcachedItems items, MemcachedEntry item, bool isNew)
    {
        bool withValue = _flags.Has('v');
        bool wins = isNew;
        reply.Part(withValue ? "VA "u8 : "HD"u8);
        if (withValue)
        {
            reply.Number((ulong)item.Value.Length);
        }

        // In the client's order: the time to live before a T or N is what it was.
        foreach (byte[] flag in _flags.All)
        {
            SetTime(items, item, flag[0], isNew);
            wins |= flag[0] == 'R' && !isNew && item is { IsTokenSent: false, ExpireAt: not MemoryEntry.Never } && item.ExpireAt < items.ExpiryFrom(_flags.RecacheTtl);
            ShowFlag(items, item, flag);
        }

        ShowState(item, wins);
        if (withValue)
        {
            reply.Line(item.Value);
        }
    }

    private void SetTime(in MemcachedItems items, MemcachedEntry item, byte flag, bool isNew)
    {
        if (flag == 'T')
        {
            items.SetExpiry(item, items.ExpiryFrom(_flags.Ttl));
        }
        else if (flag == 'N' && isNew)
        {
            items.SetExpiry(item, items.ExpiryFrom(_flags.VivifyTtl));
        }
    }

    // X for out of date, Z for a renewal under way, W for the client that is to renew it.
    private void ShowState(MemcachedEntry item, bool wins)
    {
        reply.Part(item.IsTokenSent ? " Z"u8 : default);
        reply.Part(item.IsStale ? " X"u8 : default);
        wins |= item is { IsStale: true, IsTokenSent: false };
        reply.Part(wins ? " W\r\n"u8 : "\r\n"u8);
        item.IsTokenSent |= wins;
    }

    private void ShowFlag(in MemcachedItems items, MemcachedEntry item, byte[] flag)
    {
        switch (flag[0])
        {
            case (byte)'s':
                Flag((byte)'s', (ulong)item.Value.Length);
                break;
            case (byte)'t' when item.ExpireAt == MemoryEntry.Never:
                reply.Part(" t-1"u8);
                break;
            case (byte)'t':
                Flag((byte)'t', (ulong)Math.Max(0, (item.ExpireAt - items.Now) / 1000));
                break;
            case (byte)'c':
                Flag((byte)'c', item.Cas);
                break;
            case (byte)'f':
                Flag((byte)'f', item.Flags);
                break;
            case (byte)'l':
                Flag((byte)'l', (ulong)Math.Max(0, (items.Now / 1000) - item.LastAccess));
                break;
            case (byte)'h':
                Flag((byte)'h', item.IsFetched ? 1UL : 0);
                break;
            case (byte)'k':
                ShowKey(item);
                break;
            case (byte)'O':
                Echo(_flags, flag);
                break;
        }
    }

    private void ShowKey(MemcachedEntry item)
    {
        reply.Part(" k"u8);
        if (!item.HasBinaryKey)
        {
            reply.Part(item.Key);
            return;
        }

        reply.Part(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(item.Key)));
        reply.Part(" b"u8);
    }
}
