using System.Buffers.Text;

namespace Keyway.Proxy.Memory.Memcached;

/// <summary>The meta commands, as memcached 1.6.18 has them.</summary>
internal sealed class MetaCommands(MemcachedSession session, CommandWords words, MemcachedReply reply)
{
    private const int LongestOpaque = 32;
    private const int MostWords = 24;

    private readonly MetaFlags _flags = new();

    private static ReadOnlySpan<byte> LongOpaque => "CLIENT_ERROR opaque token too long"u8;

    /// <summary>False for a letter that names no command, or too few words.</summary>
    public bool TryHandle(in MemcachedItems items, byte letter, ReadOnlySpan<byte> line)
    {
        switch (letter)
        {
            case (byte)'n':
                reply.Line("MN"u8);
                return true;
            case (byte)'e':
                Debug(items, line);
                return true;
            case (byte)'g' or (byte)'s' or (byte)'d' or (byte)'a':
                if (words.Count < 2)
                {
                    return false;
                }

                Handle(items, letter, line);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Answers a set whose value has come.</summary>
    public void AnswerStore(StoreResult result, MemcachedEntry? item, MetaFlags flags)
    {
        if (result == StoreResult.TooLarge)
        {
            reply.Line("SERVER_ERROR out of memory storing object"u8);
            return;
        }

        if (result == StoreResult.Stored && flags.IsQuiet)
        {
            return;
        }

        reply.Part(result switch
        {
            StoreResult.Stored => "HD"u8,
            StoreResult.Exists => "EX"u8,
            StoreResult.NotFound => "NF"u8,
            _ => "NS"u8,
        });
        foreach (byte[] flag in flags.All)
        {
            if (flag[0] == 'c')
            {
                Flag((byte)'c', item?.Cas ?? 0);
            }
            else
            {
                Echo(flags, flag);
            }
        }

        reply.Part("\r\n"u8);
    }

    private void Handle(in MemcachedItems items, byte letter, ReadOnlySpan<byte> line)
    {
        bool isSet = letter == 's';
        if (words.Get(line, 1).Length > TextCommands.LongestKey || (isSet && words.Count < 3))
        {
            reply.Line(TextCommands.BadFormat);
            return;
        }

        if (words.Count >= MostWords)
        {
            reply.Line("CLIENT_ERROR options flags are too long"u8);
            return;
        }

        int length = 0;
        bool isLength = !isSet || (MemcachedNumbers.TrySigned(words.Get(line, 2), out length) && length is >= 0 and <= int.MaxValue - 2);
        if (!isLength)
        {
            reply.Line(TextCommands.BadFormat);
            return;
        }

        if (!_flags.Read(line, words, isSet ? 3 : 2, words.Count, out ReadOnlySpan<byte> error))
        {
            Refuse(letter is (byte)'d' or (byte)'a' ? "CLIENT_ERROR invalid or duplicate flag"u8 : error, isSet ? length : -1);
            return;
        }

        switch (letter)
        {
            case (byte)'g':
                Get(items);
                break;
            case (byte)'s':
                Set(items, length);
                break;
            case (byte)'d':
                Delete(items);
                break;
            default:
                Count(items);
                break;
        }
    }

    private void Refuse(ReadOnlySpan<byte> error, int length)
    {
        if (length >= 0)
        {
            session.Swallow(length, error);
        }
        else
        {
            reply.Line(error);
        }
    }

    private bool HasLongOpaque()
    {
        foreach (byte[] flag in _flags.All)
        {
            if (flag[0] == 'O' && flag.Length > LongestOpaque)
            {
                return true;
            }
        }

        return false;
    }

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

    private void Set(in MemcachedItems items, int length)
    {
        if (!TryMode(out StoreMode mode))
        {
            Refuse("CLIENT_ERROR invalid mode for ms M token"u8, length);
            return;
        }

        if (MemcachedItems.IsTooLarge(_flags.Key.Length, _flags.ItemFlags, length))
        {
            if (items.Find(_flags.Key) is { } old)
            {
                items.Remove(old);
            }

            Refuse(TextCommands.TooLarge, length);
            return;
        }

        if (HasLongOpaque())
        {
            Refuse(LongOpaque, length);
            return;
        }

        StoreRequest request = session.Request;
        request.Mode = _flags.Cas != 0 && mode is StoreMode.Set or StoreMode.Replace ? StoreMode.CompareAndSet : mode;
        (request.Key, request.Flags, request.Cas, request.Length) = (_flags.Key, _flags.ItemFlags, _flags.Cas, length);
        (request.IsQuiet, request.TakesOlder, request.HasBinaryKey, request.Meta) = (_flags.IsQuiet, _flags.Has('I'), _flags.HasBinaryKey, _flags);
        request.ExpireAt = items.ExpiryFrom(_flags.Ttl);
        session.ExpectBlock();
    }

    private bool TryMode(out StoreMode mode)
    {
        StoreMode? known = _flags.Mode switch
        {
            0 or (byte)'S' => StoreMode.Set,
            (byte)'E' => StoreMode.Add,
            (byte)'A' => StoreMode.Append,
            (byte)'P' => StoreMode.Prepend,
            (byte)'R' => StoreMode.Replace,
            _ => null,
        };
        mode = known ?? StoreMode.Set;
        return known is not null;
    }

    private void Delete(in MemcachedItems items)
    {
        if (HasLongOpaque())
        {
            reply.Line(LongOpaque);
            return;
        }

        MemcachedEntry? item = items.Find(_flags.Key);
        if (item is null)
        {
            EchoAll("NF"u8);
            return;
        }

        if (_flags.Cas != 0 && _flags.Cas != item.Cas)
        {
            EchoAll("EX"u8);
            return;
        }

        if (_flags.Has('I'))
        {
            if (_flags.Has('T'))
            {
                items.SetExpiry(item, items.ExpiryFrom(_flags.Ttl));
            }

            items.Invalidate(item);
        }
        else
        {
            items.Remove(item);
        }

        if (!_flags.IsQuiet)
        {
            EchoAll("HD"u8);
        }
    }

    private void Count(in MemcachedItems items)
    {
        bool? up = _flags.Mode switch
        {
            0 or (byte)'I' or (byte)'+' => true,
            (byte)'D' or (byte)'-' => false,
            _ => null,
        };
        if (up is null)
        {
            reply.Line("CLIENT_ERROR invalid mode for ma M token"u8);
            return;
        }

        MemcachedEntry? item = items.Find(_flags.Key);
        ulong result = _flags.Initial;
        if (item is null)
        {
            if (!_flags.Has('N'))
            {
                EchoAll("NF"u8);
                return;
            }

            item = Vivify(items, System.Text.Encoding.ASCII.GetBytes(result.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            ShowCount(items, item, result, isNew: true);
            return;
        }

        // memcached sees that there is no number at all before it looks at the version, and what the number is after that.
        if (item.Value.Length > 0 && _flags.Cas != 0 && _flags.Cas != item.Cas)
        {
            EchoAll("EX"u8);
            return;
        }

        if (!Counter.TryChange(items, ref item, _flags.Delta, up.Value, out result))
        {
            reply.Line(TextCommands.NoNumber);
            return;
        }

        if (!_flags.IsQuiet || HasLongOpaque())
        {
            ShowCount(items, item, result, isNew: false);
        }
        else if (_flags.Has('T'))
        {
            items.SetExpiry(item, items.ExpiryFrom(_flags.Ttl));
        }
    }

    private void ShowCount(in MemcachedItems items, MemcachedEntry item, ulong result, bool isNew)
    {
        if (HasLongOpaque())
        {
            reply.Line(LongOpaque);
            return;
        }

        Span<byte> digits = stackalloc byte[MemcachedReply.MaxDigits];
        Utf8Formatter.TryFormat(result, digits, out int length);
        bool withValue = _flags.Has('v');
        reply.Part(withValue ? "VA "u8 : "HD"u8);
        if (withValue)
        {
            reply.Number((ulong)length);
        }

        foreach (byte[] flag in _flags.All)
        {
            SetTime(items, item, flag[0], isNew);
            if (flag[0] is (byte)'t' or (byte)'c')
            {
                ShowFlag(items, item, flag);
            }
            else
            {
                Echo(_flags, flag);
            }
        }

        reply.Part("\r\n"u8);
        if (withValue)
        {
            reply.Line(digits[..length]);
        }
    }

    private void Debug(in MemcachedItems items, ReadOnlySpan<byte> line)
    {
        if (words.Count < 2 || words.Get(line, 1).Length > TextCommands.LongestKey)
        {
            reply.Line(TextCommands.BadFormat);
            return;
        }

        // No other flag is looked at.
        int flags = words.Count > 2 && words.Get(line, 2).SequenceEqual("b"u8) ? 3 : 2;
        if (!_flags.Read(line, words, 2, flags, out ReadOnlySpan<byte> error))
        {
            reply.Line(error);
            return;
        }

        if (items.Find(_flags.Key) is not { } item)
        {
            reply.Line("EN"u8);
            return;
        }

        long expiry = item.ExpireAt == MemoryEntry.Never ? -1 : (item.ExpireAt - items.Now) / 1000;
        reply.Part("ME "u8);
        reply.Part(item.HasBinaryKey ? System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(item.Key)) : item.Key);
        reply.Line(System.Text.Encoding.ASCII.GetBytes(
            $" exp={expiry} la={(items.Now / 1000) - item.LastAccess} cas={item.Cas} fetch={(item.IsFetched ? "yes" : "no")} cls=1 size={item.Size}"));
    }

    private MemcachedEntry Vivify(in MemcachedItems items, byte[] value)
    {
        var request = new StoreRequest { Mode = StoreMode.Add, Key = _flags.Key, ExpireAt = MemoryEntry.Never };
        items.Store(request, value, out MemcachedEntry? item);
        return item!;
    }

    private void EchoAll(ReadOnlySpan<byte> code)
    {
        if (HasLongOpaque())
        {
            reply.Line(LongOpaque);
            return;
        }

        reply.Part(code);
        foreach (byte[] flag in _flags.All)
        {
            Echo(_flags, flag);
        }

        reply.Part("\r\n"u8);
    }

    // What every answer gives back: the opaque, the key as it came, with a note if that is base64.
    private void Echo(MetaFlags flags, byte[] flag)
    {
        switch (flag[0])
        {
            case (byte)'O':
                reply.Part(" "u8);
                reply.Part(flag);
                break;
            case (byte)'k':
                reply.Part(" k"u8);
                reply.Part(flags.KeyAsGiven);
                reply.Part(flags.HasBinaryKey ? " b"u8 : default);
                break;
        }
    }

    private void Flag(byte letter, ulong value)
    {
        reply.Part([(byte)' ', letter]);
        reply.Number(value);
    }
}
