using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Health;

public sealed class HealthCheckTests
{
    private const int Interval = 500;
    private const int Tick = Interval + 8; // the grain of timers

    [Fact]
    public void Server_ThatAnswers_IsAskedAgainOnTheSameConnection()
    {
        using ProxyRig rig = Checked();
        for (int i = 0; i < 3; i++)
        {
            rig.Advance(Tick);
            Assert.Equal(["PING"], rig.Server.Last.Requests());
            rig.Server.Last.SendText("+PONG~");
            rig.Settle();
        }

        Assert.Single(rig.Server.Connections);
        Assert.False(rig.State.Servers[0].Health.IsDown);
    }

    [Fact]
    public void Server_ThatNobodyAsks_IsFoundDown()
    {
        using ProxyRig rig = Checked(reactors: 2);
        rig.Server.Stop();

        rig.Advance(Tick);
        Assert.False(rig.State.Servers[0].Health.IsDown);
        rig.Advance(Tick);

        Assert.All(rig.States, static state => Assert.True(state.Servers[0].Health.IsDown));
        Assert.Contains("server is down after 2 failed health checks", rig.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_NotAnswered_IsAFailureAndCountsOnce()
    {
        using ProxyRig rig = Checked();
        rig.Advance(Tick);
        rig.Advance(Tick);

        Assert.Equal(1, rig.State.Counters.ServerFailures);
        Assert.Equal("no answer to a health check within 500 ms", rig.State.Servers[0].Health.Reason);
        _ = rig.Server.Last.Requests();
        Assert.True(rig.Server.Last.IsClosed);
    }

    [Fact]
    public void Server_ThatAnswersWithErrors_IsDownAlthoughItRepliesToClients()
    {
        using ProxyRig rig = Checked();
        RigClient client = rig.Connect();
        for (int i = 0; i < 2; i++)
        {
            rig.Advance(Tick);
            rig.Server.Connections[0].SendText("-LOADING Redis is loading the dataset in memory~");
            rig.Settle();
            if (i == 0)
            {
                client.Ask("GET a");
                rig.Server.Last.SendText("-LOADING Redis is loading the dataset in memory~");
                Assert.StartsWith("-LOADING", client.Replies(), StringComparison.Ordinal);
            }
        }

        Assert.True(rig.State.Servers[0].Health.IsDown);
    }

    [Fact]
    public void Server_ThatComesBack_HasToAnswerSoManyProbes()
    {
        using ProxyRig rig = new(change: static config => config with { ServerFailureLimit = 1, ServerRecoveryLimit = 3 });
        RigClient client = rig.Connect();
        rig.Server.Stop();
        client.Ask("GET a");
        _ = client.Replies();
        rig.Server.Start();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(rig.State.Servers[0].Health.IsDown);
            rig.Advance(1008);
            rig.Server.Last.SendText("+PONG~");
            rig.Settle();
        }

        Assert.False(rig.State.Servers[0].Health.IsDown);
    }

    [Fact]
    public void DownServer_OfTwoReactors_IsProbedByOne()
    {
        using ProxyRig rig = new(change: static config => config with { ServerFailureLimit = 1 }, reactors: 2);
        RigClient client = rig.Connect(reactor: 1);
        rig.Server.Stop();
        client.Ask("GET a");
        _ = client.Replies();
        rig.Server.Start();

        rig.Advance(1008);

        Assert.Equal(["PING"], Assert.Single(rig.Server.Connections, static connection => !connection.IsClosed).Requests());
        rig.Server.Last.SendText("+PONG~");
        rig.Settle();
        Assert.All(rig.States, static state => Assert.False(state.Servers[0].Health.IsDown));
    }

    private static ProxyRig Checked(int reactors = 1)
    {
        ProxyRig rig = new(change: static config => config with { HealthInterval = TimeSpan.FromMilliseconds(Interval) }, reactors: reactors);
        foreach (var state in rig.States)
        {
            state.Begin();
        }

        return rig;
    }
}
