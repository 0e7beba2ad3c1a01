using Keyway.WriteBehind.Journal;
using Keyway.WriteBehind.Tests.Journal.Storage;

namespace Keyway.WriteBehind.Tests.Journal;

public sealed class BoundsTests
{
    private const int Most = 1024 * 1024;

    private static readonly byte[] Large = new byte[100_000];

    [Fact]
    public void Append_AtMaxBytes_IsFullUntilRecordsAreComplete()
    {
        TestJournal journal = Filled(out int count);

        Assert.Equal(AppendResult.Full, journal.Producer.Append(1, default, Large, out _));
        Assert.InRange(journal.Journal.GetStatus().DiskBytes, Most - Large.Length - 1000, Most);

        for (int i = 1; i <= 2; i++)
        {
            journal.Journal.Complete(i);
        }

        Assert.Equal(AppendResult.Appended, journal.Producer.Append(1, default, Large, out _));
        Assert.Equal(count + 1, journal.Producer.Commit());
    }

    [Fact]
    public void DropOldest_CountsAndDropsExactlyThese()
    {
        var journal = new TestJournal();
        journal.Keep(1, 2, 3, 4, 5);
        journal.Journal.Complete(2);

        Assert.Equal(2, journal.Journal.DropOldest(2));

        Assert.Equal([4, 5], journal.ReadAll());
        Assert.Equal(2, journal.Journal.GetStatus().Dropped);
        Assert.Equal(2, journal.Journal.DropOldest(10));
        Assert.Equal(0, journal.Journal.DropOldest(10));
    }

    [Fact]
    public void DropOldestSegment_MakesRoomAtOnce()
    {
        TestJournal journal = Filled(out int count);

        long dropped = journal.Journal.DropOldestSegment();

        Assert.InRange(dropped, 1, 2);
        Assert.Equal(AppendResult.Appended, journal.Producer.Append(1, default, Large, out _));
        Assert.Equal(count - dropped, journal.Journal.GetStatus().Pending);
        journal.KeepHouse();
        Assert.InRange(journal.Storage.List().Sum(file => journal.Storage[file].Length), 0, Most);
    }

    [Fact]
    public void Drop_OfARange_HoldsAfterReopening()
    {
        var journal = new TestJournal();
        journal.Keep(1, 2, 3, 4, 5);

        Assert.Equal(3, journal.Journal.Drop(2, 4));
        Assert.Equal(0, journal.Journal.Drop(2, 4));
        journal.Journal.Dispose();

        Assert.Equal([1, 5], journal.Reopen().ReadAll());
    }

    [Fact]
    public void Append_WhileTooMuchWaits_IsBusy()
    {
        var journal = new TestJournal(with: options => options with { MaxQueuedBytes = 1000 });
        Assert.Equal(AppendResult.Appended, journal.Producer.Append(1, default, new byte[2000], out _));
        Assert.Equal(AppendResult.Busy, journal.Producer.Append(1, default, "x"u8, out _));
        journal.Producer.Commit();
        Assert.Equal(AppendResult.Busy, journal.Producer.Append(1, default, "x"u8, out _));

        journal.Settle();

        Assert.Equal(AppendResult.Appended, journal.Producer.Append(1, default, "x"u8, out _));
    }

    [Fact]
    public void Append_BelowTheFreeSpaceFloor_IsRefusedUntilThereIsSpace()
    {
        var storage = new MemoryStorage { Free = 5000 };
        var journal = new TestJournal(storage, options => options with { MinFreeBytes = 10_000 });
        Assert.Equal(AppendResult.LowSpace, journal.Producer.Append(1, default, "x"u8, out _));

        storage.Free = 20_000;
        journal.KeepHouse();

        Assert.Equal(AppendResult.Appended, journal.Producer.Append(1, default, "x"u8, out _));
    }

    [Fact]
    public void Append_OfTooMuch_IsTooLarge()
    {
        var journal = new TestJournal(with: options => options with { MaxRecordBytes = 1000 });

        Assert.Equal(AppendResult.TooLarge, journal.Producer.Append(1, "h"u8, new byte[1000], out _));
        Assert.Equal(AppendResult.TooLarge, journal.Producer.Append(1, new byte[65536], default, out _));
        Assert.Equal(AppendResult.Appended, journal.Producer.Append(1, "h"u8, new byte[999], out int index));
        Assert.Equal(0, index);
    }

    [Fact]
    public void Options_OutOfRange_AreRefused() => Assert.Throws<JournalException>(
        () => new TestJournal(with: options => options with { MaxBytes = 1000 }));

    private static TestJournal Filled(out int count)
    {
        var journal = new TestJournal(with: options => options with { MaxBytes = Most });
        count = 0;
        while (journal.Producer.Append(1, default, Large, out _) == AppendResult.Appended)
        {
            journal.Producer.Commit();
            count++;
            journal.Settle();
        }

        return journal;
    }
}
