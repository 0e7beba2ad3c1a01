using System.Text;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Management;
using Keyway.Proxy.Relay;
using Keyway.Proxy.Smart;
using Keyway.Proxy.Telemetry;
using Keyway.WriteBehind.Batching;
using Keyway.WriteBehind.Delivery;
using Keyway.WriteBehind.Journal;
using Keyway.WriteBehind.Sinks;

namespace Keyway.WriteBehind.Tests.Batching;

/// <summary>The relay with its own thread and a real disk.</summary>
public sealed class RelayTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-relay-").FullName;
    private readonly MemoryStream _log = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(Acknowledgement.Memory)]
    [InlineData(Acknowledgement.Disk)]
    [InlineData(Acknowledgement.Fsync)]
    public void Kept_IsDelivered_AndNothingIsLeft(Acknowledgement acknowledge)
    {
        ScriptedSink sink = new();
        using Relay relay = Open(sink, acknowledge);
        Keep(relay, [.. Enumerable.Range(0, 1000).Select(static i => $"{i}")]);

        Assert.Equal(default, relay.Drain(Limit));

        Assert.Equal(Enumerable.Range(0, 1000).Select(static i => $"{i}\n").Order(), sink.Accepted.Order());
        RelayStatus status = relay.GetStatus();
        Assert.Equal((0, 1000, TimeSpan.Zero), (status.Pending, status.Delivered, status.OldestAge));
    }

    [Fact]
    public void Lingering_IsDeliveredByItself()
    {
        ScriptedSink sink = new();
        using Relay relay = Open(sink, Acknowledgement.Disk);
        for (int i = 0; i < 5; i++)
        {
            Keep(relay, $"{i}");
            Assert.True(SpinWait.SpinUntil(() => relay.GetStatus().Delivered == i + 1, Limit));
        }
    }

    [Fact]
    public void Restarted_DeliversWhatIsLeft_AndOnlyThat()
    {
        ScriptedSink down = new() { Script = static (call, _) => call == 0 ? Task.FromResult(SinkResult.Ok) : ScriptedSink.Answer(SinkVerdict.Retry) };
        using (Relay relay = Open(down, Acknowledgement.Disk, new BatchConfig { Parallel = 1 }))
        {
            Keep(relay, [.. Enumerable.Range(0, 23).Select(static i => $"{i}")]);
            Assert.True(SpinWait.SpinUntil(() => relay.GetStatus().Delivered == 5, Limit));
            Assert.True(relay.GetStatus().OldestAge > TimeSpan.Zero);
            Assert.Equal(new Undelivered(Lost: 0, Kept: 18), relay.Drain(TimeSpan.FromSeconds(1)));
        }

        ScriptedSink up = new();
        using Relay again = Open(up, Acknowledgement.Disk);
        Assert.Equal(default, again.Drain(Limit));
        Assert.Equal(18, up.Accepted.Count);
        Assert.Equal(23, down.Accepted.Union(up.Accepted).Count());
        Assert.Contains("the journal has 18 records to deliver", Encoding.UTF8.GetString(_log.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Drained_InMemoryWithoutASink_SaysWhatIsLost_AndEndsCallsUnderWay()
    {
        ScriptedSink sink = new() { Script = static (_, _) => new TaskCompletionSource<SinkResult>().Task };
        using Relay relay = Open(sink, Acknowledgement.Memory);
        Keep(relay, "1", "2", "3");

        Assert.Equal(new Undelivered(Lost: 3, Kept: 0), relay.Drain(TimeSpan.FromMilliseconds(200)));
        Assert.Equal(0, sink.UnderWay);
    }

    [Fact]
    public void Refused_IsADeadLetter_WhateverTheConfigurationSays()
    {
        ScriptedSink sink = new() { Script = static (_, records) => records.Contains("bad\n") ? ScriptedSink.Answer(SinkVerdict.Refused, "no good") : Task.FromResult(SinkResult.Ok) };
        using (Relay relay = Open(sink, Acknowledgement.Disk))
        {
            Keep(relay, "a", "bad", "b");
            Assert.Equal(default, relay.Drain(Limit));
            Assert.Equal(1, relay.GetStatus().DeadLetters);
        }

        List<string> letters = [];
        JournalInspector.Open(JournalPlaces.DeadLetters(_directory, "pool")).Read(0, (record, _) =>
        {
            Assert.True(DeadLetter.TryRead(record, out DeadLetter letter));
            letters.Add($"{Encoding.UTF8.GetString(letter.Reason)}: {Encoding.UTF8.GetString(letter.Payload)}");
            return true;
        });
        Assert.Equal(["no good: bad\n"], letters);
    }

    [Fact]
    public void DropOldest_IsCounted()
    {
        ScriptedSink sink = new() { Script = static (_, _) => ScriptedSink.Answer(SinkVerdict.Parked, "no") };
        using Relay relay = Open(sink, Acknowledgement.Memory, new BatchConfig { Parallel = 1 });
        Keep(relay, [.. Enumerable.Repeat(new string('x', 1000), 1000)]);
        Assert.True(SpinWait.SpinUntil(() => relay.GetStatus().Parked is not null, Limit));

        long dropped = relay.DropOldest();

        Assert.InRange(dropped, 1, 100);
        Assert.Equal((dropped, 1000 - dropped), (relay.GetStatus().Dropped, relay.GetStatus().Pending));
    }

    [Fact]
    public void LongestRecord_IsWhatTheSinkTakes_WithItsNewline()
    {
        using Relay relay = Open(new ScriptedSink(), Acknowledgement.Memory);

        Assert.Equal((1 << 16) - 1, relay.MaxRecordBytes);
    }

    private Relay Open(ScriptedSink sink, Acknowledgement acknowledge, BatchConfig? batch = null) => Relay.Open(
        new PoolConfig
        {
            Name = "pool",
            Listen = [],
            Servers = [],
            Protocol = PoolProtocol.Firehose,
            Smart = new SmartConfig { Acknowledge = acknowledge, JournalDir = acknowledge == Acknowledgement.Memory ? null : _directory },
            Relay = new RelayConfig { Batch = batch ?? new BatchConfig { Linger = TimeSpan.FromMilliseconds(20) } },
        },
        sink,
        new Log(new LogConfig(), _log, TimeProvider.System),
        TimeProvider.System);

    private static void Keep(Relay relay, params string[] records)
    {
        using ManualResetEventSlim settled = new();
        IWriteProducer producer = relay.CreateProducer(settled.Set);
        foreach (string record in records)
        {
            Assert.Equal(WriteResult.Taken, producer.Append([], Encoding.Latin1.GetBytes(record)));
        }

        producer.Commit();
        Assert.True(settled.Wait(Limit));
        Assert.True(producer.TryTakeSettled(out _, out string? failure));
        Assert.Null(failure);
    }
}
