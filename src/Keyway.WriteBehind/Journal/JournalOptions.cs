using Keyway.WriteBehind.Journal.Format;

namespace Keyway.WriteBehind.Journal;

/// <summary>How a journal is kept. Sizes are bytes.</summary>
public sealed record JournalOptions
{
    private const int SmallestSegment = 64 * 1024;

    /// <summary>A journal has at least so many segments when it is full, so that room is made in steps that are small beside the whole.</summary>
    private const int FewestSegments = 8;

    /// <summary>The journal's own directory; made if it is missing.</summary>
    public required string Directory { get; init; }

    /// <summary>What must have happened before a record counts as kept.</summary>
    public Durability Durability { get; init; } = Durability.Disk;

    /// <summary>Most bytes on disk and on the way there; at least 512 KiB. Each producer can go beyond it by what it appends in one wake-up.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>Free space of the file system that is left to others; 0 for none.</summary>
    public long MinFreeBytes { get; init; } = 64L << 20;

    /// <summary>Length at which a segment ends, 64 KiB to 1 GiB; at most an eighth of <see cref="MaxBytes"/> is used.</summary>
    public int SegmentBytes { get; init; } = 64 << 20;

    /// <summary>Longest header and payload of a record together; at most 1 GiB.</summary>
    public int MaxRecordBytes { get; init; } = 64 << 20;

    /// <summary>Most bytes that wait in memory to be written.</summary>
    public int MaxQueuedBytes { get; init; } = 16 << 20;

    /// <summary>Memory for the newest records, so that a reader that keeps up needs no disk. What is being written takes up to 2 MiB more.</summary>
    public int TailCacheBytes { get; init; } = 4 << 20;

    /// <summary>How long a completion may stay in memory only. A crash forgets at most these, and their records are delivered again.</summary>
    public TimeSpan CompletionInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Hears of every failure of the disk, on the thread that met it; must not throw.</summary>
    public Action<Exception>? OnError { get; init; }

    /// <summary>The length at which a segment ends.</summary>
    internal long SegmentLimit => Math.Max(SmallestSegment, Math.Min(SegmentBytes, MaxBytes / FewestSegments));

    /// <summary>Throws if a value is out of its range.</summary>
    /// <exception cref="JournalException">One is.</exception>
    internal void Validate()
    {
        Require(MaxBytes >= FewestSegments * SmallestSegment, nameof(MaxBytes));
        Require(MinFreeBytes >= 0, nameof(MinFreeBytes));
        Require(SegmentBytes is >= SmallestSegment and <= RecordHeader.LongestBody, nameof(SegmentBytes));
        Require(MaxRecordBytes is > 0 and <= RecordHeader.LongestBody, nameof(MaxRecordBytes));
        Require(MaxQueuedBytes > 0, nameof(MaxQueuedBytes));
        Require(TailCacheBytes >= 0, nameof(TailCacheBytes));
        Require(CompletionInterval > TimeSpan.Zero, nameof(CompletionInterval));
    }

    private static void Require(bool holds, string name)
    {
        if (!holds)
        {
            throw new JournalException($"{name} of the journal is out of its range");
        }
    }
}
