using System.Buffers;
using Keyway.WriteBehind.Journal.Format;

namespace Keyway.WriteBehind.Journal;

/// <summary>
/// What one producer appended in one wake-up, in the form that goes to disk. It belongs to its producer, then from the commit until it is settled to the
/// journal's writer.
/// </summary>
internal sealed class RecordBatch(JournalProducer producer)
{
    private const int LeastBuffer = 16 * 1024;
    private const int LargestKeptBuffer = 1024 * 1024;

    private byte[] _buffer = [];
    private int _failure;
    private bool _settled;

    internal JournalProducer Producer { get; } = producer;

    /// <summary>The number of its first record, from the commit on.</summary>
    internal long First { get; set; }

    internal int Count { get; private set; }

    internal int Bytes { get; private set; }

    internal long Last => First + Count - 1;

    internal ReadOnlySpan<byte> Content => _buffer.AsSpan(0, Bytes);

    internal bool IsSettled => Volatile.Read(ref _settled);

    internal SettledBatch Outcome => new(First, Count, (JournalFailure)_failure);

    internal void Add(long time, byte kind, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        int body = header.Length + payload.Length;
        Reserve(RecordHeader.Size + body);
        Span<byte> target = _buffer.AsSpan(Bytes, RecordHeader.Size + body);
        RecordHeader.Write(target, time, kind, header.Length, body, Crc32C.Of(header, payload));
        header.CopyTo(target[RecordHeader.Size..]);
        payload.CopyTo(target[(RecordHeader.Size + header.Length)..]);
        Bytes += target.Length;
        Count++;
    }

    /// <summary>Gives each record its number and its header the checksum of the segment that it goes to.</summary>
    internal void Stamp(uint salt)
    {
        int offset = 0;
        for (int i = 0; i < Count; i++)
        {
            offset += RecordHeader.Stamp(_buffer.AsSpan(offset), First + i, salt);
        }
    }

    /// <summary>Gives it back to its producer, which must not have been told yet.</summary>
    internal void Settle(JournalFailure failure)
    {
        _failure = (int)failure;
        Volatile.Write(ref _settled, true);
    }

    /// <summary>Makes it empty for its next use.</summary>
    internal void Reset()
    {
        Count = 0;
        Bytes = 0;
        First = 0;
        _settled = false;
        if (_buffer.Length > LargestKeptBuffer)
        {
            Release();
        }
    }

    /// <summary>Gives its memory back.</summary>
    internal void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private void Reserve(int count)
    {
        int needed = checked(Bytes + count);
        if (needed > _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(LeastBuffer, (int)Math.Min(Array.MaxLength, Math.Max(needed, _buffer.Length * 2L))));
            Content.CopyTo(larger);
            Release();
            _buffer = larger;
        }
    }
}
