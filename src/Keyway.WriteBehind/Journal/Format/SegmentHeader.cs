using System.Buffers.Binary;

namespace Keyway.WriteBehind.Journal.Format;

/// <summary>The head of a segment file: magic, version, and what its name says too.</summary>
internal static class SegmentHeader
{
    internal const int Size = 40;
    internal const int Version = 1;

    private const int VersionAt = 8;
    private const int SaltAt = 12;
    private const int FirstAt = 16;
    private const int CreatedAt = 24;
    private const int ReservedAt = 32;
    private const int ChecksumAt = 36;

    private static ReadOnlySpan<byte> Magic => "KWJOURNL"u8;

    internal static void Write(Span<byte> target, SegmentName name, long createdMilliseconds)
    {
        Magic.CopyTo(target);
        BinaryPrimitives.WriteInt32LittleEndian(target[VersionAt..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(target[SaltAt..], name.Salt);
        BinaryPrimitives.WriteInt64LittleEndian(target[FirstAt..], name.First);
        BinaryPrimitives.WriteInt64LittleEndian(target[CreatedAt..], createdMilliseconds);
        BinaryPrimitives.WriteInt32LittleEndian(target[ReservedAt..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(target[ChecksumAt..], Crc32C.Of(target[..ChecksumAt]));
    }

    /// <summary>Whether the head is sound. A damaged one costs nothing: the file's name repeats what is needed.</summary>
    /// <exception cref="JournalException">The head is sound and of a version that this program does not know.</exception>
    internal static bool IsSound(ReadOnlySpan<byte> bytes, SegmentName name)
    {
        if (bytes.Length < Size || !bytes.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) != Crc32C.Of(bytes[..ChecksumAt]))
        {
            return false;
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes[VersionAt..]);
        if (version != Version)
        {
            throw new JournalException($"{name} is of journal format {version}; this program knows format {Version}");
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[SaltAt..]) == name.Salt
            && BinaryPrimitives.ReadInt64LittleEndian(bytes[FirstAt..]) == name.First;
    }
}
