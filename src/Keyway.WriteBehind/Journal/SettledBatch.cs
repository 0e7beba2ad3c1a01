namespace Keyway.WriteBehind.Journal;

/// <summary>What became of a batch: all of it was kept, or none.</summary>
/// <param name="First">Number of its first record.</param>
/// <param name="Count">How many records it has.</param>
/// <param name="Failure">Why none was kept; <see cref="JournalFailure.None"/> if all were.</param>
public readonly record struct SettledBatch(long First, int Count, JournalFailure Failure);
