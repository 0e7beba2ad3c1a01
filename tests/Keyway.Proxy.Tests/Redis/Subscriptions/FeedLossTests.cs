using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis.Subscriptions;

/// <summary>Servers that go, come back, or refuse.</summary>
public sealed class FeedLossTests
{
    [Fact]
    public void LostFeed_OpenedAgain_SubscribesToEverything()
    {
        using ProxyRig rig = new();
        (RigClient client, RigServerConnection feed) = Feed.Subscribe(rig, "a");
        client.Ask("PSUBSCRIBE p?");
        feed.SendText(Feed.Confirm("psubscribe", "p?", 2));
        client.Replies();
        rig.Server.Stop();
        rig.Settle();
        rig.Advance(500);
        rig.Server.Start();
        rig.Advance(3000);

        feed = rig.Server.Last;
        Assert.Equal(["psubscribe p?", "subscribe a"], feed.Requests().Order());
        feed.SendText(Feed.Confirm("subscribe", "a", 1) + Feed.Confirm("psubscribe", "p?", 2) + Feed.Message("a", "m"));

        Assert.Equal(Feed.Message("a", "m"), client.Replies());
        Assert.Contains("2 subscriptions wait for the server", rig.Log);
        Assert.Contains("2 subscriptions are made again", rig.Log);
    }

    [Fact]
    public void Subscribe_DuringAnOutage_WaitsForTheServer()
    {
        using ProxyRig rig = new();
        rig.Server.Stop();
        RigClient client = rig.Connect();
        client.Ask("SUBSCRIBE a b");
        rig.Advance(1000);
        rig.Server.Start();
        rig.Advance(2600);

        RigServerConnection feed = rig.Server.Last;
        Assert.Equal(["subscribe a", "subscribe b"], feed.Requests());
        feed.SendText(Feed.Confirm("subscribe", "a", 1) + Feed.Confirm("subscribe", "b", 2));
        Assert.Equal(Feed.Confirm("subscribe", "a", 1) + Feed.Confirm("subscribe", "b", 2), client.Replies());
    }

    [Fact]
    public void Subscribe_DuringAnOutage_WhoseClientGoes_LeavesNothing()
    {
        using ProxyRig rig = new(1, static config => config with { Timeout = null });
        rig.Server.Stop();
        RigClient client = rig.Connect();
        client.Ask("SUBSCRIBE a b");
        rig.Advance(60_000);
        Assert.Equal(1, rig.State.ClientCount);

        client.Dispose();
        rig.Settle();

        Assert.Equal(0, rig.State.ClientCount);
        Assert.Equal(0, rig.State.Counters.Subscriptions);
    }

    [Fact]
    public void Subscribe_NotConfirmedInTime_FailsAsAWhole()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("SUBSCRIBE a b");
        RigServerConnection feed = rig.Server.Last;
        feed.Requests();
        feed.SendText(Feed.Confirm("subscribe", "a", 1));
        rig.Advance(5100);

        Assert.Equal("-ERR timeout: the subscription was not confirmed by server s0 within 5000 ms~", client.Replies());
        Assert.Equal(["unsubscribe a", "unsubscribe b"], feed.Requests());
        client.Ask("PING");
        Assert.Equal("+PONG~", client.Replies());
    }

    [Fact]
    public void Subscribe_LostBetweenItsAnswers_BeginsAgain()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("SUBSCRIBE a b");
        RigServerConnection feed = rig.Server.Last;
        feed.SendText(Feed.Confirm("subscribe", "a", 1));
        rig.Settle();
        feed.Dispose();
        rig.Settle();
        rig.Advance(100);
        feed = rig.Server.Last;
        Assert.Equal(["subscribe a", "subscribe b"], feed.Requests());
        feed.SendText(Feed.Confirm("subscribe", "a", 1));
        Assert.Equal("", client.Replies());

        feed.SendText(Feed.Confirm("subscribe", "b", 2));

        Assert.Equal(Feed.Confirm("subscribe", "a", 1) + Feed.Confirm("subscribe", "b", 2), client.Replies());
    }

    [Fact]
    public void Subscribe_RefusedByTheServer_GetsItsError()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("SUBSCRIBE a");
        rig.Server.Last.SendText("-NOPERM no access to a channel~");

        Assert.Equal("-NOPERM no access to a channel~", client.Replies());
        client.Ask("UNSUBSCRIBE");
        Assert.Equal("*3~$11~unsubscribe~$-1~:0~", client.Replies());
    }

    [Fact]
    public void Subscribe_WithAWrongServerPassword_GetsTheServersError()
    {
        using ProxyRig rig = new(change: static pool => pool with { ServerPassword = "wrong" });
        RigClient client = rig.Connect();
        client.Ask("SUBSCRIBE a");
        Assert.Equal(["AUTH wrong"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("-WRONGPASS invalid username-password pair~");

        Assert.Equal("-WRONGPASS invalid username-password pair~", client.Replies());
    }

    [Fact]
    public void Unsubscribe_OfALostServer_IsAcknowledged()
    {
        using ProxyRig rig = new();
        (RigClient client, RigServerConnection feed) = Feed.Subscribe(rig, "a");
        client.Ask("UNSUBSCRIBE a");
        feed.Dispose();

        Assert.Equal(Feed.Confirm("unsubscribe", "a", 0), client.Replies());
        rig.Advance(3000);
        Assert.Single(rig.Server.Connections);
    }

    [Fact]
    public void SilentServer_IsFoundOut()
    {
        using ProxyRig rig = new();
        RigServerConnection feed = Feed.Subscribe(rig, "a").Connection;
        for (int i = 0; i < 12; i++)
        {
            rig.Advance(1000);
        }

        Assert.Equal(["PING"], feed.Requests());
        feed.SendText("*2~$4~pong~$0~~");
        for (int i = 0; i < 12; i++)
        {
            rig.Advance(1000);
        }

        Assert.Equal(["PING"], feed.Requests());
        Assert.Single(rig.Server.Connections);
        for (int i = 0; i < 12; i++)
        {
            rig.Advance(1000);
        }

        Assert.Equal(["subscribe a"], rig.Server.Last.Requests());
        feed.Requests();
        Assert.True(feed.IsClosed);
    }

    [Fact]
    public void UnusedFeed_IsClosedAfterAWhile()
    {
        using ProxyRig rig = new();
        (RigClient client, RigServerConnection feed) = Feed.Subscribe(rig, "a");
        client.Ask("UNSUBSCRIBE");
        feed.Requests();
        feed.SendText(Feed.Confirm("unsubscribe", "a", 0));
        client.Replies();
        for (int i = 0; i < 13; i++)
        {
            rig.Advance(1000);
        }

        feed.Requests();
        Assert.True(feed.IsClosed);
        Assert.Single(rig.Server.Connections);
    }

    [Fact]
    public void AnswerThatNobodyAskedFor_CostsTheConnection()
    {
        using ProxyRig rig = new();
        RigServerConnection feed = Feed.Subscribe(rig, "a").Connection;
        feed.SendText(Feed.Confirm("subscribe", "b", 2));
        rig.Settle();
        feed.Requests();
        Assert.True(feed.IsClosed);
        rig.Advance(100);
        Assert.Equal(["subscribe a"], rig.Server.Last.Requests());
    }
}
