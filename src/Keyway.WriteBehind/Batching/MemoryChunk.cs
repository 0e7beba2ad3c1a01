using System.Buffers;
using System.Buffers.Binary;

namespace Keyway.WriteBehind.Batching;

/// <summary>A stretch of a <see cref="MemorySource"/>: records one after the other, each behind its length (4 bytes) and time (8).</summary>
internal sealed class MemoryChunk(int size)
{
    /// <summary>Bytes before each record.</summary>
    internal const int Head = sizeof(int) + sizeof(long);

    private readonly byte[] _data = ArrayPool<byte>.Shared.Rent(size);
    private int _used;
    private int _read;

    /// <summary>Bytes that it was made for.</summary>
    internal int Size => size;

    /// <summary>Records that were not read.</summary>
    internal int Unread { get; private set; }

    /// <summary>Bytes of these, heads included.</summary>
    internal int UnreadBytes => _used - _read;

    /// <summary>Adds as many whole records as fit.</summary>
    /// <param name="records">Records with their heads.</param>
    /// <returns>The bytes that were taken.</returns>
    internal int Add(ReadOnlySpan<byte> records)
    {
        int taken = 0;
        for (; taken < records.Length; Unread++)
        {
            int next = Head + BinaryPrimitives.ReadInt32LittleEndian(records[taken..]);
            if (_used + taken + next > _data.Length)
            {
                break;
            }

            taken += next;
        }

        records[..taken].CopyTo(_data.AsSpan(_used));
        _used += taken;
        return taken;
    }

    /// <summary>The next record; there is one.</summary>
    internal ReadOnlySpan<byte> Read(out long time)
    {
        ReadOnlySpan<byte> head = _data.AsSpan(_read);
        int length = BinaryPrimitives.ReadInt32LittleEndian(head);
        time = BinaryPrimitives.ReadInt64LittleEndian(head[sizeof(int)..]);
        _read += Head + length;
        Unread--;
        return head.Slice(Head, length);
    }

    /// <summary>Passes over all that was not read.</summary>
    internal void Skip()
    {
        _read = _used;
        Unread = 0;
    }

    /// <summary>Makes it empty, to be used again.</summary>
    internal void Clear()
    {
        _used = 0;
        _read = 0;
        Unread = 0;
    }

    /// <summary>Gives its memory back.</summary>
    internal void Release() => ArrayPool<byte>.Shared.Return(_data);
}
