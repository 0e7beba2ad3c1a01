using System.Buffers;

namespace Keyway.Proxy.Smart;

/// <summary>
/// Pieces of bytes, taken in the order in which they came, and to be looked at wherever they stand. They lie in one array, which grows and shrinks with them;
/// a piece is named by where it began in all that ever came.
/// </summary>
internal sealed class ByteQueue
{
    private const int Smallest = 4096;

    private byte[] _bytes = [];
    private long _base; // what the array's first byte is called
    private int _start;
    private int _end;

    /// <summary>Bytes in it.</summary>
    internal int Length => _end - _start;

    /// <summary>Adds a piece; returns where it begins.</summary>
    internal long Add(ReadOnlySpan<byte> piece)
    {
        if (_bytes.Length - _end < piece.Length)
        {
            MakeRoom(piece.Length);
        }

        piece.CopyTo(_bytes.AsSpan(_end));
        _end += piece.Length;
        return _base + _end - piece.Length;
    }

    /// <summary>The bytes of a piece, good until the next <see cref="Add"/> or <see cref="TakeUpTo"/>.</summary>
    internal ReadOnlySpan<byte> Get(long start, int length) => _bytes.AsSpan((int)(start - _base), length);

    /// <summary>Forgets what stands before <paramref name="position"/>.</summary>
    internal void TakeUpTo(long position)
    {
        _start = (int)(position - _base);
        if (_start < _end)
        {
            return;
        }

        _base += _end;
        _start = 0;
        _end = 0;
        if (_bytes.Length > 16 * Smallest)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    private void MakeRoom(int bytes)
    {
        int length = Length;
        byte[] old = _bytes;
        if (length + (long)bytes > old.Length / 2)
        {
            _bytes = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(Smallest, 2 * ((long)length + bytes))));
        }

        old.AsSpan(_start, length).CopyTo(_bytes);
        if (_bytes != old && old.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(old);
        }

        _base += _start;
        _start = 0;
        _end = length;
    }
}
