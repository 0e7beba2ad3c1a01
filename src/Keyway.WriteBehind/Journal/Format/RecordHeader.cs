using System.Buffers.Binary;

namespace Keyway.WriteBehind.Journal.Format;

/// <summary>
/// The 36 bytes before each record's body (docs/journal-format.md). Two checksums: a header that is sound gives the length of a body
/// that may not be, so that one damaged record costs exactly itself.
/// </summary>
internal readonly struct RecordHeader
{
    internal const int Size = 36;

    /// <summary>Longest body that the format allows, in bytes.</summary>
    internal const int LongestBody = 1 << 30;

    private const int ChecksumAt = 4;
    private const int CheckedFrom = 8;
    private const int SequenceAt = 8;
    private const int TimeAt = 16;
    private const int BodyLengthAt = 24;
    private const int BodyChecksumAt = 28;
    private const int HeaderLengthAt = 32;
    private const int KindAt = 34;

    private RecordHeader(ReadOnlySpan<byte> bytes)
    {
        Sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[SequenceAt..]);
        Time = BinaryPrimitives.ReadInt64LittleEndian(bytes[TimeAt..]);
        BodyLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[BodyLengthAt..]);
        BodyChecksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[BodyChecksumAt..]);
        HeaderLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[HeaderLengthAt..]);
        Kind = bytes[KindAt];
    }

    /// <summary>What each record begins with. 0xF5 and 0xF6 occur in no UTF-8 text, so a search for it seldom stops in vain.</summary>
    internal static ReadOnlySpan<byte> Marker => [0xF5, (byte)'K', (byte)'W', 0xF6];

    internal long Sequence { get; }

    /// <summary>Milliseconds of Unix time at which the record was appended.</summary>
    internal long Time { get; }

    /// <summary>Bytes after this header: the user's header, then the payload.</summary>
    internal int BodyLength { get; }

    internal uint BodyChecksum { get; }

    /// <summary>How many bytes of the body are the user's header.</summary>
    internal int HeaderLength { get; }

    internal byte Kind { get; }

    /// <summary>Bytes of the whole record.</summary>
    internal int TotalLength => Size + BodyLength;

    /// <summary>Writes everything but the sequence number and the header's checksum, which <see cref="Stamp"/> adds.</summary>
    internal static void Write(Span<byte> target, long time, byte kind, int headerLength, int bodyLength, uint bodyChecksum)
    {
        Marker.CopyTo(target);
        BinaryPrimitives.WriteInt64LittleEndian(target[TimeAt..], time);
        BinaryPrimitives.WriteInt32LittleEndian(target[BodyLengthAt..], bodyLength);
        BinaryPrimitives.WriteUInt32LittleEndian(target[BodyChecksumAt..], bodyChecksum);
        BinaryPrimitives.WriteUInt16LittleEndian(target[HeaderLengthAt..], (ushort)headerLength);
        target[KindAt] = kind;
        target[KindAt + 1] = 0;
    }

    /// <summary>Completes a header once the record's number and its segment are known; returns the length of the whole record.</summary>
    internal static int Stamp(Span<byte> header, long sequence, uint salt)
    {
        BinaryPrimitives.WriteInt64LittleEndian(header[SequenceAt..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(header[ChecksumAt..], Crc32C.Of(header[CheckedFrom..Size], salt));
        return Size + BinaryPrimitives.ReadInt32LittleEndian(header[BodyLengthAt..]);
    }

    /// <summary>Reads a header that is known to be sound.</summary>
    internal static RecordHeader Read(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>Reads a header of which nothing is known; false if it is none, or damaged.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, uint salt, out RecordHeader header)
    {
        header = default;
        if (bytes.Length < Size || !bytes.StartsWith(Marker)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) != Crc32C.Of(bytes[CheckedFrom..Size], salt))
        {
            return false;
        }

        header = new RecordHeader(bytes);
        return header.BodyLength is >= 0 and <= LongestBody && header.HeaderLength <= header.BodyLength;
    }

    internal bool BodyIsSound(ReadOnlySpan<byte> body) => Crc32C.Of(body) == BodyChecksum;
}
