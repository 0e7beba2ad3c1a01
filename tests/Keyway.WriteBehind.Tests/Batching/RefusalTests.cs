using Keyway.Proxy.Configuration;
using Keyway.WriteBehind.Sinks;

namespace Keyway.WriteBehind.Tests.Batching;

/// <summary>Records that the sink will never take are found and set aside.</summary>
public sealed class RefusalTests
{
    public static TheoryData<int, int, bool> Cases()
    {
        TheoryData<int, int, bool> cases = [];
        for (int seed = 0; seed < 40; seed++)
        {
            cases.Add(seed, seed % 3 == 0 ? 0 : 60, seed % 2 == 0);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void RefusedBatch_IsHalvedUntilExactlyThePoisonIsFound(int seed, int aggregate, bool isStrict)
    {
        Random random = new(seed);
        ScriptedSink sink = new() { Limits = new SinkLimits { Records = 1 + random.Next(50), Bytes = 1 << 20, RecordBytes = 1000 } };
        sink.Script = (_, records) =>
        {
            bool isBad = records.Any(static record => record.Contains("poison"));
            return random.Next(10) == 0 ? ScriptedSink.Answer(SinkVerdict.Retry)
                : isBad ? ScriptedSink.Answer(SinkVerdict.Refused, "InvalidArgument")
                : Task.FromResult(SinkResult.Ok);
        };
        using DeliveryRig rig = new(new BatchConfig { Aggregate = aggregate, StrictOrder = isStrict }, sink, seed: seed);
        string[] records = [.. Enumerable.Range(0, 200).Select(i => random.Next(20) == 0 ? $"poison {i}" : $"good {i}")];
        rig.Add(records);
        rig.Finish();

        string[] delivered = [.. sink.Accepted.SelectMany(static record => record.Split('\n', StringSplitOptions.RemoveEmptyEntries))];
        string[] set = [.. rig.Letters.Select(static letter => letter.Record.TrimEnd('\n'))];
        Assert.Equal(records.Where(static record => record.StartsWith("good")).Order(), delivered.Order());
        Assert.Equal(records.Where(static record => record.StartsWith("poison")).Order(), set.Order());
        Assert.All(rig.Letters, static letter => Assert.Equal("InvalidArgument", letter.Reason));
        Assert.Equal(set.Length, rig.Status.DeadLetters);
    }

    [Fact]
    public void RefusedRecord_OfACallThatWasAccepted_IsSetAside_AndAJoinedOneTakenApart()
    {
        using DeliveryRig rig = new(new BatchConfig { Aggregate = 8 });
        rig.Sink.Script = static (_, records) => Array.FindIndex(records, static record => record.Contains('x')) is var at and >= 0
            ? ScriptedSink.Fail(new FailedRecord(at, "bad", IsRefused: true))
            : Task.FromResult(SinkResult.Ok);
        rig.Add("aa", "bb", "x", "cc");
        rig.Finish();

        Assert.Equal([("bad", "x\n")], rig.Letters);
        Assert.Equal("aa bb cc", string.Join(' ', rig.Sink.Accepted.SelectMany(static record => record.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Order()));
    }

    [Fact]
    public void WithoutAPlaceForDeadLetters_TheLossIsCountedAndLogged()
    {
        using DeliveryRig rig = new() { KeepsLetters = false };
        rig.Sink.Script = static (_, _) => ScriptedSink.Answer(SinkVerdict.Refused, "InvalidArgument");
        rig.Add("a");
        rig.Finish();

        Assert.Equal((0, 1), (rig.Status.DeadLetters, rig.Status.Dropped));
        Assert.Contains("a record was refused and is lost", rig.Log);
    }
}
