namespace Keyway.WriteBehind.Journal;

/// <summary>What was found when a journal was opened; sealed segments are not looked through then, so that damage in them is found by who reads them.</summary>
/// <param name="Segments">Segment files.</param>
/// <param name="Pending">Records that are not complete and will be delivered.</param>
/// <param name="TornBytes">Bytes of records whose write was cut off; they were never acknowledged, and are cut.</param>
/// <param name="CorruptRanges">Damaged stretches, each of one record or several; skipped.</param>
/// <param name="CorruptBytes">Their bytes, kept aside in <c>.corrupt</c> files.</param>
/// <param name="DamagedCompletions">Entries of completion files that could not be read; their records are delivered again.</param>
public sealed record RecoveryReport(
    int Segments, long Pending, long TornBytes, int CorruptRanges, long CorruptBytes, int DamagedCompletions);
