namespace Keyway.WriteBehind.Journal;

/// <summary>Whether a record was taken.</summary>
public enum AppendResult
{
    /// <summary>It is in the producer's batch.</summary>
    Appended,

    /// <summary>The journal has reached <see cref="JournalOptions.MaxBytes"/>. Room comes when the oldest records are complete, or dropped.</summary>
    Full,

    /// <summary>The file system has less than <see cref="JournalOptions.MinFreeBytes"/> left.</summary>
    LowSpace,

    /// <summary>The disk is slower than the producers: <see cref="JournalOptions.MaxQueuedBytes"/> wait to be written.</summary>
    Busy,

    /// <summary>The record is longer than <see cref="JournalOptions.MaxRecordBytes"/>, or its header than 65,535 bytes.</summary>
    TooLarge,

    /// <summary>The journal was closed.</summary>
    Closed,
}
