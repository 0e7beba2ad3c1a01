using Keyway.Proxy.Configuration;
using Keyway.WriteBehind.Sinks;

namespace Keyway.WriteBehind.Tests.Batching;

/// <summary>Whatever the sink answers, in any mixture: every record arrives, and twice only if the sink had taken it and said that it failed.</summary>
public sealed class RandomFailureTests
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void EveryRecordArrives_TwiceOnlyAfterAnUncertainCall(int seed)
    {
        Random random = new(seed);
        bool isStrict = seed % 3 == 0;
        Dictionary<string, int> taken = [];
        HashSet<string> uncertain = [];
        HashSet<string> unconfirmed = [];
        HashSet<string> seen = [];
        ScriptedSink sink = new() { Limits = new SinkLimits { Records = 1 + random.Next(20), Bytes = 2000, RecordBytes = 500, EncodedLength = static length => length * 4L / 3 } };
        BatchConfig config = new() { StrictOrder = isStrict, Parallel = 1 + random.Next(5), Aggregate = random.Next(3) * 40, Linger = TimeSpan.FromMilliseconds(random.Next(100)) };
        using DeliveryRig rig = new(config, sink, seed: seed);
        sink.Script = (_, records) =>
        {
            if (records.SelectMany(Lines).Any(seen.Add) && isStrict)
            {
                Assert.Empty(unconfirmed); // nothing new goes while something older has failed
            }

            unconfirmed.UnionWith(records.SelectMany(Lines));
            seen.UnionWith(unconfirmed);
            return rig.Later(TimeSpan.FromMilliseconds(random.Next(50)), () => Answer(records));
        };

        int next = 0;
        while (next < 400)
        {
            int count = random.Next(1, 30);
            rig.Add(Enumerable.Range(next, count).Select(static i => $"{i}"));
            next += count;
            rig.Pass(random.NextDouble() / 10);
        }

        rig.Finish(seconds: 100_000);
        Assert.Equal(next, taken.Count);
        Assert.All(taken.Where(static pair => pair.Value > 1), pair => Assert.Contains(pair.Key, uncertain));
        Assert.InRange(sink.MostUnderWay, 1, isStrict ? 1 : config.Parallel);
        Assert.Equal(0, rig.Status.DeadLetters);

        SinkResult Answer(string[] records)
        {
            switch (random.Next(12))
            {
                case 0 or 1:
                    return new SinkResult { Verdict = SinkVerdict.Retry, Reason = "500", IsThrottled = random.Next(2) == 0 };
                case 2 or 3:
                    Take(records, static _ => true);
                    uncertain.UnionWith(records.SelectMany(Lines));
                    return new SinkResult { Verdict = SinkVerdict.Retry, Reason = "connection lost" };
                case 4:
                    return new SinkResult { Verdict = SinkVerdict.Parked, Reason = "denied" };
                case 5 or 6:
                    HashSet<int> failed = [.. Enumerable.Range(0, records.Length).Where(_ => random.Next(3) == 0)];
                    Take(records, i => !failed.Contains(i));
                    unconfirmed.ExceptWith(records.Where((_, i) => !failed.Contains(i)).SelectMany(Lines));
                    return new SinkResult { Verdict = SinkVerdict.Accepted, Failed = [.. failed.Order().Select(i => new FailedRecord(i, "Slow down.", IsThrottled: random.Next(2) == 0))] };
                default:
                    Take(records, static _ => true);
                    unconfirmed.ExceptWith(records.SelectMany(Lines));
                    return SinkResult.Ok;
            }
        }

        void Take(string[] records, Func<int, bool> isTaken)
        {
            for (int i = 0; i < records.Length; i++)
            {
                foreach (string line in isTaken(i) ? Lines(records[i]) : [])
                {
                    taken[line] = taken.GetValueOrDefault(line) + 1;
                }
            }
        }
    }

    private static string[] Lines(string record) => record.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
