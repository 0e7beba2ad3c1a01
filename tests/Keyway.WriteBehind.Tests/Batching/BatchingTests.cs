using Keyway.Proxy.Configuration;
using Keyway.WriteBehind.Sinks;

namespace Keyway.WriteBehind.Tests.Batching;

/// <summary>What goes into a call, and when it leaves.</summary>
public sealed class BatchingTests
{
    [Fact]
    public void Batch_NotFull_LeavesWhenItsFirstRecordHasWaited()
    {
        using DeliveryRig rig = new(new BatchConfig { Linger = TimeSpan.FromSeconds(1) });
        rig.Add("a");
        rig.Pass(0.5);
        rig.Add("b");
        rig.Pass(0.45);
        Assert.Empty(rig.Sink.Calls);

        rig.Pass(0.1);

        Assert.Equal([["a\n", "b\n"]], rig.Sink.Calls);
        Assert.Equal(0, rig.Source.Pending);
    }

    [Fact]
    public void Batch_OfMostRecords_LeavesAtOnce()
    {
        using DeliveryRig rig = new();
        rig.Add("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11");

        Assert.Equal([5, 5], rig.Sink.Calls.Select(static call => call.Length));
        rig.Pass(1.1);
        Assert.Equal(["11\n"], rig.Sink.Calls[2]);
    }

    [Fact]
    public void Batch_OfMostBytes_CountsThemEncoded()
    {
        ScriptedSink sink = new() { Limits = new SinkLimits { Records = 500, Bytes = 4000, RecordBytes = 2000, EncodedLength = static length => (length + 2L) / 3 * 4 } };
        using DeliveryRig rig = new(sink: sink);
        string record = new('x', 599); // 600 with its newline, 800 encoded
        rig.Add(Enumerable.Repeat(record, 12));

        Assert.Equal([5, 5], sink.Calls.Select(static call => call.Length));
    }

    [Fact]
    public void Limits_OfTheConfiguration_LowerThoseOfTheSink()
    {
        using DeliveryRig rig = new(new BatchConfig { Records = 2, Bytes = 5000, MaxRecord = 100 });
        Assert.Equal((2, 5000, 100, 99), (rig.Limits.Records, rig.Limits.Bytes, rig.Limits.RecordBytes, rig.Limits.IncomingBytes));
        using DeliveryRig loose = new(new BatchConfig { Records = 1000, MaxRecord = 1 << 30, Newline = NewlinePolicy.None });
        Assert.Equal((5, 1 << 16, 1 << 16), (loose.Limits.Records, loose.Limits.RecordBytes, loose.Limits.IncomingBytes));
    }

    [Fact]
    public void LongestRecord_FitsACallAlone_Encoded()
    {
        ScriptedSink sink = new() { Limits = new SinkLimits { Records = 10, Bytes = 1000, RecordBytes = 1000, EncodedLength = static length => length * 2L + 10 } };
        using DeliveryRig rig = new(sink: sink);

        Assert.Equal(495, rig.Limits.RecordBytes);
    }

    [Fact]
    public void Newline_IsAddedWhereItIsMissing_OrNowhere()
    {
        using DeliveryRig rig = new();
        rig.Add("a", "b\n", "");
        rig.Pass(1);
        Assert.Equal(["a\n", "b\n", "\n"], rig.Sink.Calls.Single());
        using DeliveryRig raw = new(new BatchConfig { Newline = NewlinePolicy.None });
        raw.Add("a", "b\n");
        raw.Pass(1);
        Assert.Equal(["a", "b\n"], raw.Sink.Calls.Single());
    }

    [Fact]
    public void Aggregate_JoinsLines_UpToItsLengthAndNumber()
    {
        using DeliveryRig rig = new(new BatchConfig { Aggregate = 10, AggregateLines = 3 });
        rig.Add("aaaa", "bbbb", "cccc", "d", "e", "f", "g", "0123456789x", "h");
        rig.Pass(1);

        Assert.Equal(["aaaa\nbbbb\n", "cccc\nd\ne\n", "f\ng\n", "0123456789x\n", "h\n"], rig.Sink.Accepted);
        Assert.Equal(0, rig.Source.Pending);
        Assert.Equal((9, 37), (rig.Status.Delivered, rig.Status.DeliveredBytes));
    }

    [Fact]
    public void Aggregate_WithoutNewlines_JoinsOnlyWhatEndsWithOne()
    {
        using DeliveryRig rig = new(new BatchConfig { Aggregate = 100, Newline = NewlinePolicy.None });
        rig.Add("a\n", "b\n", "c", "d\n");
        rig.Pass(1);

        Assert.Equal(["a\nb\n", "c", "d\n"], rig.Sink.Accepted);
    }

    [Fact]
    public void Aggregate_FillsRecordsUntilTheBatchIsFull()
    {
        using DeliveryRig rig = new(new BatchConfig { Aggregate = 100, Records = 2 });
        rig.Add(Enumerable.Range(0, 60).Select(static i => $"{i:000000000}"));

        Assert.Equal([[100, 100], [100, 100]], rig.Sink.Calls.Select(static call => call.Select(static record => record.Length).ToArray()));
        rig.Pass(1);
        Assert.Equal(Enumerable.Range(0, 60).Select(static i => $"{i:000000000}\n"), rig.Sink.Accepted.SelectMany(static record => record.Chunk(10)).Select(static line => new string(line)));
    }

    [Fact]
    public void Record_LongerThanTheLimits_IsADeadLetter()
    {
        using DeliveryRig rig = new(new BatchConfig { MaxRecord = 4 });
        rig.Add("abc", "abcd", "x");
        rig.Pass(1);

        Assert.Equal(["abc\n", "x\n"], rig.Sink.Accepted);
        Assert.Equal([("longer than 3 bytes", "abcd")], rig.Letters);
        Assert.Equal(0, rig.Source.Pending);
    }

    [Fact]
    public void Calls_AreAtMostParallel_AndTheMemoryOfAStalledSinkIsBounded()
    {
        ScriptedSink sink = new() { Limits = new SinkLimits { Records = 10, Bytes = 10_000, RecordBytes = 1000 } };
        TaskCompletionSource stalled = new();
        sink.Script = async (_, _) =>
        {
            await stalled.Task;
            return SinkResult.Ok;
        };
        using DeliveryRig rig = new(new BatchConfig { Parallel = 3, RequestTimeout = TimeSpan.FromDays(1) }, sink);
        string record = new('x', 900);
        rig.Add(Enumerable.Repeat(record, 5000));
        rig.Pass(60);

        Assert.Equal((3, 3), (sink.MostUnderWay, rig.Status.InFlight));
        Assert.InRange(rig.Delivery.Held, 1, 4 * (10_000 + 10 * 128));
        Assert.Equal(5000, rig.Source.Pending);
        sink.Script = static (_, _) => Task.FromResult(SinkResult.Ok);
        stalled.SetResult();
        rig.Finish();
        Assert.Equal(5000, sink.Accepted.Count);
    }

    [Fact]
    public void Drain_NothingLingers()
    {
        using DeliveryRig rig = new(new BatchConfig { Linger = TimeSpan.FromHours(1) });
        rig.Add("a");
        Assert.Empty(rig.Sink.Calls);

        rig.Delivery.BeginDrain();
        Assert.False(rig.Delivery.IsDrained);
        rig.Delivery.Turn();

        Assert.Equal(["a\n"], rig.Sink.Accepted);
        Assert.True(rig.Delivery.IsDrained);
    }

    [Fact]
    public void Arrivals_AreAskedForOnlyWhileThereIsNothingToSend()
    {
        using DeliveryRig rig = new();
        rig.Delivery.Turn();
        Assert.True(rig.Delivery.TakeWish());
        Assert.False(rig.Delivery.TakeWish());
        rig.Add("a");
        Assert.False(rig.Delivery.TakeWish());
        rig.Pass(1);
        Assert.True(rig.Delivery.TakeWish());
    }
}
