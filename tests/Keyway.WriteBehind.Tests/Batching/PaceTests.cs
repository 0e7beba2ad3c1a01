using Keyway.Proxy.Configuration;
using Keyway.Testing;
using Keyway.WriteBehind.Batching;
using Keyway.WriteBehind.Sinks;

namespace Keyway.WriteBehind.Tests.Batching;

/// <summary>A sink that throttles is sent what it takes, and little more.</summary>
public sealed class PaceTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Unthrottled_HasNoLimit()
    {
        Pace pace = new(_time);
        pace.Spend(1L << 40);
        pace.Taken(1L << 40);

        Assert.Equal((TimeSpan.Zero, long.MaxValue), (pace.Wait(), pace.MostBytes));
    }

    [Fact]
    public void Throttled_GoesOnWithWhatWasTakenInASecond_ThenSlowsDownOnceASecond()
    {
        Pace pace = new(_time);
        pace.Taken(1_000_000);
        pace.Throttled(500_000);
        Assert.Equal(1_000_000, pace.Rate, 1.0);
        pace.Throttled(500_000);
        Assert.Equal(1_000_000, pace.Rate, 1.0);

        _time.Advance(TimeSpan.FromSeconds(1));
        pace.Throttled(500_000);
        Assert.Equal(850_000, pace.Rate, 1.0);

        _time.Advance(TimeSpan.FromSeconds(1));
        pace.Throttled(500_000);
        Assert.InRange(pace.Rate, 425_000, 450_000); // nothing was taken: half
    }

    [Fact]
    public void NothingTaken_GoesOnWithLess_ButNeverWithNothing()
    {
        Pace pace = new(_time);
        for (int i = 0; i < 100; i++)
        {
            pace.Throttled(100_000);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(pace.Rate, 65_536, 70_000);
    }

    [Fact]
    public void Spent_IsWaitedFor()
    {
        Pace pace = new(_time);
        pace.Taken(1_000_000);
        pace.Throttled(1_000_000);
        Assert.InRange(pace.MostBytes, 200_000, 250_000);
        pace.Spend(500_000);

        Assert.InRange(pace.Wait().TotalSeconds, 0.4, 0.51);
        _time.Advance(TimeSpan.FromSeconds(0.51));
        Assert.Equal(TimeSpan.Zero, pace.Wait());
    }

    [Fact]
    public void NeverThrottledAgain_ForgetsTheLimit()
    {
        Pace pace = new(_time);
        pace.Taken(1_000_000);
        pace.Throttled(1_000_000);
        for (int i = 0; i < 300; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            pace.Wait();
        }

        Assert.True(double.IsInfinity(pace.Rate));
    }

    [Fact]
    public void ThrottledAtRandom_ByASinkWithoutAQuota_IsNotStarved()
    {
        ScriptedSink sink = new() { Limits = new SinkLimits { Records = 100, Bytes = 1 << 20, RecordBytes = 1000 } };
        using DeliveryRig rig = new(new BatchConfig { Parallel = 1, RetryMin = TimeSpan.FromMilliseconds(5), RetryMax = TimeSpan.FromMilliseconds(50) }, sink);
        Random random = new(5);
        SinkResult busy = new() { Verdict = SinkVerdict.Retry, Reason = "503", IsThrottled = true };
        sink.Script = (call, _) => rig.Later(TimeSpan.FromMilliseconds(5), () => call == 0 || random.Next(10) == 0 ? busy : SinkResult.Ok);
        rig.Add(Enumerable.Range(0, 50_000).Select(static i => $"record {i}"));
        rig.Pass(60);

        Assert.Equal(50_000, rig.Status.Delivered);
    }

    [Theory]
    [InlineData(1_000_000, 1_000_000_000, 4)]
    [InlineData(100_000, 1_000_000_000, 4)]
    [InlineData(1_000_000_000, 1000, 1)]
    public void TenTimesTheQuota_ComesNearIt_WithoutHammering(int bytesPerSecond, int recordsPerSecond, int parallel)
    {
        ScriptedSink sink = new() { Limits = new SinkLimits { Records = 500, Bytes = 4 << 20, RecordBytes = 100_000 } };
        using DeliveryRig rig = new(new BatchConfig { Parallel = parallel }, sink);
        long second = -1;
        (long bytes, long records) = (0, 0);
        List<long> perSecond = [];
        int throttled = 0;
        sink.Script = (_, texts) => rig.Later(TimeSpan.FromMilliseconds(20), () =>
        {
            long now = rig.Time.GetUtcNow().ToUnixTimeSeconds();
            if (now != second)
            {
                (second, bytes, records) = (now, 0, 0);
                perSecond.Add(0);
            }

            List<FailedRecord> failed = [];
            for (int i = 0; i < texts.Length; i++)
            {
                if (bytes + texts[i].Length > bytesPerSecond || records >= recordsPerSecond)
                {
                    failed.Add(new FailedRecord(i, "Slow down.", IsThrottled: true));
                    throttled++;
                    continue;
                }

                bytes += texts[i].Length;
                records++;
                perSecond[^1]++;
            }

            return new SinkResult { Verdict = SinkVerdict.Accepted, Failed = failed };
        });
        const int Length = 1000;
        int quota = Math.Min(recordsPerSecond, bytesPerSecond / Length);
        string record = new('x', Length - 1);
        rig.Add(Enumerable.Repeat(record, quota * 10));
        int soon = throttled;
        for (int i = 0; i < 30; i++)
        {
            rig.Add(Enumerable.Repeat(record, quota));
            rig.Pass(1);
            soon = i == 5 ? throttled : soon;
        }

        double average = perSecond.Skip(3).Take(25).Average();
        Assert.InRange(average, quota * 0.7, quota);
        Assert.InRange(throttled - soon, 0, quota * 25 / 10); // of what was sent in 24 s, at most a tenth
        Assert.InRange(sink.Calls.Count, 30, 30 * 15);
    }
}
