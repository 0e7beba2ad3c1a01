using System.Buffers.Binary;

namespace Keyway.WriteBehind.Journal.Format;

/// <summary>
/// One entry of a segment's <c>.done</c> file: a run of records that are complete, counted from the segment's first. All entries have one size, so a
/// damaged one costs only itself: its records are delivered again. A run of no records is a seal: the segment has so many records, and gets no more.
/// </summary>
internal readonly record struct CompletionEntry(uint First, uint Count)
{
    internal const int Size = 12;

    private const int CountAt = 4;
    private const int ChecksumAt = 8;

    /// <summary>Whether it says, with <see cref="First"/>, how many records the segment has.</summary>
    internal bool IsSeal => Count == 0;

    internal static CompletionEntry Seal(uint records) => new(records, 0);

    internal void Write(Span<byte> target, uint salt)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, First);
        BinaryPrimitives.WriteUInt32LittleEndian(target[CountAt..], Count);
        BinaryPrimitives.WriteUInt32LittleEndian(target[ChecksumAt..], Crc32C.Of(target[..ChecksumAt], salt));
    }

    internal static bool TryRead(ReadOnlySpan<byte> bytes, uint salt, out CompletionEntry entry)
    {
        entry = new CompletionEntry(BinaryPrimitives.ReadUInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[CountAt..]));
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) == Crc32C.Of(bytes[..ChecksumAt], salt);
    }
}
