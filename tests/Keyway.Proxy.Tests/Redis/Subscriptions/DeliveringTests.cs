using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Tests.Rig;
using Keyway.Testing;

namespace Keyway.Proxy.Tests.Redis.Subscriptions;

/// <summary>Messages on their way to clients.</summary>
public sealed class DeliveringTests
{
    [Fact]
    public void Message_ToResp3_IsAPush()
    {
        using ProxyRig rig = new();
        (RigClient client, RigServerConnection feed) = Feed.Subscribe(rig, "a", resp3: true);

        feed.SendText(Feed.Message("a", "m"));

        Assert.Equal(">3~$7~message~$1~a~$1~m~", client.Replies());
        client.Ask("PING");
        Assert.Equal("+PONG~", client.Replies());
    }

    [Fact]
    public void Message_BeforeAnOpenReply_DoesNotWaitForIt()
    {
        using ProxyRig rig = new();
        (RigClient client, RigServerConnection feed) = Feed.Subscribe(rig, "a", resp3: true);
        client.Ask("GET x");
        RigServerConnection lane = rig.Server.Last;
        lane.SendText("%0~");
        feed.SendText(Feed.Message("a", "m"));
        Assert.Equal(">3~$7~message~$1~a~$1~m~", client.Replies());

        lane.SendText("$1~x~");

        Assert.Equal("$1~x~", client.Replies());
    }

    [Fact]
    public void Message_WhileAReplyStreams_ComesBehindIt()
    {
        using ProxyRig rig = new();
        (RigClient client, RigServerConnection feed) = Feed.Subscribe(rig, "a", resp3: true);
        client.Ask("GET x", "GET y");
        RigServerConnection lane = rig.Server.Last;
        lane.SendText("%0~");
        string half = new('v', 80 * 1024);
        lane.SendText($"${2 * half.Length}~{half}");
        string begun = client.Replies();
        Assert.NotEqual("", begun);
        feed.SendText(Feed.Message("a", "m"));
        Assert.Equal("", client.Replies());

        lane.SendText(half + "~$1~y~");

        Assert.Equal($"${2 * half.Length}~{half}{half}~>3~$7~message~$1~a~$1~m~$1~y~", begun + client.Replies());
        Assert.Equal(0, rig.State.Clients.Single().Backlog);
    }

    [Fact]
    public void Message_InPieces_IsGivenWhole()
    {
        using ProxyRig rig = new();
        (RigClient client, RigServerConnection feed) = Feed.Subscribe(rig, "a");
        string text = new('t', 100_000);
        string message = Feed.Message("a", text);
        for (int at = 0; at < message.Length; at += 9_000)
        {
            Assert.Equal("", client.Replies());
            feed.SendText(message[at..Math.Min(at + 9_000, message.Length)]);
        }

        Assert.Equal(message, client.Replies());
    }

    // More than one read's worth may give at once: the rest waits until the clients have been written to.
    [Fact]
    public void Messages_ToManyClientsInOneRead_AreGivenInPortionsAndInOrder()
    {
        const int Texts = 60;
        using ProxyRig rig = new();
        (RigClient first, RigServerConnection feed) = Feed.Subscribe(rig, "a");
        RigClient[] clients = [first, .. Enumerable.Range(0, 199).Select(_ => Join(rig, feed, "a"))];
        string all = string.Concat(Enumerable.Range(0, Texts).Select(static i => Feed.Message("a", new string((char)('A' + i), 1000))));

        feed.SendText(all);

        Assert.All(clients, client => Assert.Equal(all, client.Replies()));
    }

    [Fact]
    public void SlowSubscribers_ThatUseUpTheBuffers_AreClosed()
    {
        using ProxyRig rig = new(maxBuffers: 4 << 20);
        (RigClient slow, RigServerConnection feed) = Feed.Subscribe(rig, "a");
        for (int i = 0; i < 60; i++)
        {
            feed.SendText(Feed.Message("a", new string('m', 100_000)));
            rig.Settle();
        }

        rig.Advance(1100);

        Assert.Equal(1, rig.State.Counters.FailuresOf(FailureKind.OutOfBuffers));
        Assert.Empty(rig.State.Clients);
        _ = slow;
    }

    [Fact]
    public void Messages_ToManyClients_AllocateNothing()
    {
        using ProxyRig rig = new();
        (RigClient first, RigServerConnection feed) = Feed.Subscribe(rig, "a");
        RigClient[] clients = [first, .. Enumerable.Range(0, 9).Select(_ => Join(rig, feed, "a"))];
        byte[] message = RigSocket.Bytes(Feed.Message("a", "hello"));
        byte[] buffer = new byte[64 * 1024];
        Send(100);

        Assert.Equal(0, Allocations.Least(() => rig.Allocated, () => Send(10)));

        void Send(int rounds)
        {
            for (int round = 0; round < rounds; round++)
            {
                for (int i = 0; i < 50; i++)
                {
                    Assert.True(feed.TrySend(message));
                }

                rig.Turn();
                rig.Turn();
                foreach (RigClient client in clients)
                {
                    Assert.Equal(50 * message.Length, client.Receive(buffer));
                }
            }
        }
    }

    [Fact]
    public void SlowSubscriber_AboveTheLimit_IsCutAlone()
    {
        using ProxyRig rig = new(change: static pool => pool with { Limits = new LimitsConfig { SubscriberOutput = 4 << 20 } });
        (RigClient slow, RigServerConnection feed) = Feed.Subscribe(rig, "a");
        RigClient quick = Join(rig, feed, "a");
        string message = Feed.Message("a", new string('m', 100_000));
        int sent = 0;
        while (rig.State.Counters.SubscribersTooSlow == 0 && sent++ < 200)
        {
            feed.SendText(message);
            Assert.Equal(message, quick.Replies());
        }

        Assert.InRange(sent, 42, 60); // the limit and what the socket takes
        Assert.Contains("(limits.subscriber_output)", rig.Log);
        Assert.Single(rig.State.Clients);
        _ = slow;
    }

    [Fact]
    public void SlowSubscriber_AboveTheLowerLimitForTooLong_IsCut()
    {
        using ProxyRig rig = new(change: static pool => pool with
        {
            Timeout = null,
            Limits = new LimitsConfig { SubscriberOutputSoft = 1 << 20, SubscriberOutputSoftTime = TimeSpan.FromSeconds(5) },
        });
        (RigClient slow, RigServerConnection feed) = Feed.Subscribe(rig, "a");
        for (int i = 0; i < 20; i++)
        {
            feed.SendText(Feed.Message("a", new string('m', 100_000)));
            rig.Settle();
        }

        for (int i = 0; i < 4; i++)
        {
            rig.Advance(1000);
        }

        Assert.Equal(0, rig.State.Counters.SubscribersTooSlow);
        rig.Advance(1000);
        rig.Advance(1000);
        Assert.Equal(1, rig.State.Counters.SubscribersTooSlow);
        _ = slow;
    }

    [Fact]
    public void SlowSubscriber_ThatCatchesUp_Stays()
    {
        using ProxyRig rig = new(change: static pool => pool with
        {
            Timeout = null,
            Limits = new LimitsConfig { SubscriberOutputSoft = 1 << 20, SubscriberOutputSoftTime = TimeSpan.FromSeconds(5) },
        });
        (RigClient client, RigServerConnection feed) = Feed.Subscribe(rig, "a");
        for (int second = 0; second < 20; second++)
        {
            for (int i = 0; i < 20; i++)
            {
                feed.SendText(Feed.Message("a", new string('m', 100_000)));
                rig.Settle();
            }

            rig.Advance(1000);
            Assert.Equal(20 * Feed.Message("a", new string('m', 100_000)).Length, client.Replies().Length);
        }

        Assert.Equal(0, rig.State.Counters.SubscribersTooSlow);
    }

    [Fact]
    public void Subscriber_WithoutTraffic_IsNotIdle()
    {
        using ProxyRig rig = new(change: static pool => pool with { ClientIdleTimeout = TimeSpan.FromSeconds(1) });
        (RigClient client, RigServerConnection feed) = Feed.Subscribe(rig, "a");
        for (int i = 0; i < 8; i++)
        {
            rig.Advance(500);
        }

        feed.SendText(Feed.Message("a", "m"));
        Assert.Equal(Feed.Message("a", "m"), client.Replies());
    }

    private static RigClient Join(ProxyRig rig, RigServerConnection feed, string channel)
    {
        RigClient client = rig.Connect();
        client.Ask("SUBSCRIBE " + channel);
        feed.Requests();
        feed.SendText(Feed.Confirm("subscribe", channel, 1));
        client.Replies();
        return client;
    }
}
