using System.Buffers;
using System.Runtime.CompilerServices;

namespace Keyway.Net.Buffers;

/// <summary>
/// A queue of bytes in pooled segments: what waits to be sent, or a reply that waits for its turn. Holds no memory
/// while it is empty. Not thread-safe: it belongs to one reactor.
/// </summary>
public sealed class OutputBuffer(BufferPool pool) : IBufferWriter<byte>
{
    private BufferSegment? _head; // holds bytes whenever the buffer does: senders and readers begin with it
    private BufferSegment? _tail;

    /// <summary>Bytes waiting.</summary>
    public long Length { get; private set; }

    /// <summary>True when nothing waits.</summary>
    public bool IsEmpty => Length == 0;

    internal BufferSegment? Head => _head;

    /// <summary>Appends a copy of the bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ReadOnlySpan<byte> bytes)
    {
        BufferSegment? tail = _tail;
        if (tail is not null && bytes.Length <= tail.Free)
        {
            bytes.CopyTo(tail.Unfilled);
            tail.End += bytes.Length;
            Length += bytes.Length;
        }
        else
        {
            WriteSlow(bytes);
        }
    }

    /// <summary>
    /// Space for at least <paramref name="sizeHint"/> bytes in one piece, to be taken with <see cref="Advance"/>. More than 16 KiB costs an
    /// array of its own: where the bytes are at hand, <see cref="Write"/> is cheaper.
    /// </summary>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_tail is null || _tail.Free < Math.Max(1, sizeHint))
        {
            if (IsEmpty)
            {
                // As in TakeAll: space that was not used would be an empty head.
                Clear();
            }

            Append(sizeHint <= BufferPool.LargeSize ? pool.RentLarge() : pool.RentSingle(sizeHint));
        }

        return _tail!.Unfilled;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        _ = GetSpan(sizeHint);
        return _tail!.Array.AsMemory(_tail.Offset + _tail.End, _tail.Free);
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        _tail!.End += count;
        Length += count;
    }

    /// <summary>Moves everything out of <paramref name="other"/> (of the same reactor) behind what is here; large chains move without a copy.</summary>
    public void TakeAll(OutputBuffer other)
    {
        if (other._head is null)
        {
            return;
        }

        if (other.Length <= BufferPool.SmallSize || (_tail is not null && other.Length <= _tail.Free))
        {
            for (BufferSegment? segment = other._head; segment is not null; segment = segment.Next)
            {
                Write(segment.Filled);
            }

            other.Clear();
            return;
        }

        if (IsEmpty)
        {
            // Space that was asked for and not used would be an empty head.
            Clear();
            _head = other._head;
        }
        else
        {
            _tail!.Next = other._head;
        }

        _tail = other._tail;
        Length += other.Length;
        other._head = null;
        other._tail = null;
        other.Length = 0;
    }

    /// <summary>Appends a copy of all that <paramref name="other"/> holds, which stays there.</summary>
    public void WriteCopy(OutputBuffer other)
    {
        for (BufferSegment? segment = other._head; segment is not null; segment = segment.Next)
        {
            Write(segment.Filled);
        }
    }

    /// <summary>Drops the first <paramref name="count"/> bytes (at most <see cref="Length"/>) and gives their segments back.</summary>
    public void Consume(long count)
    {
        Length -= count;
        while (_head is { } head && count >= head.Length)
        {
            count -= head.Length;
            _head = head.Next;
            head.Next = null;
            pool.Return(head);
        }

        if (_head is null)
        {
            _tail = null;
        }
        else
        {
            _head.Start += (int)count;
        }
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        while (_head is not null)
        {
            BufferSegment head = _head;
            _head = head.Next;
            head.Next = null;
            pool.Return(head);
        }

        _tail = null;
        Length = 0;
    }

    /// <summary>The first bytes in one piece: all of them when they lie in one segment. Empty when nothing waits.</summary>
    public ReadOnlySpan<byte> FirstSpan => _head is null ? default : _head.Filled;

    /// <summary>Copies all bytes to <paramref name="destination"/>, which is at least <see cref="Length"/> long. They stay here.</summary>
    public void CopyTo(Span<byte> destination)
    {
        for (BufferSegment? segment = _head; segment is not null; segment = segment.Next)
        {
            segment.Filled.CopyTo(destination);
            destination = destination[segment.Length..];
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteSlow(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        Length += bytes.Length;
        if (_tail is null)
        {
            Append(bytes.Length <= BufferPool.SmallSize ? pool.RentSmall() : pool.RentLarge());
        }

        while (true)
        {
            int part = Math.Min(bytes.Length, _tail!.Free);
            bytes[..part].CopyTo(_tail.Unfilled);
            _tail.End += part;
            bytes = bytes[part..];
            if (bytes.IsEmpty)
            {
                return;
            }

            Append(pool.RentLarge());
        }
    }

    private void Append(BufferSegment segment)
    {
        if (_tail is null)
        {
            _head = segment;
        }
        else
        {
            _tail.Next = segment;
        }

        _tail = segment;
    }
}
