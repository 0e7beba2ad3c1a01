using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Health;

public sealed class ServerHealthTests
{
    private const int Retry = 1000;
    private const string Ping = "PING";

    [Fact]
    public void FailuresInARow_BringDown_UntilAProbeIsAnswered()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        rig.Server.Stop();
        client.Ask("GET a");
        Assert.StartsWith("-ERR cannot connect to server s0: ", client.Replies(), StringComparison.Ordinal);
        Assert.False(rig.State.Servers[0].Health.IsDown);

        client.Ask("GET a");

        Assert.StartsWith("-ERR server s0 is down (", client.Replies(), StringComparison.Ordinal);
        Assert.Equal(2, rig.State.Counters.ServerFailures);
        Assert.Equal(1, rig.State.Counters.ServerEjects);
        Assert.Contains("server=s0: server is down after 2 failures", rig.Log, StringComparison.Ordinal);

        rig.Server.Start();
        rig.Advance(Retry + 8);
        Assert.Equal([Ping], rig.Server.Last.Requests());
        client.Ask("GET a");
        Assert.StartsWith("-ERR server s0 is down (", client.Replies(), StringComparison.Ordinal);
        rig.Server.Last.SendText("+PONG~");
        rig.Settle();
        Assert.Contains("server=s0: server answers again", rig.Log, StringComparison.Ordinal);

        client.Ask("GET a");
        Assert.Equal(["GET a"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("$1~a~");
        Assert.Equal("$1~a~", client.Replies());
    }

    [Theory]
    [InlineData("-LOADING Redis is loading the dataset in memory~")]
    [InlineData("!7~ERR bad~")]
    public void Probe_AnsweredWithAnError_LeavesItDown(string reply)
    {
        using ProxyRig rig = Down();
        rig.Server.Start();
        rig.Advance(Retry + 8);
        rig.Server.Last.SendText(reply);
        rig.Settle();

        Assert.True(rig.State.Servers[0].Health.IsDown);
        rig.Advance(Retry + 8);
        Assert.Equal(2, rig.Server.Connections.Count);
    }

    [Fact]
    public void Probe_NotAnswered_IsGivenUpAndRepeated()
    {
        using ProxyRig rig = Down(static config => config with { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        rig.Server.Start();
        rig.Advance(Retry + 8);
        Assert.Equal([Ping], rig.Server.Last.Requests());

        rig.Advance(208);

        Assert.Equal([], rig.Server.Last.Requests());
        Assert.True(rig.Server.Last.IsClosed);
        Assert.Equal("no answer to a probe within 200 ms", rig.State.Servers[0].Health.Reason);
        rig.Advance(Retry + 8);
        rig.Server.Last.SendText("+PONG~");
        rig.Settle();
        Assert.False(rig.State.Servers[0].Health.IsDown);
    }

    [Fact]
    public void Reply_BetweenFailures_ResetsTheirCount()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        for (int i = 0; i < 5; i++)
        {
            client.Ask("GET a", "GET b");
            rig.Server.Last.SendText("$1~a~");
            Assert.Equal("$1~a~", client.Replies());
            rig.Server.Last.Dispose();
            Assert.StartsWith("-ERR connection to server s0 lost before the reply", client.Replies(), StringComparison.Ordinal);
        }

        Assert.False(rig.State.Servers[0].Health.IsDown);
        Assert.Equal(5, rig.State.Counters.ServerFailures);
    }

    [Fact]
    public void IdleConnection_ClosedByTheServer_IsNoFailure()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        for (int i = 0; i < 5; i++)
        {
            client.Ask("GET a");
            rig.Server.Last.SendText("$1~a~");
            Assert.Equal("$1~a~", client.Replies());
            _ = rig.Server.Last.Requests();
            rig.Server.Last.Dispose();
            rig.Settle();
        }

        Assert.Equal(5, rig.Server.Connections.Count);
        Assert.Equal(0, rig.State.Counters.ServerFailures);
    }

    [Fact]
    public void OtherReactors_AreTold()
    {
        using ProxyRig rig = new(reactors: 2);
        RigClient here = rig.Connect(reactor: 0);
        RigClient there = rig.Connect(reactor: 1);
        rig.Server.Stop();
        here.Ask("GET a", "GET b");
        Assert.StartsWith("-ERR cannot connect", here.Replies(), StringComparison.Ordinal);

        there.Ask("GET a");

        Assert.StartsWith("-ERR server s0 is down (", there.Replies(), StringComparison.Ordinal);
        rig.Server.Start();
        rig.Advance(Retry + 8);
        Assert.Single(rig.Server.Connections).SendText("+PONG~");
        rig.Settle();
        Assert.All(rig.States, static state => Assert.False(state.Servers[0].Health.IsDown));
    }

    [Fact]
    public void AutoEject_MovesTheKeysAway_AndBack()
    {
        using ProxyRig rig = new(servers: 2, static config => config with { AutoEjectHosts = true, ServerFailureLimit = 1 });
        RigClient client = rig.Connect();
        string key = rig.KeyOn(0);
        rig.Servers[0].Stop();
        client.Ask($"GET {key}");
        Assert.StartsWith("-ERR server s0 is down", client.Replies(), StringComparison.Ordinal);

        client.Ask($"GET {key}");

        Assert.Equal([$"GET {key}"], rig.Servers[1].Last.Requests());
        rig.Servers[1].Last.SendText("$-1~");
        rig.Servers[0].Start();
        rig.Advance(Retry + 8);
        rig.Servers[0].Last.SendText("+PONG~");
        Assert.Equal("$-1~", client.Replies());
        client.Ask($"GET {key}");
        Assert.Equal([$"GET {key}"], rig.Servers[0].Last.Requests());
    }

    [Fact]
    public void Silence_CountsAsAFailure_OnceBeforeTheConnectionIsLost()
    {
        using ProxyRig rig = new(change: static config => config with { Timeout = TimeSpan.FromMilliseconds(100), ServerFailureLimit = 3 });
        RigClient client = rig.Connect();
        client.Ask("GET a");
        rig.Advance(104);
        Assert.Equal(1, rig.State.Counters.ServerFailures);
        rig.Advance(104);
        Assert.Equal(2, rig.State.Counters.ServerFailures);
        Assert.False(rig.State.Servers[0].Health.IsDown);
    }

    [Fact]
    public void RefusedPassword_CountsAsAFailureInARow()
    {
        using ProxyRig rig = new(change: static config => config with { ServerPassword = "wrong" });
        for (int i = 0; i < 2; i++)
        {
            RigClient client = rig.Connect();
            client.Ask("GET a");
            rig.Server.Last.SendText("-WRONGPASS invalid username-password pair or user is disabled.~");
            Assert.Contains("WRONGPASS", client.Replies(), StringComparison.Ordinal);
        }

        Assert.True(rig.State.Servers[0].Health.IsDown);
    }

    private static ProxyRig Down(Func<PoolConfig, PoolConfig>? change = null)
    {
        ProxyRig rig = new(change: change);
        rig.Server.Stop();
        rig.Connect().Ask("GET a");
        rig.Connect().Ask("GET a");
        Assert.True(rig.State.Servers[0].Health.IsDown);
        return rig;
    }
}
