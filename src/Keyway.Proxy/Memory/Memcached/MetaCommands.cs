namespace Keyway.Proxy.Memory.Memcached;

/// <summary>The meta commands, as memcached 1.6.18 has them.</summary>
internal sealed partial class MetaCommands(MemcachedSession session, CommandWords words, MemcachedReply reply)
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
