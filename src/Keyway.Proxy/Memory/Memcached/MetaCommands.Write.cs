using System.Buffers.Text;

namespace Keyway.Proxy.Memory.Memcached;

/// <content><c>ms</c>, <c>md</c> and <c>ma</c>.</content>
internal sealed partial class MetaCommands
{
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
}
