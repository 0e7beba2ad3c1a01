using System.Buffers.Binary;
using Keyway.Proxy.Smart;

namespace Keyway.WriteBehind.Batching;

/// <summary>A reactor's way into a <see cref="MemorySource"/>. A batch is settled when it is committed.</summary>
internal sealed class MemoryProducer(MemorySource source, Action onSettled) : IWriteProducer
{
    private const int LeastBuffer = 16 * 1024;
    private const int LargestKeptBuffer = 1024 * 1024;

    private readonly Queue<long> _settled = new();
    private byte[] _batch = [];
    private int _length;
    private int _count;
    private long _time;

    /// <summary>Bytes of the first of some records, head included.</summary>
    internal static int FirstLength(ReadOnlySpan<byte> records) => MemoryChunk.Head + BinaryPrimitives.ReadInt32LittleEndian(records);

    public WriteResult Append(ReadOnlySpan<byte> header, ReadOnlySpan<byte> frame)
    {
        int bytes = MemoryChunk.Head + frame.Length;
        WriteResult result = source.MayAppend(bytes, _length);
        if (result == WriteResult.Taken)
        {
            Add(bytes, frame);
        }

        return result;
    }

    public long Commit()
    {
        if (_count == 0)
        {
            return 0;
        }

        int count = _count;
        long first = source.Commit(_batch.AsSpan(0, _length), count);
        _settled.Enqueue(first + count - 1);
        _count = 0;
        _length = 0;
        if (_batch.Length > LargestKeptBuffer)
        {
            _batch = [];
        }

        onSettled();
        return first;
    }

    public bool TryTakeSettled(out long last, out string? failure)
    {
        failure = null;
        return _settled.TryDequeue(out last);
    }

    private void Add(int bytes, ReadOnlySpan<byte> frame)
    {
        if (_count++ == 0)
        {
            _time = source.Milliseconds();
        }

        if (_length + bytes > _batch.Length)
        {
            Array.Resize(ref _batch, Math.Max(LeastBuffer, Math.Max(_length + bytes, (int)Math.Min(Array.MaxLength, _batch.Length * 2L))));
        }

        Span<byte> target = _batch.AsSpan(_length, bytes);
        BinaryPrimitives.WriteInt32LittleEndian(target, frame.Length);
        BinaryPrimitives.WriteInt64LittleEndian(target[sizeof(int)..], _time);
        frame.CopyTo(target[MemoryChunk.Head..]);
        _length += bytes;
    }
}
