using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis;

/// <summary>A request that streams is treated as one that is gathered would be.</summary>
public sealed class LargeRequestTests
{
    private const int Length = 2_000_000;

    private static readonly string Beginning = $"*3~$3~SET~$1~a~${Length}~vvvv";

    [Fact]
    public void InATransaction_ReachesNoServerBeforeExec()
    {
        using ProxyRig rig = new(servers: 2);
        RigClient client = rig.Connect();
        client.Ask("MULTI");
        Assert.Equal("+OK~", client.Replies());

        client.SendText(Beginning);
        rig.Settle();

        Assert.All(rig.Servers, static server => Assert.Empty(server.Connections));
    }

    [Fact]
    public void AfterAChangeOfDatabase_StreamsAsWell()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("SELECT 3");
        rig.Server.Last.SendText("+OK~+PONG~");
        Assert.Equal("+OK~", client.Replies());

        client.SendText(Beginning);
        rig.Settle();

        Assert.Equal(["SELECT 3"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("+OK~");
        rig.Settle();
        Assert.EndsWith("vvvv", Assert.Single(rig.Server.Last.Requests()), StringComparison.Ordinal);
    }

    [Fact]
    public void ClientThatStopsInTheMiddle_IsNoFailureOfTheServer()
    {
        using ProxyRig rig = new(change: static config => config with { Timeout = TimeSpan.FromMilliseconds(100), ServerFailureLimit = 1 });
        RigClient client = rig.Connect();
        client.SendText(Beginning);
        rig.Settle();

        rig.Advance(104);
        rig.Advance(104);

        Assert.StartsWith("-ERR timeout", client.Replies(), StringComparison.Ordinal);
        Assert.Equal(0, rig.State.Counters.ServerFailures);
        Assert.False(rig.State.Servers[0].Health.IsDown);
    }
}
