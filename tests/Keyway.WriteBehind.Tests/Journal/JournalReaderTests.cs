using Keyway.WriteBehind.Journal;
using Keyway.WriteBehind.Tests.Journal.Storage;

namespace Keyway.WriteBehind.Tests.Journal;

public sealed class JournalReaderTests
{
    [Fact]
    public void Reader_ThatKeepsUp_ReadsNothingFromDisk()
    {
        var journal = new TestJournal();
        using JournalReader reader = journal.Journal.CreateReader();
        int before = journal.Storage.Reads;
        for (int i = 1; i <= 2000; i++)
        {
            journal.KeepOf(1000, i);
            Assert.Equal([i], TestJournal.ReadAll(reader));
        }

        Assert.Equal(before, journal.Storage.Reads);
    }

    [Fact]
    public void Reader_ThatFallsBehind_GoesToTheDiskAndComesBack()
    {
        var journal = new TestJournal(with: options => options with { TailCacheBytes = 512 * 1024, SegmentBytes = 1024 * 1024 });
        using JournalReader reader = journal.Journal.CreateReader();
        int number = 0;
        int expected = 0;
        for (int round = 0; round < 12; round++)
        {
            for (int i = 0; i < (round % 3 == 2 ? 900 : 100); i++)
            {
                journal.KeepOf(1500, number++);
            }

            for (int i = 0; i < 150 && reader.Read(out JournalRecord record) == ReadResult.Record; i++)
            {
                Assert.Equal(expected++, TestJournal.NumberIn(record));
            }
        }

        Assert.Equal(Enumerable.Range(expected, number - expected), TestJournal.ReadAll(reader));
        Assert.True(journal.Storage.Reads > 0);
    }

    [Fact]
    public void Reader_OfALongBacklog_HoldsNoMoreThanItsBuffer()
    {
        var journal = new TestJournal();
        for (int i = 0; i < 200; i++)
        {
            journal.KeepOf(100_000, i);
        }

        TestJournal reopened = journal.Reopen();
        using JournalReader reader = reopened.Journal.CreateReader();
        reader.Read(out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int count = 1;
        while (reader.Read(out _) == ReadResult.Record)
        {
            count++;
        }

        Assert.Equal(200, count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000); // of 20 MB read
    }

    [Fact]
    public void Reader_WhoseRecordsAreCompletedMeanwhile_SkipsThem()
    {
        var journal = new TestJournal(with: options => options with { SegmentBytes = 64 * 1024, TailCacheBytes = 0 });
        for (int i = 1; i <= 20; i++)
        {
            journal.KeepOf(20_000, i);
        }

        using JournalReader reader = journal.Journal.CreateReader();
        Assert.Equal(ReadResult.Record, reader.Read(out _));
        for (int i = 1; i <= 17; i++)
        {
            journal.Journal.Complete(i);
        }

        journal.KeepHouse();

        Assert.Equal([18, 19, 20], TestJournal.ReadAll(reader));
    }

    [Fact]
    public void Seek_Back_ReadsWhatIsStillPending()
    {
        var journal = new TestJournal();
        journal.Keep(1, 2, 3, 4);
        using JournalReader reader = journal.Journal.CreateReader();
        Assert.Equal([1, 2, 3, 4], TestJournal.ReadAll(reader));
        journal.Journal.Complete(3);

        reader.Seek(2);

        Assert.Equal([2, 4], TestJournal.ReadAll(reader));
        Assert.Equal(5, reader.Next);
    }
}
