namespace Keyway.Proxy.Smart;

/// <summary>One reactor's way into the journal; all calls happen on its thread, and none waits for the disk.</summary>
public interface IWriteProducer
{
    /// <summary>Adds a record to the batch.</summary>
    /// <param name="header">What is needed to deliver it.</param>
    /// <param name="frame">The request.</param>
    WriteResult Append(ReadOnlySpan<byte> header, ReadOnlySpan<byte> frame);

    /// <summary>Hands the batch to the disk; returns the number of its first record, those after it follow.</summary>
    long Commit();

    /// <summary>Takes the news of the oldest batch that is settled.</summary>
    /// <param name="last">The number of its last record.</param>
    /// <param name="failure">Why it was not kept; null if it was.</param>
    bool TryTakeSettled(out long last, out string? failure);
}
