using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Pools;

/// <summary><c>connection_max_age</c>: server connections are renewed without a request failing or overtaking another.</summary>
public sealed class RenewalTests
{
    private const int Age = 60_000;

    [Fact]
    public void IdleConnection_OfThatAge_IsReplaced()
    {
        using ProxyRig rig = Aging();
        RigClient client = rig.Connect();
        Answer(rig, client, "GET a");

        rig.Advance(Age + 8);

        Assert.Equal(2, rig.Server.Connections.Count);
        _ = rig.Server.Connections[0].Requests();
        Assert.True(rig.Server.Connections[0].IsClosed);
        Answer(rig, client, "GET b");
        Assert.Equal(0, rig.State.Counters.ServerFailures);
    }

    [Fact]
    public void RequestsUnderWay_AreAnswered_BeforeLaterOnesLeave()
    {
        using ProxyRig rig = Aging(static config => config with { Timeout = null });
        RigClient client = rig.Connect();
        client.Ask("SET a 1");
        RigServerConnection old = rig.Server.Last;
        Assert.Equal(["SET a 1"], old.Requests());

        rig.Advance(Age + 8);
        client.Ask("SET a 2");

        RigServerConnection fresh = rig.Server.Last;
        Assert.NotSame(old, fresh);
        Assert.Equal([], old.Requests());
        Assert.Equal([], fresh.Requests());
        old.SendText("+ONE~");
        Assert.Equal("+ONE~", client.Replies());
        Assert.Equal([], old.Requests());
        Assert.True(old.IsClosed);
        Assert.Equal(["SET a 2"], fresh.Requests());
        fresh.SendText("+TWO~");
        Assert.Equal("+TWO~", client.Replies());
    }

    [Fact]
    public void NewConnection_ThatCannotBeHad_LeavesTheOldOneAndIsTriedAgain()
    {
        using ProxyRig rig = Aging();
        RigClient client = rig.Connect();
        Answer(rig, client, "GET a");
        RigServerConnection old = rig.Server.Last;
        rig.Server.StopListening();

        rig.Advance(Age + 8);
        client.Ask("GET b");
        Assert.Equal(["GET b"], old.Requests());
        old.SendText("$1~b~");
        Assert.Equal("$1~b~", client.Replies());

        rig.Server.Start();
        rig.Advance((Age / 10) + 8);
        Assert.Equal(2, rig.Server.Connections.Count);
        Answer(rig, client, "GET c");
        Assert.Equal(0, rig.State.Counters.ServerFailures);
    }

    private static void Answer(ProxyRig rig, RigClient client, string request)
    {
        client.Ask(request);
        Assert.Equal([request], rig.Server.Last.Requests());
        rig.Server.Last.SendText("+OK~");
        Assert.Equal("+OK~", client.Replies());
    }

    private static ProxyRig Aging(Func<PoolConfig, PoolConfig>? change = null) => new(change: config =>
    {
        config = config with { ConnectionMaxAge = TimeSpan.FromMilliseconds(Age) };
        return change?.Invoke(config) ?? config;
    });
}
