using System.Globalization;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Publish and subscribe as by one server, with few subscriptions at the servers.</summary>
public sealed class PubSubTests(Rigs rigs) : IClassFixture<Rigs>
{
    private const int Threads = 2; // as the rig starts them

    public static TheoryData<int, string> Shapes => Rigs.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Messages_ToManyClients_ComeInOrderOverOneSubscriptionForEachReactor(int servers, string poller)
    {
        const int Clients = 60;
        const int Channels = 5;
        const int Messages = 400;
        var rig = rigs.Get(servers, poller);
        var channels = Enumerable.Range(0, Channels).Select(static i => $"news:{i}").ToArray();
        using var all = new Disposables();
        var clients = Enumerable.Range(0, Clients).Select(_ => all.Add(rig.Connect())).ToArray();
        foreach (var client in clients)
        {
            Subscribe(client, channels);
        }

        Assert.All(channels, channel => Assert.InRange(rig.Servers.Sum(server => NumSub(server, channel)), 1, Threads));
        using var publisher = rig.Connect();
        Assert.Equal($"*[{string.Join(", ", channels.Select(static channel => $"${channel}, :{Clients}"))}]", publisher.Call(["PUBSUB", "NUMSUB", .. channels]).ToString());
        Wait.ForAll([.. clients.Select<RespClient, Action>(client => () => AssertInOrder(client, Messages * Channels)), () => Publish(publisher, channels, Messages)]);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Resp2AndResp3_SideBySide_GetTheSameInTheirOwnForm(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var two = rig.Connect();
        using var three = rig.Connect();
        three.Call("HELLO", "3");
        Assert.Equal("*[$subscribe, $chat, :1]", two.Call("SUBSCRIBE", "chat").ToString());
        Assert.Equal(">[$subscribe, $chat, :1]", three.Call("SUBSCRIBE", "chat").ToString());

        // What a RESP3 client publishes to itself may come before or behind the reply.
        three.Send("PUBLISH", "chat", "hello");
        var got = new[] { three.ReadReply().ToString(), three.ReadReply().ToString() };

        Assert.Contains(">[$message, $chat, $hello]", got);
        Assert.Contains(got, static reply => reply[0] == ':');
        Assert.Equal("*[$message, $chat, $hello]", two.ReadReply().ToString());
        Assert.Equal("+OK", three.Call("SET", "key", "value").ToString());
        Assert.StartsWith("-ERR Can't execute 'set'", two.Call("SET", "key", "value").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Patterns_OverAllServers_DeliverEachMessageOnce(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var client = rig.Connect();
        using var publisher = rig.Connect();
        Assert.Equal("*[$psubscribe, $room:*, :1]", client.Call("PSUBSCRIBE", "room:*").ToString());
        Assert.Equal(":1", publisher.Call("PUBSUB", "NUMPAT").ToString());

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(":1", publisher.Call("PUBLISH", $"room:{i}", $"m{i}").ToString());
        }

        // From different servers they come in any order among each other.
        var got = Enumerable.Range(0, 50).Select(_ => client.ReadReply().ToString()).Order(StringComparer.Ordinal);
        Assert.Equal(Enumerable.Range(0, 50).Select(static i => $"*[$pmessage, $room:*, $room:{i}, $m{i}]").Order(StringComparer.Ordinal), got);
        Assert.Equal("*[$pong, $]", client.Call("PING").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void KeyspaceNotifications_OfAllServers_Come(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        foreach (var server in rig.Servers)
        {
            using var direct = server.Connect();
            direct.Call("CONFIG", "SET", "notify-keyspace-events", "KEA");
        }

        using var client = rig.Connect();
        using var writer = rig.Connect();
        Assert.Equal("*[$subscribe, $__keyevent@0__:set, :1]", client.Call("SUBSCRIBE", "__keyevent@0__:set").ToString());
        for (var i = 0; i < 20; i++)
        {
            writer.Call("SET", $"key:{i}", "v");
        }

        Assert.Equal(
            Enumerable.Range(0, 20).Select(static i => $"*[$message, $__keyevent@0__:set, $key:{i}]").Order(StringComparer.Ordinal),
            Enumerable.Range(0, 20).Select(_ => client.ReadReply().ToString()).Order(StringComparer.Ordinal));
        Assert.Equal("*[$pong, $]", client.Call("PING").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ShardChannels_AreChannelsOfTheirOwn(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var client = rig.Connect();
        using var publisher = rig.Connect();
        Assert.Equal("*[$ssubscribe, $orders, :1]", client.Call("SSUBSCRIBE", "orders").ToString());

        Assert.Equal(":0", publisher.Call("PUBLISH", "orders", "no").ToString());
        Assert.Equal(":1", publisher.Call("SPUBLISH", "orders", "yes").ToString());

        Assert.Equal("*[$smessage, $orders, $yes]", client.ReadReply().ToString());
        Assert.Equal("*[$orders, :1]", publisher.Call("PUBSUB", "SHARDNUMSUB", "orders").ToString());
        Assert.Equal("*[$orders]", publisher.Call("PUBSUB", "SHARDCHANNELS").ToString());
        Assert.Equal("*[$sunsubscribe, $orders, :0]", client.Call("SUNSUBSCRIBE").ToString());
        Assert.Equal("*[]", publisher.Call("PUBSUB", "SHARDCHANNELS").ToString());
    }

    /// <summary>Clients come, go and change their minds on few channels; what is published after an acknowledgement must be seen, and only that.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void SubscribeAndUnsubscribe_InAStorm_AreExact(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        Wait.ForAll(Enumerable.Range(0, 12).Select<int, Action>(worker => () =>
        {
            var random = new Random(worker);
            using var publisher = rig.Connect();
            for (var round = 0; round < 60; round++)
            {
                using var client = rig.Connect();
                var channel = $"storm:{random.Next(3)}";
                var text = string.Create(CultureInfo.InvariantCulture, $"{worker}-{round}");
                publisher.Call("PUBLISH", channel, text + "-before");
                Subscribe(client, [channel]);
                publisher.Call("PUBLISH", channel, text);
                string message;
                do
                {
                    message = client.ReadReply().Items[2].Text!;
                    Assert.NotEqual(text + "-before", message);
                }
                while (message != text);

                if (random.Next(2) == 0)
                {
                    client.Send("UNSUBSCRIBE", channel);
                    while (client.ReadReply().Items[0].Text != "unsubscribe")
                    {
                        // Messages of the others.
                    }

                    publisher.Call("PUBLISH", channel, text + "-after");
                    Assert.Equal("+PONG", client.Call("PING").ToString());
                }
            }
        }));

        using var asker = rig.Connect();
        Wait.Until(() => asker.Call("PUBSUB", "CHANNELS").ToString() == "*[]", "rid of all channels");
        Assert.Equal("*[$storm:0, :0, $storm:1, :0]", asker.Call("PUBSUB", "NUMSUB", "storm:0", "storm:1").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SlowSubscriber_IsCutWhileOthersGoOn(int servers, string poller)
    {
        const int Messages = 600;
        var rig = rigs.Get(servers, poller);
        using var slow = rig.Connect();
        using var quick = rig.Connect();
        using var publisher = rig.Connect();
        slow.Socket.ReceiveBufferSize = 4096;
        Subscribe(slow, ["flood"]);
        Subscribe(quick, ["flood"]);
        var text = new string('x', 100_000);
        Wait.ForAll(
        [
            () =>
            {
                for (var i = 0; i < Messages; i++)
                {
                    publisher.Call("PUBLISH", "flood", text);
                }
            },
            () =>
            {
                for (var i = 0; i < Messages; i++)
                {
                    Assert.Equal(text.Length, quick.ReadReply().Items[2].Text!.Length);
                }
            },
        ]);

        Wait.Until(() => rig.Keyway.Log.Contains("bytes of messages not taken (limits.subscriber_output)", StringComparison.Ordinal), "cut");
        Assert.Contains("keyway_subscribers_too_slow:1", publisher.Call("INFO", "keyway").Text!);
        Assert.Equal("*[$flood, :1]", publisher.Call("PUBSUB", "NUMSUB", "flood").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ClientList_ShowsSubscribers(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var client = rig.Connect();
        using var asker = rig.Connect();
        Subscribe(client, ["one", "two"]);

        Assert.Contains("flags=P db=0 sub=2 psub=0 ssub=0", asker.Call("CLIENT", "LIST", "TYPE", "pubsub").Text!);
        Assert.Contains("keyway_subscribers:1\r\n", asker.Call("INFO", "keyway").Text!);
        Assert.Equal("+RESET", client.Call("RESET").ToString());
        Assert.Equal("$", asker.Call("CLIENT", "LIST", "TYPE", "pubsub").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void RedisPy_Subscribed_Works(int servers, string poller) =>
        Assert.Equal("all right", Tool.Python("redis_py_pubsub.py", rigs.Get(servers, poller).Port));

    private static void Subscribe(RespClient client, string[] channels)
    {
        client.Send(["SUBSCRIBE", .. channels]);
        for (var i = 0; i < channels.Length; i++)
        {
            Assert.Equal($"*[$subscribe, ${channels[i]}, :{i + 1}]", client.ReadReply().ToString());
        }
    }

    private static int NumSub(RedisProcess server, string channel)
    {
        using var direct = server.Connect();
        return int.Parse(direct.Call("PUBSUB", "NUMSUB", channel).Items[1].Text!, CultureInfo.InvariantCulture);
    }

    private static void Publish(RespClient publisher, string[] channels, int messages)
    {
        for (var i = 0; i < messages; i++)
        {
            foreach (var channel in channels)
            {
                publisher.Call("PUBLISH", channel, i.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private static void AssertInOrder(RespClient client, int messages)
    {
        var next = new Dictionary<string, int>();
        for (var i = 0; i < messages; i++)
        {
            var message = client.ReadReply();
            var channel = message.Items[1].Text!;
            Assert.Equal(next.GetValueOrDefault(channel).ToString(CultureInfo.InvariantCulture), message.Items[2].Text);
            next[channel] = next.GetValueOrDefault(channel) + 1;
        }
    }
}
