using System.Buffers;
using System.Buffers.Text;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>Bytes in an array of the shared pool that grows as they are written. One thread at a time.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _array;

    /// <param name="capacity">Bytes expected; none is copied while there are not more.</param>
    public PooledBuffer(int capacity) => _array = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>The array; what counts are its first <see cref="Length"/> bytes, until more is written.</summary>
    public byte[] Array => _array;

    /// <summary>What was written, until more is.</summary>
    public ReadOnlySpan<byte> Written => _array.AsSpan(0, Length);

    /// <inheritdoc/>
    public void Advance(int count) => Length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsSpan(Length);
    }

    /// <summary>Writes <paramref name="data"/> as Base64.</summary>
    public void WriteBase64(ReadOnlySpan<byte> data)
    {
        Reserve(Base64.GetMaxEncodedToUtf8Length(data.Length));
        Base64.EncodeToUtf8(data, _array.AsSpan(Length), out _, out var written);
        Length += written;
    }

    /// <summary>The array goes back to the pool.</summary>
    public void Dispose()
    {
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
            Abandon();
        }
    }

    /// <summary>Leaves the array to the garbage collector, since somebody may still read it.</summary>
    public void Abandon() => (_array, Length) = ([], 0);

    private void Reserve(int count)
    {
        if (_array.Length - Length >= Math.Max(count, 1))
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_array.Length * 2, Length + Math.Max(count, 1)));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}
