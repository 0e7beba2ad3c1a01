namespace Keyway.WriteBehind.Journal;

/// <summary>Figures of a journal at one moment.</summary>
/// <param name="Next">The number that the next record gets.</param>
/// <param name="Pending">Records kept and not complete.</param>
/// <param name="OldestPending">The number of the oldest of them, or 0.</param>
/// <param name="Segments">Segment files.</param>
/// <param name="DiskBytes">Their bytes, completion files included.</param>
/// <param name="PendingBytes">Bytes of the pending records, taken as average ones of their segments.</param>
/// <param name="QueuedBytes">Bytes that wait to be written.</param>
/// <param name="Dropped">Records dropped since the journal was opened.</param>
/// <param name="Lost">Records found damaged by readers since the journal was opened.</param>
/// <param name="FailedBatches">Batches that the disk refused since the journal was opened.</param>
public readonly record struct JournalStatus(
    long Next, long Pending, long OldestPending, int Segments, long DiskBytes, long PendingBytes, long QueuedBytes, long Dropped, long Lost, long FailedBatches);
