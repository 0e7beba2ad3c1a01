using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Servers that go and come back under subscribers.</summary>
[Collection(AloneCollection.Name)]
public sealed class SubscriberLossTests
{
    private const string Settings = "timeout: 2s\nserver_retry_timeout: 100ms\nconnect_timeout: 500ms\n";

    public static TheoryData<int, string> Shapes => Rigs.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Server_Restarted_ItsSubscribersHearAgain(int servers, string poller)
    {
        using var rig = ProxyRig.Start(servers, Settings, poller);
        var channels = rig.KeysOfServers(2, "ch").SelectMany(static keys => keys).ToArray();
        using var client = rig.Connect();
        using var pattern = rig.Connect();
        using var publisher = rig.Connect();
        client.Send(["SUBSCRIBE", .. channels]);
        Array.ForEach(channels, _ => client.ReadReply());
        pattern.Call("PSUBSCRIBE", "*");

        rig.Servers[0].Kill();
        rig.Servers[0].Restart();

        // The subscriptions are there again: one of the channels, one of the pattern, on the reactors of the two clients.
        Wait.Until(() => Array.TrueForAll(channels, channel => publisher.Call("PUBLISH", channel, "?").ToString() == ":2"), "subscribed again");
        foreach (var channel in channels)
        {
            Assert.Equal(":2", publisher.Call("PUBLISH", channel, "!").ToString());
        }

        var heard = new HashSet<string>();
        while (heard.Count < channels.Length)
        {
            var message = client.ReadReply();
            if (message.Items[2].Text == "!")
            {
                heard.Add(message.Items[1].Text!);
            }
        }

        Assert.Equal(channels.Order(StringComparer.Ordinal), heard.Order(StringComparer.Ordinal));
        Assert.Contains("subscriptions are made again", rig.Keyway.Log);
    }

    [Fact]
    public void Subscribe_WhileTheServerIsAway_WaitsThenFails()
    {
        using var rig = ProxyRig.Start(1, Settings);
        using var client = rig.Connect();
        rig.Servers[0].Kill();

        Assert.StartsWith("-ERR timeout: the subscription was not confirmed by server", client.Call("SUBSCRIBE", "news").ToString());
        Assert.Equal("+PONG", client.Call("PING").ToString());
        client.Send("SUBSCRIBE", "news");
        rig.Servers[0].Restart();
        Assert.Equal("*[$subscribe, $news, :1]", client.ReadReply().ToString());
    }

    [Fact]
    public void EjectedServer_ItsChannelsMoveAndComeBack()
    {
        using var rig = ProxyRig.Start(4, Settings + "auto_eject_hosts: true\nserver_failure_limit: 1\n");
        var channel = rig.KeysOfServers(1, "ch")[2][0];
        using var client = rig.Connect();
        using var publisher = rig.Connect();
        Assert.Equal($"*[$subscribe, ${channel}, :1]", client.Call("SUBSCRIBE", channel).ToString());

        rig.Servers[2].Kill();
        Wait.Until(() => publisher.Call("PUBLISH", channel, "elsewhere").ToString() == ":1", "moved");
        Assert.Equal($"*[$message, ${channel}, $elsewhere]", client.ReadReply().ToString());
        rig.Servers[2].Restart();
        using var direct = rig.Servers[2].Connect();
        Wait.Until(() => direct.Call("PUBSUB", "NUMSUB", channel).ToString() == $"*[${channel}, :1]", "back");
        Wait.Until(() => publisher.Call("PUBLISH", channel, "home").ToString() == ":1", "placed again");
        Assert.Equal($"*[$message, ${channel}, $home]", client.ReadReply().ToString());
    }
}
