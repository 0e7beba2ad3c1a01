using System.Diagnostics;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests;

/// <summary>The relay that benchmarks emulate a distance with. A busy machine makes it later, never earlier.</summary>
[Collection(AloneCollection.Name)]
public sealed class DelayRelayTests : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(0.5);
    private static readonly TimeSpan RoundTrip = 2 * Delay;

    private readonly RedisProcess _redis = RedisProcess.Start();
    private readonly DelayRelayProcess _relay;

    public DelayRelayTests() => _relay = DelayRelayProcess.Start(_redis.Address, Delay);

    public void Dispose()
    {
        _relay.Dispose();
        _redis.Dispose();
    }

    [Fact]
    public void Request_OnAnOpenConnection_TakesOneRoundTrip()
    {
        using var client = RespClient.Connect(_relay.Port);
        client.Call("PING");

        var times = Times(100, () => client.Call("PING"));

        Assert.True(times[0] >= RoundTrip, $"the fastest took {times[0].TotalMicroseconds} us");
        Assert.True(times[50] < 2 * RoundTrip, $"the median took {times[50].TotalMicroseconds} us");
        Assert.Contains("late by p50", _relay.Stop());
    }

    [Fact]
    public void Connection_WithOneRequest_TakesTwoRoundTrips()
    {
        var times = Times(50, () =>
        {
            using var client = RespClient.Connect(_relay.Port);
            client.Call("PING");
        });

        Assert.True(times[0] >= 2 * RoundTrip, $"the fastest took {times[0].TotalMicroseconds} us");
        Assert.True(times[25] < 3 * RoundTrip, $"the median took {times[25].TotalMicroseconds} us");
    }

    [Fact]
    public void Bytes_ManyAtATime_ComeWholeAndAreNotSlowedOneByOne()
    {
        const int Requests = 2000;
        var value = new string('v', 10_000);
        using var client = RespClient.Connect(_relay.Port);
        client.Call("SET", "key", value);

        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Requests; i++)
        {
            client.Send("GET", "key");
        }

        for (var i = 0; i < Requests; i++)
        {
            Assert.Equal("$" + value, client.ReadReply().ToString());
        }

        // One after the other they would take two seconds.
        Assert.True(clock.Elapsed < Requests * RoundTrip / 2, $"took {clock.ElapsedMilliseconds} ms");
    }

    [Fact]
    public void End_OfEitherSide_Passes()
    {
        using var client = RespClient.Connect(_relay.Port);
        client.SendRaw("PING\r\n");
        client.HalfClose();
        Assert.Equal("+PONG", client.ReadReply().ToString());
        Assert.True(client.IsClosedByPeer());

        using var other = RespClient.Connect(_relay.Port);
        Assert.Equal("+OK", other.Call("QUIT").ToString());
        Assert.True(other.IsClosedByPeer());
    }

    // Sorted, so that the middle is the median.
    private static TimeSpan[] Times(int count, Action action) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed;
    }).Order()];
}
