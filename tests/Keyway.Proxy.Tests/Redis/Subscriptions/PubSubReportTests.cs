using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis.Subscriptions;

/// <summary>PUBSUB: the servers' numbers with Keyway's own subscriptions replaced by its clients.</summary>
public sealed class PubSubReportTests
{
    [Fact]
    public void NumSub_CountsClients_OfEveryReactor()
    {
        using ProxyRig rig = new(reactors: 2);
        for (int reactor = 0; reactor < 2; reactor++)
        {
            for (int i = 0; i < 3; i++)
            {
                RigClient client = rig.Connect(reactor);
                client.Ask("SUBSCRIBE a");
                rig.Server.Last.SendText(Feed.Confirm("subscribe", "a", 1));
                Assert.Equal(Feed.Confirm("subscribe", "a", 1), client.Replies());
            }
        }

        RigClient asker = rig.Connect();
        asker.Ask("PUBSUB NUMSUB a b");
        rig.Server.Last.SendText("*4~$1~a~:3~$1~b~:7~"); // both reactors and somebody else

        Assert.Equal("*4~$1~a~:7~$1~b~:7~", asker.Replies());
    }

    [Fact]
    public void Channels_OfTwoServers_AreListedOnce()
    {
        using ProxyRig rig = new(servers: 2);
        RigClient asker = rig.Connect();
        asker.Ask("PUBSUB CHANNELS *");
        rig.Servers[0].Last.SendText("*2~$1~a~$1~n~");
        rig.Servers[1].Last.SendText("*2~$1~n~$1~b~");

        Assert.Equal("*3~$1~a~$1~n~$1~b~", asker.Replies());
    }

    [Fact]
    public void NumPat_OfTwoServers_IsNotTheSum()
    {
        using ProxyRig rig = new(servers: 2);
        RigClient asker = rig.Connect();
        asker.Ask("PUBSUB NUMPAT");
        rig.Servers[0].Last.SendText(":2~");
        rig.Servers[1].Last.SendText(":2~");

        Assert.Equal(":2~", asker.Replies());
    }

    [Fact]
    public void Report_WithAServersError_IsThatError()
    {
        using ProxyRig rig = new(servers: 2);
        RigClient asker = rig.Connect();
        asker.Ask("PUBSUB NUMPAT", "PUBSUB CHANNELS a b");
        rig.Servers[0].Last.SendText(":2~");
        rig.Servers[1].Last.SendText("-NOPERM no~");

        Assert.Equal("-NOPERM no~-ERR unknown subcommand or wrong number of arguments for 'CHANNELS'. Try PUBSUB HELP.~", asker.Replies());
    }
}
