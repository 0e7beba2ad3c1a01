namespace Keyway.WriteBehind.Journal;

/// <summary>Where a reader finds the next pending record.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Segment">Its segment.</param>
/// <param name="End">How far the segment may be read, in bytes.</param>
/// <param name="Last">The last record within that.</param>
/// <param name="WindowLength">Bytes that were copied from memory, beginning with the record; 0 if it is on disk only.</param>
/// <param name="WindowOffset">Where in the segment these begin.</param>
internal readonly record struct JournalLocation(
    long Sequence, Segment Segment, long End, long Last, int WindowLength, long WindowOffset);
