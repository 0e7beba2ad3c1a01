namespace Keyway.Net.Buffers;

/// <summary>
/// A piece of pinned memory and the part of it that is filled: <c>[Start, End)</c>. Segments form chains in an
/// <see cref="OutputBuffer"/> and belong to the <see cref="BufferPool"/> of one reactor.
/// </summary>
internal sealed class BufferSegment(byte[] array, int offset, int capacity)
{
    /// <summary>The pinned array that the segment is cut from.</summary>
    internal byte[] Array { get; } = array;

    /// <summary>Where the segment begins in <see cref="Array"/>.</summary>
    internal int Offset { get; } = offset;

    /// <summary>Bytes in the segment.</summary>
    internal int Capacity { get; } = capacity;

    /// <summary>First filled byte, counted from <see cref="Offset"/>.</summary>
    internal int Start { get; set; }

    /// <summary>End of the filled bytes, counted from <see cref="Offset"/>.</summary>
    internal int End { get; set; }

    /// <summary>The next segment of the chain, or of the pool's free list.</summary>
    internal BufferSegment? Next { get; set; }

    internal int Length => End - Start;

    internal int Free => Capacity - End;

    internal Span<byte> Filled => Array.AsSpan(Offset + Start, End - Start);

    internal Span<byte> Unfilled => Array.AsSpan(Offset + End, Capacity - End);
}
