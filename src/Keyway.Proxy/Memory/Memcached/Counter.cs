using System.Globalization;

namespace Keyway.Proxy.Memory.Memcached;

/// <summary>Arithmetic on values that are numbers: up wraps at 2^64, down stops at 0.</summary>
internal static class Counter
{
    /// <summary>Changes the number; false when the value is none. <paramref name="item"/> becomes the item that holds the result.</summary>
    public static bool TryChange(in MemcachedItems items, ref MemcachedEntry item, ulong delta, bool up, out ulong result)
    {
        result = 0;
        if (!MemcachedNumbers.TryUnsigned(item.Value, out ulong old))
        {
            return false;
        }

        result = up ? unchecked(old + delta) : old - Math.Min(old, delta);
        Span<byte> digits = stackalloc byte[MemcachedReply.MaxDigits];
        result.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
        if (length > item.Value.Length)
        {
            item = items.Renew(item, digits[..length].ToArray());
            return true;
        }

        // A shorter number leaves blanks behind it, as in memcached, where the item keeps its place.
        byte[] value = new byte[item.Value.Length];
        value.AsSpan().Fill((byte)' ');
        digits[..length].CopyTo(value);
        items.Change(item, value);
        return true;
    }
}
