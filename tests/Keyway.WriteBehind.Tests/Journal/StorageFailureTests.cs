using Keyway.WriteBehind.Journal;
using Keyway.WriteBehind.Tests.Journal.Storage;

namespace Keyway.WriteBehind.Tests.Journal;

public sealed class StorageFailureTests
{
    [Fact]
    public void DiskFull_AtEveryByteOfAWrite_FailsTheBatchAndCutsItBack()
    {
        for (int free = 0; free < 2 * 41; free++)
        {
            var journal = new TestJournal();
            journal.Keep(1);
            string segment = Assert.Single(journal.Storage.Segments);
            byte[] before = journal.Storage[segment];
            journal.Storage.Free = free;
            journal.Commit(2, 3);

            Assert.Equal(new SettledBatch(2, 2, JournalFailure.DiskFull), journal.Settle());

            Assert.Equal(before, journal.Storage[segment]);
            Assert.Equal([1], journal.ReadAll());
            Assert.Equal([1], journal.Reopen().ReadAll());
            journal.Storage.Free = long.MaxValue;
            journal.Keep(4, 5);
            Assert.Equal([1, 4, 5], journal.ReadAll());
            Assert.Equal([1, 4, 5], journal.Reopen().ReadAll());
            Assert.Equal(1, journal.Journal.GetStatus().FailedBatches);
            Assert.NotEmpty(journal.Errors);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(60)]
    public void WriteError_WithoutCuttingBack_NeitherHarmsWhatWasKeptNorWhatFollows(int arrived)
    {
        var journal = new TestJournal();
        journal.Keep(1);
        journal.Storage.Fault = StorageFault.Write | StorageFault.Cut;
        journal.Storage.BytesOfFailingWrite = arrived;
        journal.Commit(2, 3);

        Assert.Equal(JournalFailure.DiskError, journal.Settle().Failure);

        journal.Storage.Fault = StorageFault.None;
        journal.Keep(4);
        Assert.Equal([1, 4], journal.ReadAll());

        // Nobody could take back what arrived whole: at least once means that it may be delivered.
        int[] expected = arrived > 41 ? [1, 2, 4] : [1, 4];
        Assert.Equal(expected, journal.Reopen().ReadAll());
    }

    [Fact]
    public void Flush_Failed_IsNotTriedAgainAndBelieved()
    {
        var journal = new TestJournal(with: options => options with { Durability = Durability.Fsync });
        journal.Keep(1);
        journal.Storage.Fault = StorageFault.Sync;
        journal.Commit(2);

        Assert.Equal(new SettledBatch(2, 1, JournalFailure.FlushFailed), journal.Settle());
        Assert.Equal([1], journal.ReadAll());

        journal.Storage.Fault = StorageFault.None;
        string old = Assert.Single(journal.Storage.Segments);
        byte[] before = journal.Storage[old];
        journal.Keep(3);

        Assert.Equal(before, journal.Storage[old]);
        Assert.Equal(2, journal.Storage.Segments.Count());
        Assert.Equal([1, 3], journal.ReadAll());
        for (int seed = 0; seed < 20; seed++)
        {
            Assert.Equal([1, 3], new TestJournal(journal.Storage.AfterPowerCut(new Random(seed))).ReadAll());
        }
    }

    [Fact]
    public void NewSegment_Refused_FailsTheBatchUntilItCanBeMade()
    {
        var journal = new TestJournal(with: options => options with { SegmentBytes = 64 * 1024 });
        journal.KeepOf(60_000, 1);
        journal.Storage.Fault = StorageFault.Create;
        journal.CommitOf(60_000, 2);

        Assert.Equal(JournalFailure.DiskFull, journal.Settle().Failure);

        journal.Storage.Fault = StorageFault.None;
        journal.KeepOf(60_000, 3);
        Assert.Equal([1, 3], journal.Reopen().ReadAll());
    }

    [Fact]
    public void Open_OnAFullDisk_ReadsAndRecovers()
    {
        var journal = new TestJournal();
        journal.Keep(1);
        MemoryStorage storage = journal.Storage.AfterKill();
        storage.Free = 10;
        var reopened = new TestJournal(storage);

        Assert.Equal([1], reopened.ReadAll());
        reopened.Commit(2);
        Assert.Equal(JournalFailure.DiskFull, reopened.Settle().Failure);
        storage.Free = long.MaxValue;
        reopened.Keep(3);
        Assert.Equal([1, 3], reopened.ReadAll());
    }

    [Fact]
    public void BatchesOfOneTurn_AroundAFailure_AreSettledInOrder()
    {
        var journal = new TestJournal();
        journal.KeepOf(1000, 1);
        journal.Storage.Free = 300_000;
        journal.CommitOf(200_000, 2);
        journal.CommitOf(200_000, 3);
        journal.Journal.Turn();

        Assert.True(journal.Producer.TryTakeSettled(out SettledBatch second));
        Assert.True(journal.Producer.TryTakeSettled(out SettledBatch third));
        Assert.Equal([JournalFailure.None, JournalFailure.DiskFull], new[] { second.Failure, third.Failure });
        Assert.Equal([1, 2], journal.ReadAll());
    }

    [Fact]
    public void EarlyCompletions_OfBatchesSettledApart_HoldForThoseThatWereKept()
    {
        var journal = new TestJournal();
        journal.Storage.Free = 350_000;
        journal.CommitOf(300_000, 1);
        journal.CommitOf(300_000, 2);
        journal.CommitOf(1000, 3, 4);
        journal.Journal.Complete([1, 4]);
        journal.Journal.Turn();

        Assert.Equal([3], journal.ReadAll());
        Assert.Equal(1, journal.Journal.GetStatus().Pending);
    }

    [Fact]
    public void Completions_RefusedByTheDisk_AreWrittenLater()
    {
        var journal = new TestJournal();
        journal.Keep(1, 2, 3);
        journal.Storage.Fault = StorageFault.Write;
        journal.Storage.BytesOfFailingWrite = 5;
        journal.Journal.Complete(1);
        journal.KeepHouse();
        journal.Journal.Complete(3);
        journal.KeepHouse();
        Assert.Equal([1, 2, 3], journal.Reopen().ReadAll());

        journal.Storage.Fault = StorageFault.None;
        journal.KeepHouse();

        Assert.Equal([2], journal.Reopen().ReadAll());
    }

    [Fact]
    public void Reader_OnAReadError_SaysSoAndGoesOnLater()
    {
        var journal = new TestJournal();
        journal.Keep(1, 2);
        TestJournal reopened = journal.Reopen();
        using JournalReader reader = reopened.Journal.CreateReader();
        reopened.Storage.Fault = StorageFault.Read;

        Assert.Equal(ReadResult.Failed, reader.Read(out _));

        reopened.Storage.Fault = StorageFault.None;
        Assert.Equal([1, 2], TestJournal.ReadAll(reader));
    }
}
