using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Pools;

public sealed class IdleSweepTests
{
    private const int Limit = 1000;

    [Fact]
    public void ClientThatAsksNothing_IsClosed()
    {
        using ProxyRig rig = Create();
        RigClient client = rig.Connect();

        rig.Advance(2 * Limit);

        Assert.Equal("", client.Replies());
        Assert.True(client.IsClosed);
    }

    [Fact]
    public void ClientThatIsStillTakingItsReply_IsKept()
    {
        using ProxyRig rig = Create();
        RigClient client = rig.Connect();
        client.Ask("GET a");
        rig.Server.Last.SendText("$4000000~");
        byte[] piece = new byte[100_000];
        for (int i = 0; i < 40; i++)
        {
            Assert.True(rig.Server.Last.TrySend(piece));
            rig.Settle();
        }

        rig.Server.Last.SendText("~");
        rig.Settle();
        for (int i = 0; i < 8; i++)
        {
            // As fast as a slow link.
            Assert.NotEqual(0, client.Receive(piece));
            rig.Advance(Limit / 4);
        }

        Assert.False(client.IsClosed);
        Assert.Single(rig.State.Clients);
    }

    private static ProxyRig Create()
    {
        ProxyRig rig = new(change: static config => config with { ClientIdleTimeout = TimeSpan.FromMilliseconds(Limit) });
        rig.State.Begin();
        return rig;
    }
}
