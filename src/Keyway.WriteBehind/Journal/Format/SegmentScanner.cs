using System.Numerics;
using Keyway.WriteBehind.Journal.Storage;

namespace Keyway.WriteBehind.Journal.Format;

/// <summary>
/// Reads a segment from its first record to its last, whatever its bytes are. After damage it goes on at the next sound header: one whose marker
/// is in place, whose checksum fits the segment's salt, and whose number is greater than the last and possible in a file of that length. So
/// bytes inside a payload that look like a record are not taken for one, even if a client put them there on purpose.
/// </summary>
internal sealed class SegmentScanner
{
    private const int LeastBuffer = 64 * 1024;

    /// <summary>A buffer that grew for a record is kept for the next up to this.</summary>
    private const int LargestKeptBuffer = 1024 * 1024;

    private readonly IJournalFile _file;
    private readonly SegmentName _name;
    private byte[] _buffer = new byte[LeastBuffer];
    private long _bufferAt;
    private int _buffered;

    /// <summary>Makes a scanner.</summary>
    /// <param name="file">The segment's file.</param>
    /// <param name="name">Its name.</param>
    /// <param name="start">Where a record begins.</param>
    internal SegmentScanner(IJournalFile file, SegmentName name, long start = SegmentHeader.Size)
    {
        Position = start;
        _file = file;
        _name = name;
        LastSequence = name.First - 1;
    }

    /// <summary>Where the next record is expected, in bytes from the start of the file.</summary>
    internal long Position { get; private set; }

    /// <summary>The greatest number of a header found sound so far; its body may have been damaged.</summary>
    internal long LastSequence { get; private set; }

    /// <summary>After <see cref="ScanResult.Record"/>: its header.</summary>
    internal RecordHeader Header { get; private set; }

    /// <summary>After <see cref="ScanResult.Record"/>: the user's header and the payload; good until the next step.</summary>
    internal ReadOnlySpan<byte> Body => Buffered(RecordAt + RecordHeader.Size, Header.BodyLength);

    /// <summary>After <see cref="ScanResult.Record"/> and <see cref="ScanResult.Corrupt"/>: where it begins. It ends at <see cref="Position"/>.</summary>
    internal long RecordAt { get; private set; }

    /// <summary>Takes a step.</summary>
    /// <param name="end">Where the segment ends for now; a later call may say more.</param>
    internal ScanResult Next(long end)
    {
        if (Position >= end)
        {
            return ScanResult.End;
        }

        RecordAt = Position;
        if (!HeaderAt(Position, end, out RecordHeader header))
        {
            return Resynchronise(end);
        }

        if (header.TotalLength > end - Position)
        {
            return ScanResult.End; // The write of this record was cut off.
        }

        Fill(Position, header.TotalLength);
        Position += header.TotalLength;
        LastSequence = header.Sequence;
        Header = header;
        return header.BodyIsSound(Body) ? ScanResult.Record : ScanResult.Corrupt;
    }

    private ScanResult Resynchronise(long end)
    {
        for (long candidate = FindMarker(Position + 1, end); candidate >= 0; candidate = FindMarker(candidate + 1, end))
        {
            if (HeaderAt(candidate, end, out _))
            {
                Position = candidate;
                return ScanResult.Corrupt;
            }
        }

        if (IsTornTail(end))
        {
            return ScanResult.End;
        }

        Position = end;
        return ScanResult.Corrupt;
    }

    private bool HeaderAt(long offset, long end, out RecordHeader header)
    {
        header = default;
        return end - offset >= RecordHeader.Size
            && RecordHeader.TryRead(Fill(offset, RecordHeader.Size), _name.Salt, out header)
            && header.Sequence > LastSequence
            && header.Sequence - _name.First <= (offset - SegmentHeader.Size) / RecordHeader.Size;
    }

    /// <summary>What a write that was cut off leaves: the first bytes of a header, or zeros where the file had grown before its content arrived.</summary>
    private bool IsTornTail(long end)
    {
        if (end - Position < RecordHeader.Size)
        {
            int known = (int)Math.Min(end - Position, RecordHeader.Marker.Length);
            if (Fill(Position, known).SequenceEqual(RecordHeader.Marker[..known]))
            {
                return true;
            }
        }

        for (long offset = Position; offset < end;)
        {
            ReadOnlySpan<byte> piece = Fill(offset, (int)Math.Min(end - offset, LeastBuffer));
            if (piece.ContainsAnyExcept((byte)0))
            {
                return false;
            }

            offset += piece.Length;
        }

        return true;
    }

    private long FindMarker(long offset, long end)
    {
        while (end - offset >= RecordHeader.Size)
        {
            ReadOnlySpan<byte> piece = Fill(offset, (int)Math.Min(end - offset, LeastBuffer));
            int found = piece.IndexOf(RecordHeader.Marker);
            if (found >= 0)
            {
                return offset + found;
            }

            offset += piece.Length - RecordHeader.Marker.Length + 1;
        }

        return -1;
    }

    /// <summary>Bytes of the file, read unless they are in the buffer. The file is at least so long.</summary>
    private ReadOnlySpan<byte> Fill(long offset, int count)
    {
        if (offset >= _bufferAt && offset + count <= _bufferAt + _buffered)
        {
            return Buffered(offset, count);
        }

        if (_buffer.Length < count)
        {
            _buffer = new byte[count <= LargestKeptBuffer ? BitOperations.RoundUpToPowerOf2((uint)count) : (uint)count];
            _buffered = 0;
        }
        else if (_buffer.Length > LargestKeptBuffer && count <= LeastBuffer)
        {
            _buffer = new byte[LeastBuffer];
            _buffered = 0;
        }

        int kept = 0;
        if (offset >= _bufferAt && offset < _bufferAt + _buffered)
        {
            kept = (int)(_bufferAt + _buffered - offset);
            _buffer.AsSpan((int)(offset - _bufferAt), kept).CopyTo(_buffer);
        }

        _bufferAt = offset;
        _buffered = kept;
        while (_buffered < count)
        {
            int read = _file.Read(_bufferAt + _buffered, _buffer.AsSpan(_buffered));
            if (read == 0)
            {
                throw new EndOfStreamException($"{_name} ends at {_bufferAt + _buffered}, before the {offset + count} bytes that it had");
            }

            _buffered += read;
        }

        return Buffered(offset, count);
    }

    private ReadOnlySpan<byte> Buffered(long offset, int count) => _buffer.AsSpan((int)(offset - _bufferAt), count);
}
