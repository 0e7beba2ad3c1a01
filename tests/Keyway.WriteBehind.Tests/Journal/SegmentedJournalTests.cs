using Keyway.Testing;
using Keyway.WriteBehind.Journal;
using Keyway.WriteBehind.Tests.Journal.Storage;

namespace Keyway.WriteBehind.Tests.Journal;

public sealed class SegmentedJournalTests
{
    [Fact]
    public void Commit_BeforeTheWriterRan_IsNotSettledAndNotRead()
    {
        var journal = new TestJournal();

        long first = journal.Commit(1, 2);

        Assert.Equal(1, first);
        Assert.False(journal.Producer.TryTakeSettled(out _));
        Assert.Empty(journal.ReadAll());
        Assert.Equal(new SettledBatch(1, 2, JournalFailure.None), journal.Settle());
        Assert.Equal([1, 2], journal.ReadAll());
    }

    [Fact]
    public void Commit_OfNothing_IsNothing()
    {
        var journal = new TestJournal();

        Assert.Equal(0, journal.Producer.Commit());
        Assert.Equal(1, journal.Keep(1));
    }

    [Fact]
    public void Commits_OfSeveralProducers_AreNumberedInTheirOrderAndNotifiedOnce()
    {
        var journal = new TestJournal();
        int notified = 0;
        JournalProducer other = journal.Journal.CreateProducer(() => notified++);

        journal.Commit(1);
        other.Append(1, default, TestJournal.Payload(2), out _);
        Assert.Equal(2, other.Commit());
        journal.Commit(3);
        journal.Journal.Turn();

        Assert.Equal([1, 2, 3], journal.ReadAll());
        Assert.Equal((1, 1), (journal.Notifications, notified));
        Assert.True(journal.Producer.TryTakeSettled(out SettledBatch one));
        Assert.True(journal.Producer.TryTakeSettled(out SettledBatch three));
        Assert.True(other.TryTakeSettled(out SettledBatch two));
        Assert.Equal([1, 2, 3], new[] { one.First, two.First, three.First });
    }

    [Fact]
    public void Notification_ThatThrows_KeepsNobodyFromHearing()
    {
        var journal = new TestJournal();
        JournalProducer faulty = journal.Journal.CreateProducer(() => throw new InvalidOperationException("mine"));
        faulty.Append(1, default, TestJournal.Payload(1), out _);
        faulty.Commit();

        journal.Keep(2);

        Assert.Equal(1, journal.Notifications);
        Assert.Equal("mine", Assert.Single(journal.Errors).Message);
    }

    [Fact]
    public void Record_ReadBack_IsWhatWasAppended()
    {
        var journal = new TestJournal();
        journal.Producer.Append(7, "server 3"u8, "SET k v"u8, out int first);
        journal.Producer.Append(8, default, default, out int second);
        journal.Producer.Commit();
        journal.Journal.Turn();

        Assert.Equal((0, 1), (first, second));
        foreach (TestJournal where in new[] { journal, journal.Reopen() })
        {
            using JournalReader reader = where.Journal.CreateReader();
            Assert.Equal(ReadResult.Record, reader.Read(out JournalRecord record));
            Assert.Equal(1, record.Sequence);
            Assert.Equal(7, record.Kind);
            Assert.Equal(journal.Time.GetUtcNow().ToUnixTimeMilliseconds(), record.Time);
            Assert.Equal("server 3"u8, record.Header);
            Assert.Equal("SET k v"u8, record.Payload);
            Assert.Equal(ReadResult.Record, reader.Read(out record));
            Assert.Equal(8, record.Kind);
            Assert.True(record.Header.IsEmpty && record.Payload.IsEmpty);
            Assert.Equal(ReadResult.CaughtUp, reader.Read(out _));
        }
    }

    [Fact]
    public void Reopen_AfterCompletionsInAnyOrder_ReplaysExactlyTheOthersInOrder()
    {
        var journal = new TestJournal();
        journal.Keep(1, 2, 3);
        journal.Keep(4, 5, 6);
        journal.Journal.Complete([5, 1]);
        journal.Journal.Complete(3);
        journal.KeepHouse();

        Assert.Equal([2, 4, 6], journal.ReadAll());
        Assert.Equal([2, 4, 6], journal.Reopen().ReadAll());
    }

    [Fact]
    public void Complete_WithoutInterval_IsForgottenByACrashOnly()
    {
        var journal = new TestJournal();
        journal.Keep(1, 2);
        journal.Time.Advance(TimeSpan.FromMilliseconds(10));
        journal.Journal.Complete(1);
        journal.Journal.Turn();

        Assert.Equal([2], journal.ReadAll());
        Assert.Equal([1, 2], journal.Reopen().ReadAll());

        journal.Journal.Dispose();
        Assert.Equal([2], journal.Reopen().ReadAll());
    }

    [Fact]
    public void Complete_BeforeTheRecordIsWritten_Holds()
    {
        var journal = new TestJournal();
        journal.Commit(1, 2, 3);
        journal.Journal.Complete(2);
        journal.Journal.Complete(99);
        journal.Settle();
        journal.Keep(4);

        Assert.Equal([1, 3, 4], journal.ReadAll());
        Assert.Equal(3, journal.Journal.GetStatus().Pending);
    }

    [Fact]
    public void CompleteRange_AcrossKeptAndCommittedRecords_HoldsForAll()
    {
        var journal = new TestJournal(with: options => options with { SegmentBytes = 64 * 1024 });
        for (int i = 1; i <= 200; i++)
        {
            journal.KeepOf(1000, i);
        }

        journal.Commit([.. Enumerable.Range(201, 300)]);
        journal.Journal.Complete(100);
        journal.Journal.CompleteRange(70, 450);
        journal.Journal.CompleteRange(480, 9999);
        journal.Settle();
        journal.Keep(501);
        journal.KeepHouse();

        int[] expected = [.. Enumerable.Range(1, 69), .. Enumerable.Range(451, 29), 501];
        Assert.Equal(expected, journal.ReadAll());
        Assert.Equal(expected.Length, journal.Journal.GetStatus().Pending);
        Assert.Equal(expected, journal.Reopen().ReadAll());
    }

    [Fact]
    public void Numbers_AfterReopening_GoOn()
    {
        var journal = new TestJournal();
        journal.Keep(1, 2);
        journal.Journal.Complete([1, 2]);
        journal.KeepHouse();

        for (int i = 3; i < 6; i++)
        {
            journal = journal.Reopen();
            Assert.Equal(i, journal.Keep(i));
            journal.Journal.Complete(i);
            journal.KeepHouse();
        }

        Assert.Empty(journal.ReadAll());
        Assert.True(journal.Storage.Segments.Count() <= 2);
    }

    [Fact]
    public void Segments_AllComplete_AreDeletedWithTheirCompletions()
    {
        var journal = new TestJournal(with: options => options with { SegmentBytes = 64 * 1024 });
        for (int i = 1; i <= 40; i++)
        {
            journal.KeepOf(10_000, i);
        }

        Assert.Equal(7, journal.Storage.Segments.Count());
        for (int i = 2; i <= 40; i++)
        {
            journal.Journal.Complete(i);
            journal.KeepHouse();
        }

        Assert.Equal([1], journal.ReadAll());
        Assert.Equal(2, journal.Storage.Segments.Count());
        journal.Journal.Complete(1);
        journal.KeepHouse();
        Assert.Single(journal.Storage.Segments);
        Assert.Equal(journal.Storage.List().Sum(file => journal.Storage[file].Length), journal.Journal.GetStatus().DiskBytes);
        Assert.Empty(journal.Reopen().ReadAll());
    }

    [Fact]
    public void Segment_SpentAtHalfItsLength_IsReplaced()
    {
        var journal = new TestJournal(with: options => options with { SegmentBytes = 64 * 1024 });
        journal.KeepOf(40_000, 1);
        string segment = Assert.Single(journal.Storage.Segments);

        journal.Journal.Complete(1);
        journal.KeepHouse();

        Assert.NotEqual(segment, Assert.Single(journal.Storage.Segments));
        Assert.Equal(2, journal.Keep(2));
    }

    [Fact]
    public void Record_LongerThanASegmentAndThanTheCache_IsKept()
    {
        var journal = new TestJournal(with: options => options with { SegmentBytes = 64 * 1024 });
        journal.Keep(1);
        journal.KeepOf(3_000_000, 2);
        journal.Keep(3);

        Assert.Equal([1, 2, 3], journal.ReadAll());
        Assert.Equal([1, 2, 3], journal.Reopen().ReadAll());
    }

    [Fact]
    public void Turn_WithManyBatches_WritesOnceAndFlushesOnce()
    {
        var journal = new TestJournal(with: options => options with { Durability = Durability.Fsync });
        int operations = journal.Storage.Operations;
        int syncs = journal.Storage.Syncs;
        for (int i = 0; i < 50; i++)
        {
            journal.Commit(i);
        }

        journal.Journal.Turn();

        Assert.Equal(2, journal.Storage.Operations - operations);
        Assert.Equal(1, journal.Storage.Syncs - syncs);
        Assert.Equal(50, journal.ReadAll().Count);
    }

    [Fact]
    public void Disposed_RefusesAndSaysSo()
    {
        var journal = new TestJournal();
        journal.Producer.Append(1, default, "a"u8, out _);
        journal.Journal.Dispose();

        Assert.Equal(AppendResult.Closed, journal.Producer.Append(1, default, "b"u8, out _));
        long first = journal.Producer.Commit();
        Assert.True(journal.Producer.TryTakeSettled(out SettledBatch settled));
        Assert.Equal(new SettledBatch(first, 1, JournalFailure.Closed), settled);
        journal.Journal.Dispose();
    }

    [Fact]
    public void Dispose_WritesWhatWasCommitted()
    {
        var journal = new TestJournal();
        journal.Commit(1, 2);

        journal.Journal.Dispose();

        Assert.True(journal.Producer.TryTakeSettled(out SettledBatch settled));
        Assert.Equal(JournalFailure.None, settled.Failure);
        Assert.Equal([1, 2], journal.Reopen().ReadAll());
    }

    [Fact]
    public void Append_OnceWarm_AllocatesNothing()
    {
        var journal = new TestJournal(new MemoryStorage { Capacity = 32 * 1024 * 1024 });
        byte[] payload = new byte[1000];
        using JournalReader reader = journal.Journal.CreateReader();
        long next = 1;
        Write(1000);

        // A bit for each record is all that grows, which is seldom.
        Assert.Equal(0, Allocations.Least(() => Write(20)));

        void Write(int rounds)
        {
            for (int round = 0; round < rounds; round++)
            {
                for (int i = 0; i < 10; i++)
                {
                    journal.Producer.Append(1, "header"u8, payload, out _);
                }

                journal.Producer.Commit();
                journal.Journal.Turn();
                while (journal.Producer.TryTakeSettled(out _))
                {
                }

                while (reader.Read(out _) == ReadResult.Record)
                {
                    journal.Journal.Complete(next++);
                }
            }
        }
    }
}
