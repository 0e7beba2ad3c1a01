using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis.Subscriptions;

/// <summary>How subscriptions come and go: when clients are acknowledged, and what servers are asked.</summary>
public sealed class SubscribingTests
{
    [Fact]
    public void Subscribe_TwoChannels_IsAcknowledgedWhenBothAreConfirmed()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("SUBSCRIBE a b");
        RigServerConnection feed = rig.Server.Last;
        Assert.Equal(["subscribe a", "subscribe b"], feed.Requests());

        feed.SendText(Feed.Confirm("subscribe", "a", 1));
        Assert.Equal("", client.Replies());
        feed.SendText(Feed.Confirm("subscribe", "b", 2));

        Assert.Equal(Feed.Confirm("subscribe", "a", 1) + Feed.Confirm("subscribe", "b", 2), client.Replies());
    }

    [Fact]
    public void Subscribe_BehindAnOpenRequest_BeginsWhenThatIsAnswered()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("GET x", "SUBSCRIBE a", "PING");
        RigServerConnection shared = rig.Server.Connections.Single();

        shared.SendText("$1~x~");
        Assert.Equal("$1~x~", client.Replies());
        rig.Server.Last.SendText(Feed.Confirm("subscribe", "a", 1));

        Assert.Equal(Feed.Confirm("subscribe", "a", 1) + "*2~$4~pong~$0~~", client.Replies());
    }

    [Fact]
    public void Subscribe_OfAChannelThatAnotherHas_JoinsAtTheServersAnswer()
    {
        using ProxyRig rig = new();
        RigClient first = rig.Connect();
        first.Ask("SUBSCRIBE a");
        RigServerConnection feed = rig.Server.Last;
        feed.SendText(Feed.Confirm("subscribe", "a", 1));
        first.Replies();
        RigClient second = rig.Connect();
        second.Ask("SUBSCRIBE a");
        feed.SendText(Feed.Message("a", "before") + Feed.Confirm("subscribe", "a", 1) + Feed.Message("a", "after"));

        Assert.Equal(Feed.Confirm("subscribe", "a", 1) + Feed.Message("a", "after"), second.Replies());
        Assert.Equal(Feed.Message("a", "before") + Feed.Message("a", "after"), first.Replies());
        Assert.Single(rig.Server.Connections);
    }

    [Fact]
    public void Unsubscribe_ByOneOfTwo_KeepsTheServersSubscription()
    {
        using ProxyRig rig = new();
        (RigClient one, RigClient two, RigServerConnection feed) = TwoSubscribers(rig);

        one.Ask("UNSUBSCRIBE a");
        Assert.Equal(Feed.Confirm("unsubscribe", "a", 0), one.Replies());
        Assert.Equal([], feed.Requests());
        feed.SendText(Feed.Message("a", "m"));

        Assert.Equal("", one.Replies());
        Assert.Equal(Feed.Message("a", "m"), two.Replies());
    }

    [Fact]
    public void Unsubscribe_ByTheLast_IsAcknowledgedWhenTheServerHasEndedIt()
    {
        using ProxyRig rig = new();
        (RigClient one, RigClient two, RigServerConnection feed) = TwoSubscribers(rig);
        one.Ask("UNSUBSCRIBE");
        one.Replies();
        two.Ask("UNSUBSCRIBE");
        Assert.Equal(["unsubscribe a"], feed.Requests());
        Assert.Equal("", two.Replies());

        feed.SendText(Feed.Confirm("unsubscribe", "a", 0));

        Assert.Equal(Feed.Confirm("unsubscribe", "a", 0), two.Replies());
        two.Ask("UNSUBSCRIBE");
        Assert.Equal("*3~$11~unsubscribe~$-1~:0~", two.Replies());
    }

    [Fact]
    public void Subscribe_WhileTheUnsubscribeIsUnderWay_IsSubscribedInTheEnd()
    {
        using ProxyRig rig = new();
        (RigClient one, RigClient two, RigServerConnection feed) = TwoSubscribers(rig);
        one.Dispose();
        two.Dispose();
        rig.Settle();
        RigClient third = rig.Connect();
        third.Ask("SUBSCRIBE a");
        Assert.Equal(["unsubscribe a", "subscribe a"], feed.Requests());

        feed.SendText(Feed.Confirm("unsubscribe", "a", 0));
        Assert.Equal("", third.Replies());
        feed.SendText(Feed.Confirm("subscribe", "a", 1) + Feed.Message("a", "m"));

        Assert.Equal(Feed.Confirm("subscribe", "a", 1) + Feed.Message("a", "m"), third.Replies());
    }

    [Fact]
    public void Client_GoneWhileItsSubscribeIsUnderWay_LeavesNothing()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("SUBSCRIBE a");
        RigServerConnection feed = rig.Server.Last;
        feed.Requests();
        client.Dispose();
        rig.Settle();
        feed.SendText(Feed.Confirm("subscribe", "a", 1));
        rig.Settle();

        Assert.Equal(["unsubscribe a"], feed.Requests());
        feed.SendText(Feed.Confirm("unsubscribe", "a", 0));
        rig.Settle();
        feed.Requests();
        Assert.False(feed.IsClosed);
        Assert.Empty(rig.State.Clients);
    }

    [Fact]
    public void Reset_WithSubscriptions_EndsThem()
    {
        using ProxyRig rig = new();
        (RigClient one, RigClient two, RigServerConnection feed) = TwoSubscribers(rig);

        one.Ask("RESET", "PING");
        Assert.Equal("+RESET~+PONG~", one.Replies());
        Assert.Equal([], feed.Requests());
        two.Ask("RESET");

        Assert.Equal("+RESET~", two.Replies());
        Assert.Equal(["unsubscribe a"], feed.Requests());
    }

    [Fact]
    public void Counts_OfKinds_AreRedissOwn()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("SUBSCRIBE a");
        RigServerConnection feed = rig.Server.Last;
        feed.SendText(Feed.Confirm("subscribe", "a", 1));
        client.Replies();
        client.Ask("PSUBSCRIBE p*");
        feed.SendText(Feed.Confirm("psubscribe", "p*", 2));
        Assert.Equal(Feed.Confirm("psubscribe", "p*", 2), client.Replies());
        client.Ask("SSUBSCRIBE s");
        feed.SendText(Feed.Confirm("ssubscribe", "s", 1));
        Assert.Equal(Feed.Confirm("ssubscribe", "s", 1), client.Replies());
        client.Ask("UNSUBSCRIBE other");
        Assert.Equal(Feed.Confirm("unsubscribe", "other", 2), client.Replies());

        feed.SendText("*4~$8~pmessage~$2~p*~$2~px~$1~m~*3~$8~smessage~$1~s~$1~n~");

        Assert.Equal("*4~$8~pmessage~$2~p*~$2~px~$1~m~*3~$8~smessage~$1~s~$1~n~", client.Replies());
    }

    [Fact]
    public void OtherCommands_InSubscriberMode_AreRefusedAsByRedis()
    {
        using ProxyRig rig = new();
        RigClient client = TwoSubscribers(rig).One;

        client.Ask("GET x", "CONFIG GET x", "GET", "PING hi", "QUIT");

        Assert.Equal(
            "-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context~"
            + "-ERR Can't execute 'config|get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context~"
            + "-ERR wrong number of arguments for 'get' command~*2~$4~pong~$2~hi~+OK~",
            client.Replies());
        Assert.True(client.IsClosed);
    }

    [Fact]
    public void Exec_InSubscriberMode_IsRefusedInItsOwnWords()
    {
        using ProxyRig rig = new();
        RigClient client = TwoSubscribers(rig).One;

        client.Ask("EXEC");

        Assert.StartsWith("-EXECABORT Transaction discarded because of: Can't execute 'exec': only (P|S)SUBSCRIBE / ", client.Replies(), StringComparison.Ordinal);
    }

    [Fact]
    public void Acknowledgements_RepliesAreOff_ComeAllTheSame()
    {
        using ProxyRig rig = new();
        (RigClient other, _, RigServerConnection feed) = TwoSubscribers(rig);
        RigClient client = rig.Connect();

        client.Ask("CLIENT REPLY OFF", "PING", "SUBSCRIBE a", "PING", "UNSUBSCRIBE a");
        feed.SendText(Feed.Confirm("subscribe", "a", 1));

        Assert.Equal(Feed.Confirm("subscribe", "a", 1) + Feed.Confirm("unsubscribe", "a", 0), client.Replies());
        Assert.Equal("", other.Replies());
    }

    private static (RigClient One, RigClient Two, RigServerConnection Feed) TwoSubscribers(ProxyRig rig)
    {
        RigClient one = rig.Connect();
        RigClient two = rig.Connect();
        one.Ask("SUBSCRIBE a");
        two.Ask("SUBSCRIBE a");
        RigServerConnection feed = rig.Server.Last;
        feed.SendText(Feed.Confirm("subscribe", "a", 1) + Feed.Confirm("subscribe", "a", 1));
        Assert.Equal(Feed.Confirm("subscribe", "a", 1), one.Replies());
        Assert.Equal(Feed.Confirm("subscribe", "a", 1), two.Replies());
        feed.Requests();
        return (one, two, feed);
    }
}
