using Keyway.Proxy.Configuration;
using Keyway.WriteBehind.Sinks;

namespace Keyway.WriteBehind.Tests.Batching;

/// <summary>What becomes of records that were not accepted.</summary>
public sealed class FailureTests
{
    [Fact]
    public void PartialFailure_OnlyTheFailedGoAgain_InFront()
    {
        using DeliveryRig rig = new();
        rig.Sink.Script = static (call, _) => call == 0
            ? ScriptedSink.Fail(new FailedRecord(1, "ServiceUnavailable"), new FailedRecord(3, "ServiceUnavailable"))
            : Task.FromResult(SinkResult.Ok);
        rig.Add("1", "2", "3", "4", "5", "6", "7");
        rig.Pass(1);

        Assert.Equal([["1\n", "2\n", "3\n", "4\n", "5\n"], ["2\n", "4\n", "6\n", "7\n"]], rig.Sink.Calls);
        Assert.Equal((7, 2, 2), (rig.Status.Delivered, rig.Status.Retried, rig.Status.Calls));
        Assert.Equal(0, rig.Source.Pending);
    }

    [Fact]
    public void StrictOrder_TheFailedGoAloneAndFirst()
    {
        using DeliveryRig rig = new(new BatchConfig { StrictOrder = true });
        rig.Sink.Script = static (call, _) => call == 0 ? ScriptedSink.Fail(new FailedRecord(4, "again")) : Task.FromResult(SinkResult.Ok);
        rig.Add("1", "2", "3", "4", "5", "6", "7");
        rig.Pass(1);

        Assert.Equal([["1\n", "2\n", "3\n", "4\n", "5\n"], ["5\n"], ["6\n", "7\n"]], rig.Sink.Calls);
    }

    [Fact]
    public void Retry_TheSameRecordsGoAgain_WithTheSameNumbers()
    {
        using DeliveryRig rig = new();
        rig.Sink.Script = static (call, _) => call == 0 ? ScriptedSink.Answer(SinkVerdict.Retry, "503") : Task.FromResult(SinkResult.Ok);
        rig.Add("1", "2", "3", "4", "5");
        rig.Pass(0.2);

        Assert.Equal(rig.Sink.Calls[0], rig.Sink.Calls[1]);
        Assert.Equal(rig.Sink.Ids[0], rig.Sink.Ids[1]);
        Assert.Contains("the sink fails, and is tried again: 503", rig.Log);
        Assert.Contains("the sink accepts again", rig.Log);
    }

    [Fact]
    public void Retry_BackOffGrows_WithinItsBounds_AndOneCallAtATime()
    {
        BatchConfig config = new() { RetryMin = TimeSpan.FromSeconds(1), RetryMax = TimeSpan.FromSeconds(64) };
        using DeliveryRig rig = new(config);
        List<DateTimeOffset> calls = [];
        rig.Sink.Script = (_, _) =>
        {
            calls.Add(rig.Time.GetUtcNow());
            return ScriptedSink.Answer(SinkVerdict.Retry);
        };
        rig.Add(Enumerable.Range(0, 100).Select(static i => $"{i}"));
        rig.Pass(3600);

        Assert.Equal(1, rig.Sink.MostUnderWay);
        double[] waits = [.. calls.Zip(calls.Skip(1), static (a, b) => (b - a).TotalSeconds)];
        for (int i = 0; i < waits.Length; i++)
        {
            Assert.InRange(waits[i], 0, Math.Min(64, Math.Pow(2, i)) + 0.01);
        }

        Assert.InRange(waits.Skip(10).Average(), 20, 44); // half of 64: full jitter
        Assert.Contains("the sink fails", rig.Log);
        Assert.InRange(rig.Log.Split('\n').Length, 2, 3600 / 10 + 60 + 2);
    }

    [Fact]
    public void RetryAfter_IsHonoured()
    {
        using DeliveryRig rig = new();
        rig.Sink.Script = static (call, _) => call == 0 ? ScriptedSink.Answer(SinkVerdict.Retry, retryAfter: TimeSpan.FromSeconds(20)) : Task.FromResult(SinkResult.Ok);
        rig.Add("1", "2", "3", "4", "5", "6");
        rig.Pass(19.9);
        Assert.Single(rig.Sink.Calls);
        rig.Pass(0.2);
        Assert.Equal(6, rig.Sink.Accepted.Count);
    }

    [Fact]
    public void RetryLimit_MakesDeadLetters()
    {
        using DeliveryRig rig = new(new BatchConfig { RetryLimit = 3, Aggregate = 100 });
        rig.Sink.Script = static (_, _) => ScriptedSink.Answer(SinkVerdict.Retry, "500");
        rig.Add("1", "2");
        rig.Pass(10);

        Assert.Equal(3, rig.Sink.Calls.Count);
        Assert.Equal([("500", "1\n"), ("500", "2\n")], rig.Letters);
        Assert.Equal((0, 2, 0), (rig.Source.Pending, rig.Status.DeadLetters, rig.Delivery.Held));
    }

    [Fact]
    public void RecordThatAlwaysFails_GoesWithFewCalls_AndKeepsNobodyFromBeingDelivered()
    {
        using DeliveryRig rig = new(new BatchConfig { RetryMin = TimeSpan.FromSeconds(1) });
        rig.Sink.Script = static (_, records) => Array.IndexOf(records, "stuck\n") is var at and >= 0
            ? ScriptedSink.Fail(new FailedRecord(at, "InternalFailure"))
            : Task.FromResult(SinkResult.Ok);
        rig.Add("stuck");
        for (int i = 0; i < 600; i++)
        {
            rig.Add("a", "b", "c", "d", "e");
            rig.Pass(0.1);
        }

        Assert.Equal(3000, rig.Sink.Accepted.Count);
        Assert.Equal(1, rig.Source.Pending);
        Assert.InRange(rig.Sink.Calls.Count(static call => call.Contains("stuck\n")), 5, 40);
    }

    [Fact]
    public void AnswerThatDoesNotFit_NobodyIsTakenForDelivered()
    {
        using DeliveryRig rig = new();
        rig.Sink.Script = static (call, _) => call switch
        {
            0 => ScriptedSink.Fail(new FailedRecord(9, "no such record")),
            1 => ScriptedSink.Fail(new FailedRecord(2, "order"), new FailedRecord(1, "order")),
            2 => throw new InvalidOperationException("a defect of the sink"),
            _ => Task.FromResult(SinkResult.Ok),
        };
        rig.Add("1", "2", "3", "4", "5");
        rig.Pass(5);

        Assert.Equal(4, rig.Sink.Calls.Count);
        Assert.Equal(3, rig.Status.Failed);
        Assert.Equal(5, rig.Status.Delivered);
    }

    [Fact]
    public void NoAnswer_IsGivenUpAndRepeated()
    {
        using DeliveryRig rig = new(new BatchConfig { RequestTimeout = TimeSpan.FromSeconds(3) });
        rig.Sink.Script = static (call, _) => call == 0 ? new TaskCompletionSource<SinkResult>().Task : Task.FromResult(SinkResult.Ok);
        rig.Add("1", "2", "3", "4", "5");
        rig.Pass(2.9);
        Assert.Single(rig.Sink.Calls);

        // The clock cancels the call on this thread; its end comes by the pool.
        rig.Pass(0.2);
        Assert.True(SpinWait.SpinUntil(() => rig.Wakes > 0, TimeSpan.FromSeconds(20)));
        rig.Pass(0.2);

        Assert.Equal(5, rig.Status.Delivered);
        Assert.Equal("no answer within 3 s", rig.Status.LastFailure);
    }

    [Fact]
    public void Parked_IsAskedEvery30Seconds_SaidOnce_AndEndsByItself()
    {
        using DeliveryRig rig = new();
        bool isThere = false;
        rig.Sink.Script = (_, _) => isThere ? Task.FromResult(SinkResult.Ok) : ScriptedSink.Answer(SinkVerdict.Parked, "no such stream");
        rig.Add(Enumerable.Range(0, 20).Select(static i => $"{i}"));
        rig.Pass(295);

        Assert.InRange(rig.Sink.Calls.Count, 10, 14); // the first time all that may be under way
        Assert.Equal("no such stream", rig.Status.Parked);
        Assert.Equal(2, rig.Log.Split("somebody acts; records are kept").Length);
        isThere = true;
        rig.Pass(31);
        Assert.Null(rig.Status.Parked);
        Assert.Equal(20, rig.Sink.Accepted.Count);
    }

    [Fact]
    public void Status_HasTheTimeOfTheOldest()
    {
        using DeliveryRig rig = new();
        rig.Sink.Script = static (_, _) => ScriptedSink.Answer(SinkVerdict.Retry);
        long began = rig.Time.GetUtcNow().ToUnixTimeMilliseconds();
        rig.Add("1");
        rig.Pass(100);
        rig.Add("2");
        rig.Delivery.GetStatus(out long oldest);

        Assert.Equal(began, oldest);
        Assert.Contains("1 records wait, the oldest for", rig.Log);
        rig.Sink.Script = static (_, _) => Task.FromResult(SinkResult.Ok);
        rig.Finish();
        rig.Delivery.GetStatus(out oldest);
        Assert.Equal(0, oldest);
    }
}
