namespace Keyway.WriteBehind.Journal;

/// <summary>What a segment holds.</summary>
/// <param name="File">Its file's name.</param>
/// <param name="First">The number of its first record.</param>
/// <param name="Last">The number of its last sound record; <paramref name="First"/> - 1 if it has none.</param>
/// <param name="Pending">Records that are not complete.</param>
/// <param name="Bytes">Its length, without a torn tail.</param>
public sealed record SegmentSummary(string File, long First, long Last, long Pending, long Bytes);
