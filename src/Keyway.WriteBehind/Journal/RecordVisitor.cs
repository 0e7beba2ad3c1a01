namespace Keyway.WriteBehind.Journal;

/// <summary>Is shown a record.</summary>
/// <param name="record">The record, good until the visitor returns.</param>
/// <param name="isComplete">Whether it is complete.</param>
/// <returns>Whether to go on.</returns>
public delegate bool RecordVisitor(JournalRecord record, bool isComplete);
