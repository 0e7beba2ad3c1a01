using System.Buffers.Text;

namespace Keyway.Proxy.Relay.Records;

/// <summary>
/// The bytes of a record as they are put together. They grow up to a limit; past it nothing more is taken, so that a few bytes of input that
/// would become many cost no memory. One for each pool and reactor, and reused: warm, it allocates nothing.
/// </summary>
internal sealed class RecordText
{
    private const int MostKept = 1 << 20; // bytes: a longer record's array is given back

    private byte[] _bytes = new byte[1024];
    private int _start;
    private int _length;
    private int _limit;

    /// <summary>The record did not fit the limit; what was written of it is without meaning.</summary>
    internal bool IsTooLong { get; private set; }

    /// <summary>Bytes of all records.</summary>
    internal int Length => _length;

    /// <summary>The record that was begun last.</summary>
    internal ReadOnlySpan<byte> Record => _bytes.AsSpan(_start, _length - _start);

    /// <summary>So many bytes from an offset on.</summary>
    internal ReadOnlySpan<byte> Slice(int start, int length) => _bytes.AsSpan(start, length);

    /// <summary>Begins the first record.</summary>
    /// <param name="limit">Most bytes of a record.</param>
    internal void Begin(int limit)
    {
        if (_bytes.Length > MostKept)
        {
            _bytes = new byte[1024];
        }

        _length = 0;
        _limit = limit;
        BeginNext();
    }

    /// <summary>Begins another record behind those that are here.</summary>
    internal void BeginNext()
    {
        _start = _length;
        IsTooLong = false;
    }

    internal void Write(byte value)
    {
        if (TryReserve(1))
        {
            _bytes[_length++] = value;
        }
    }

    internal void Write(ReadOnlySpan<byte> value)
    {
        if (TryReserve(value.Length))
        {
            value.CopyTo(_bytes.AsSpan(_length));
            _length += value.Length;
        }
    }

    internal void WriteNumber(long value)
    {
        if (TryReserve(20) && Utf8Formatter.TryFormat(value, _bytes.AsSpan(_length), out int written))
        {
            _length += written;
        }
    }

    internal void WriteBase64(ReadOnlySpan<byte> value)
    {
        long length = (value.Length + 2L) / 3 * 4;
        if (length <= int.MaxValue && TryReserve((int)length))
        {
            Base64.EncodeToUtf8(value, _bytes.AsSpan(_length), out _, out int written);
            _length += written;
        }
        else
        {
            IsTooLong = true;
        }
    }

    private bool TryReserve(int count)
    {
        if (IsTooLong || count > _limit - (_length - _start))
        {
            // A number reserves more than it takes; it stands at the record's beginning, where that does not matter.
            IsTooLong = true;
            return false;
        }

        if (count > _bytes.Length - _length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max((long)_bytes.Length * 2, (long)_length + count), Array.MaxLength));
        }

        return true;
    }
}
