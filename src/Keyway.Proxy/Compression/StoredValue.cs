using System.Buffers.Binary;

namespace Keyway.Proxy.Compression;

/// <summary>
/// The form in which a server has a value that Keyway has compressed: 3 bytes mark, 1 how, 4 the value's length, 4 that of what follows, both little-endian, then the compressed
/// bytes. The mark cannot begin a text (no UTF-8 has its first byte), and a value that begins with it all the same is stored behind a mark of its own. What APPEND has put behind
/// the compressed bytes belongs to the value as it stands.
/// </summary>
internal readonly record struct StoredValue
{
    /// <summary>Bytes before the compressed ones.</summary>
    internal const int HeaderSize = 12;

    /// <summary>Bytes that tell whether a value was compressed.</summary>
    internal const int MarkSize = 4;

    private static ReadOnlySpan<byte> Mark => [0xF5, (byte)'K', (byte)'W'];

    private static ReadOnlySpan<byte> RelayerMark => "$sy$"u8;

    private static ReadOnlySpan<byte> GzipMark => [0x1F, 0x8B];

    /// <summary>How what follows the header is compressed.</summary>
    internal ValueForm Form { get; init; }

    /// <summary>Bytes of the value, without what was appended later; -1 if nothing says so.</summary>
    internal int Length { get; init; }

    /// <summary>Where the compressed bytes begin.</summary>
    internal int Start { get; init; }

    /// <summary>How many they are; the rest was appended.</summary>
    internal int Compressed { get; init; }

    /// <summary>True for what begins as Keyway's own.</summary>
    internal static bool IsOwn(ReadOnlySpan<byte> value) => value.StartsWith(Mark);

    /// <summary>True for what begins as smart-relayer's: a gzip stream, or its mark for Snappy.</summary>
    internal static bool IsRelayers(ReadOnlySpan<byte> value) => value.StartsWith(GzipMark) || value.StartsWith(RelayerMark);

    /// <summary>Reads the form of a value; false if it is as its client wrote it.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> value, bool withRelayers, out StoredValue stored)
    {
        stored = default;
        if (IsOwn(value) && value.Length >= HeaderSize)
        {
            stored = new StoredValue
            {
                Form = (ValueForm)value[Mark.Length],
                Length = BinaryPrimitives.ReadInt32LittleEndian(value[MarkSize..]),
                Start = HeaderSize,
                Compressed = BinaryPrimitives.ReadInt32LittleEndian(value[(MarkSize + sizeof(int))..]),
            };
            return stored is { Length: >= 0, Compressed: >= 0 } && stored.Compressed <= value.Length - HeaderSize;
        }

        if (!withRelayers || !IsRelayers(value))
        {
            return false;
        }

        bool isGzip = value.StartsWith(GzipMark);
        int start = isGzip ? 0 : RelayerMark.Length;
        stored = new StoredValue { Form = isGzip ? ValueForm.Gzip : ValueForm.Snappy, Length = -1, Start = start, Compressed = value.Length - start };
        return true;
    }

    /// <summary>Writes the header of a value of Keyway's own.</summary>
    internal void WriteHeader(Span<byte> header)
    {
        Mark.CopyTo(header);
        header[Mark.Length] = (byte)Form;
        BinaryPrimitives.WriteInt32LittleEndian(header[MarkSize..], Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[(MarkSize + sizeof(int))..], Compressed);
    }
}
