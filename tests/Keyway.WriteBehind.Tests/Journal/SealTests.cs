using Keyway.WriteBehind.Journal;
using Keyway.WriteBehind.Journal.Format;
using Keyway.WriteBehind.Tests.Journal.Storage;

namespace Keyway.WriteBehind.Tests.Journal;

/// <summary>Segments that are known to get no more records are not read when the journal is opened, and are as safe.</summary>
public sealed class SealTests
{
    private const int SegmentBytes = 64 * 1024;
    private const int PayloadLength = 20_000; // Three to a segment.
    private const int Records = 60;

    private static readonly int[] All = [.. Enumerable.Range(1, Records)];

    [Fact]
    public void Opening_ALongJournal_ReadsItsNewestSegmentOnly()
    {
        TestJournal journal = Filled();
        journal.Journal.Complete([1, 5, 6]);
        journal.KeepHouse();

        TestJournal reopened = journal.Reopen();

        Assert.InRange(reopened.Storage.BytesRead, 1, 2 * SegmentBytes);
        Assert.Equal(Records - 3, reopened.Journal.Recovery.Pending);
        Assert.Equal(All.Except([1, 5, 6]), reopened.ReadAll());
        Assert.Equal(Records + 1, reopened.Keep(61));
    }

    [Fact]
    public void Opening_WithoutSeals_ReadsAll_AndSealsForTheNextTime()
    {
        TestJournal journal = Filled(); // Ends before any seal was written.

        TestJournal reopened = journal.Reopen();
        long read = reopened.Storage.BytesRead;
        reopened.KeepHouse();
        TestJournal again = reopened.Reopen();

        Assert.InRange(read, Records * PayloadLength, long.MaxValue);
        Assert.InRange(again.Storage.BytesRead, 1, SegmentBytes);
        Assert.Equal(All, again.ReadAll());
    }

    [Fact]
    public void Opening_ASegmentWithGapsInFront_TakesNothingForPendingThatWasDeleted()
    {
        TestJournal journal = Filled();
        journal.Journal.CompleteRange(4, 30);
        journal.KeepHouse();

        TestJournal reopened = journal.Reopen();

        Assert.Equal([1, 2, 3, .. All[30..]], reopened.ReadAll());
        Assert.Equal(0, reopened.Journal.GetStatus().Lost);
    }

    [Fact]
    public void ASealedSegment_Damaged_CostsTheRecordOnly_AndIsTold()
    {
        TestJournal journal = Filled();
        journal.KeepHouse();
        MemoryStorage damaged = journal.Storage.AfterKill();
        string oldest = damaged.Segments.First();
        byte[] bytes = damaged[oldest];
        bytes[SegmentHeader.Size + PayloadLength + 500] ^= 1; // In the second record.
        damaged[oldest] = bytes;

        TestJournal reopened = new(damaged);

        Assert.Equal(Records, reopened.Journal.GetStatus().Pending);
        Assert.Equal(All.Where(static number => number != 2), reopened.ReadAll());
        Assert.Equal((Records - 1, 1), (reopened.Journal.GetStatus().Pending, reopened.Journal.GetStatus().Lost));
        Assert.Single(damaged.Corrupt);
        Assert.Contains("1 records from number 2 on are damaged", Assert.Single(reopened.Errors).Message);
        reopened.KeepHouse();
        Assert.Equal(Records - 1, reopened.Reopen().Journal.Recovery.Pending);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(SegmentHeader.Size)]
    [InlineData(SegmentHeader.Size + 70)]
    [InlineData(SegmentHeader.Size + PayloadLength + 100)]
    [InlineData(SegmentHeader.Size + (2 * PayloadLength) + 200)]
    public void ASealedSegment_CutShortByAPowerCut_CostsNothingElse(int left)
    {
        TestJournal journal = Filled();
        journal.KeepHouse();
        MemoryStorage damaged = journal.Storage.AfterKill();
        string second = damaged.Segments.Skip(1).First();
        damaged[second] = damaged[second][..left];
        int kept = Math.Max(0, left - SegmentHeader.Size) / PayloadLength;

        TestJournal reopened = new(damaged);

        int[] expected = [.. All[..(3 + kept)], .. All[6..]];
        Assert.Equal(expected, reopened.ReadAll());
        Assert.Equal(expected.Length, reopened.Journal.GetStatus().Pending);
        Assert.Equal(Records + 1, reopened.Keep(61));
        reopened.KeepHouse();
        Assert.Equal([.. expected, 61], reopened.Reopen().ReadAll());
    }

    [Fact]
    public void ASeal_OfASegmentThatCouldNotBeCutBack_LeavesOutWhatFailed()
    {
        TestJournal journal = new();
        journal.Keep(1);
        journal.Storage.Fault = StorageFault.Write | StorageFault.Cut;
        journal.Storage.BytesOfFailingWrite = 60; // The first of the two.
        journal.Commit(2, 3);
        Assert.Equal(JournalFailure.DiskError, journal.Settle().Failure);
        journal.Storage.Fault = StorageFault.None;
        journal.Keep(4);
        journal.KeepHouse();

        TestJournal reopened = journal.Reopen();

        Assert.Equal([1, 4], reopened.ReadAll());
        Assert.Equal(0, reopened.Journal.GetStatus().Lost);
    }

    [Fact]
    public void Inspection_LooksThroughSealedSegmentsToo()
    {
        TestJournal journal = Filled();
        journal.KeepHouse();
        string oldest = journal.Storage.Segments.First();
        byte[] bytes = journal.Storage[oldest];
        bytes[SegmentHeader.Size + 500] ^= 1;
        journal.Storage[oldest] = bytes;

        JournalInspector inspector = new(journal.Storage);

        Assert.Equal((Records - 1, 1), (inspector.Report.Pending, inspector.Report.CorruptRanges));
    }

    private static TestJournal Filled()
    {
        TestJournal journal = new(with: options => options with { SegmentBytes = SegmentBytes });
        Array.ForEach(All, number => journal.KeepOf(PayloadLength, number));
        return journal;
    }
}
