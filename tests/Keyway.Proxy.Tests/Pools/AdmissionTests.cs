using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Pools;

/// <summary>client_connections.</summary>
public sealed class AdmissionTests
{
    [Fact]
    public void Client_BeyondTheLimit_IsToldAndClosed()
    {
        using ProxyRig rig = new(change: static config => config with { ClientConnections = 1 });
        RigClient first = rig.Connect();

        for (int i = 0; i < 3; i++)
        {
            RigClient second = rig.Connect();
            Assert.Equal("-ERR max number of clients reached~", second.Replies());
            Assert.True(second.IsClosed);
        }

        Assert.Equal(3, rig.State.Counters.ClientsRefused);
        Assert.Equal(1, rig.State.Counters.ClientsAccepted);
        first.Ask("PING");
        Assert.Equal("+PONG~", first.Replies());
        first.Dispose();
        rig.Settle();

        RigClient next = rig.Connect();
        next.Ask("PING");
        Assert.Equal("+PONG~", next.Replies());
        Assert.Equal(1, rig.State.Reactor.Load);
    }
}
