using Keyway.Proxy.Configuration;
using Keyway.WriteBehind.Batching;
using Keyway.WriteBehind.Journal;
using Keyway.WriteBehind.Sinks;
using Keyway.WriteBehind.Tests.Journal;
using Keyway.WriteBehind.Tests.Journal.Storage;

namespace Keyway.WriteBehind.Tests.Batching;

/// <summary>A relay's records on a disk that the test has in its hands.</summary>
public sealed class JournalSourceTests
{
    private const int Large = 50_000;

    [Fact]
    public void Killed_OnlyWhatWasUnderWayIsSentAgain()
    {
        TestJournal journal = new();
        ScriptedSink sink = new();
        TaskCompletionSource<SinkResult> never = new();
        using DeliveryRig rig = Deliver(journal, sink, new BatchConfig { Parallel = 2, Linger = TimeSpan.Zero });
        sink.Script = (call, _) => call switch
        {
            1 => ScriptedSink.Fail(new FailedRecord(2, "again")),
            4 => never.Task,
            _ => Task.FromResult(SinkResult.Ok),
        };
        Keep(journal, 0, 23);
        rig.Delivery.Turn();

        // The journal is what another process would find at this moment: no time has passed in which completions could have been written by and by.
        TestJournal after = journal.Reopen();
        Assert.Equal(1, sink.UnderWay);
        Assert.Equal(23 - sink.Accepted.Count, after.Journal.GetStatus().Pending);
        ScriptedSink again = new();
        using DeliveryRig next = Deliver(after, again, new BatchConfig());
        next.Finish();
        Assert.Equal(23, sink.Accepted.Concat(again.Accepted).Distinct().Count());
        Assert.Equal(23, sink.Accepted.Count + again.Accepted.Count);
    }

    [Fact]
    public void RefusedRecord_WithoutRoomForADeadLetter_StaysInTheJournal()
    {
        TestJournal journal = new();
        ScriptedSink sink = new() { Script = static (call, _) => call == 0 ? ScriptedSink.Fail(new FailedRecord(1, "bad", IsRefused: true)) : Task.FromResult(SinkResult.Ok) };
        using DeliveryRig rig = Deliver(journal, sink, new BatchConfig());
        rig.KeepsLetters = false;
        Keep(journal, 0, 3);
        rig.Pass(3);

        Assert.Equal((2, 0L, 0L), (sink.Accepted.Count, rig.Status.Dropped, rig.Delivery.Held));
        Assert.Equal(1, journal.Reopen().Journal.GetStatus().Pending);
        Assert.Contains("stays in the journal", rig.Log, StringComparison.Ordinal);
        rig.Delivery.BeginDrain();
        Assert.True(rig.Delivery.IsDrained);
    }

    [Fact]
    public void WholeSegmentDelivered_IsGoneAtOnce()
    {
        TestJournal journal = new(with: static options => options with { MaxBytes = 1 << 20, SegmentBytes = 128 * 1024 });
        ScriptedSink sink = new();
        using DeliveryRig rig = Deliver(journal, sink, new BatchConfig { Linger = TimeSpan.Zero });
        for (int i = 0; i < 20; i++)
        {
            Keep(journal, i, 1, 50_000);
            rig.Delivery.Turn();
            Assert.Equal(0, journal.Reopen().Journal.GetStatus().Pending);
        }
    }

    [Fact]
    public void StuckRecord_KeepsItsSegmentOnly()
    {
        TestJournal journal = new(with: static options => options with { MaxBytes = 1 << 20, SegmentBytes = 128 * 1024 });
        ScriptedSink sink = new();
        using DeliveryRig rig = Deliver(journal, sink, new BatchConfig { Linger = TimeSpan.Zero, Newline = NewlinePolicy.None });
        string? stuck = null;
        sink.Script = (_, records) =>
        {
            stuck ??= records[0];
            return Array.IndexOf(records, stuck) is var at and >= 0 ? ScriptedSink.Fail(new FailedRecord(at, "InternalFailure")) : Task.FromResult(SinkResult.Ok);
        };
        for (int i = 0; i < 200; i++)
        {
            Keep(journal, i, 1, 20_000); // four times max_backlog
            rig.Pass(0.1);
            journal.KeepHouse();
        }

        JournalStatus status = journal.Journal.GetStatus();
        Assert.Equal(1, status.Pending);
        Assert.InRange(status.DiskBytes, 1, 2 * 128 * 1024 + 20_000);
        Assert.Equal(199, rig.Status.Delivered);
    }

    [Fact]
    public void DropOldest_WhatFailedAndWasDropped_IsNotSentAgain()
    {
        TestJournal journal = new(with: static options => options with { MaxBytes = 1 << 20, SegmentBytes = 128 * 1024 });
        ScriptedSink sink = new() { Script = static (_, _) => ScriptedSink.Answer(SinkVerdict.Retry) };
        using JournalSource source = new(journal.Journal, static () => { });
        using DeliveryRig rig = new(new BatchConfig { Linger = TimeSpan.Zero, Parallel = 1 }, sink, source);
        for (int i = 0; i < 6; i++)
        {
            Keep(journal, i, 1, 50_000);
        }

        rig.Pass(1);
        long dropped = source.DropOldest();
        Assert.InRange(dropped, 2, 3);
        Assert.Equal(dropped, source.GivenUpTo);
        sink.Script = static (_, _) => Task.FromResult(SinkResult.Ok);
        int calls = sink.Calls.Count;
        rig.Finish();

        Assert.Equal(6 - dropped, sink.Accepted.Count);
        Assert.DoesNotContain(1, sink.Ids.Skip(calls).SelectMany(static ids => ids));
    }

    [Fact]
    public void DiskFails_OnCompletion_RecordsAreDelivered_AndCompletedLater()
    {
        TestJournal journal = new();
        ScriptedSink sink = new();
        using DeliveryRig rig = Deliver(journal, sink, new BatchConfig { Linger = TimeSpan.Zero });
        Keep(journal, 0, 3);
        journal.Storage.Fault = StorageFault.Write | StorageFault.Create;
        rig.Delivery.Turn();

        Assert.Equal(3, sink.Accepted.Count);
        Assert.NotEmpty(journal.Errors);
        journal.Storage.Fault = default;
        journal.KeepHouse();
        Assert.Equal(0, journal.Reopen().Journal.GetStatus().Pending);
    }

    [Fact]
    public void DiskCannotBeRead_IsTriedAgain_NothingIsLost()
    {
        TestJournal journal = new(with: static options => options with { TailCacheBytes = 0 });
        ScriptedSink sink = new();
        Keep(journal, 0, 10, Large);
        TestJournal after = journal.Reopen();
        using DeliveryRig rig = Deliver(after, sink, new BatchConfig());
        after.Storage.Fault = StorageFault.Read;
        rig.Pass(10);
        Assert.Empty(sink.Accepted);

        after.Storage.Fault = default;
        rig.Finish();
        Assert.Equal(10, sink.Accepted.Count);
    }

    [Fact]
    public void DiskFull_IsRefused_WhatIsKeptIsDelivered_AndMakesRoom()
    {
        MemoryStorage storage = new() { Free = 150_000 };
        TestJournal journal = new(storage);
        ScriptedSink sink = new();
        using DeliveryRig rig = Deliver(journal, sink, new BatchConfig { Linger = TimeSpan.Zero });
        int kept = 0;
        int refused = 0;
        for (int i = 0; i < 10; i++)
        {
            journal.CommitOf(Large, i);
            if (journal.Settle().Failure == JournalFailure.None)
            {
                kept++;
            }
            else
            {
                refused++;
            }
        }

        rig.Finish();
        Assert.Equal((kept, 10), (sink.Accepted.Count, kept + refused));
        Assert.InRange(refused, 1, 8);
    }

    private static DeliveryRig Deliver(TestJournal journal, ScriptedSink sink, BatchConfig config) =>
        new(config, sink, new JournalSource(journal.Journal, static () => { }));

    private static void Keep(TestJournal journal, int first, int count, int length = 100) => journal.KeepOf(length, [.. Enumerable.Range(first, count)]);
}
