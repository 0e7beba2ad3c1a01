using System.Globalization;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Cluster;

/// <summary>Publish and subscribe through a cluster: each message once, wherever it was published, also after slots and primaries have moved.</summary>
[Collection(AloneCollection.Name)]
public sealed class ClusterPubSubTests
{
    private const int Channels = 30;

    [Fact]
    public void Messages_OfEveryNode_ComeOnce()
    {
        using ClusterRig rig = new();
        using RespClient client = rig.Connect();
        using RespClient pattern = rig.Connect();
        using RespClient publisher = rig.Connect();
        for (int i = 0; i < Channels; i++)
        {
            Assert.Equal($"*[$subscribe, $ch:{i}, :{i + 1}]", client.Call("SUBSCRIBE", $"ch:{i}").ToString());
        }

        Assert.Equal("*[$psubscribe, $ch:*, :1]", pattern.Call("PSUBSCRIBE", "ch:*").ToString());
        Assert.Equal(Channels, publisher.Call("PUBSUB", "CHANNELS").Items.Count);
        Assert.Equal("*[$ch:7, :1]", publisher.Call("PUBSUB", "NUMSUB", "ch:7").ToString());
        Assert.Equal(":1", publisher.Call("PUBSUB", "NUMPAT").ToString());
        for (int i = 0; i < Channels; i++)
        {
            publisher.Call("PUBLISH", $"ch:{i}", $"m{i}");
            Assert.Equal($"*[$message, $ch:{i}, $m{i}]", client.ReadReply().ToString());
            Assert.Equal($"*[$pmessage, $ch:*, $ch:{i}, $m{i}]", pattern.ReadReply().ToString());
        }

        // Directly at a node, which need not be the one that Keyway asked.
        foreach (RedisProcess node in rig.Cluster.Nodes)
        {
            RedisCluster.Ask(node, "PUBLISH", "ch:0", "direct");
            Assert.Equal("*[$message, $ch:0, $direct]", client.ReadReply().ToString());
            Assert.Equal("*[$pmessage, $ch:*, $ch:0, $direct]", pattern.ReadReply().ToString());
        }

        Assert.Equal("*[$pong, $]", client.Call("PING").ToString());
        Assert.Equal("*[$pong, $]", pattern.Call("PING").ToString());
    }

    [Fact]
    public void ShardChannels_AfterAPlannedFailOver_AreHeardAgain()
    {
        using ClusterRig rig = new();
        using RespClient client = rig.Connect();
        using RespClient publisher = rig.Connect();
        for (int i = 0; i < Channels; i++)
        {
            Assert.Equal($"*[$ssubscribe, $ch:{i}, :{i + 1}]", client.Call("SSUBSCRIBE", $"ch:{i}").ToString());
        }

        for (int i = 0; i < Channels; i++)
        {
            Assert.Equal(":1", publisher.Call("SPUBLISH", $"ch:{i}", "first").ToString());
            Assert.Equal($"*[$smessage, $ch:{i}, $first]", client.ReadReply().ToString());
        }

        RedisProcess replica = rig.Cluster.Nodes[3];
        Assert.Equal("OK", RedisCluster.Ask(replica, "CLUSTER", "FAILOVER"));
        Wait.Until(() => Enumerable.Range(0, Channels).All(i => publisher.Call("SPUBLISH", $"ch:{i}", "again").ToString() == ":1"), "subscribed again");
        publisher.Call("SPUBLISH", "ch:0", "last");
        string last;
        do
        {
            last = client.ReadReply().Items[2].Text!;
        }
        while (last != "last");
    }

    [Fact]
    public void Notifications_OfAllPrimaries_Come()
    {
        using ClusterRig rig = new();
        foreach (RedisProcess node in rig.Cluster.Nodes)
        {
            RedisCluster.Ask(node, "CONFIG", "SET", "notify-keyspace-events", "KEA");
        }

        using RespClient client = rig.Connect();
        using RespClient writer = rig.Connect();
        Assert.Equal("*[$psubscribe, $__keyevent@0__:s*, :1]", client.Call("PSUBSCRIBE", "__keyevent@0__:s*").ToString());
        string[] keys = [.. Enumerable.Range(0, 20).Select(static i => string.Create(CultureInfo.InvariantCulture, $"key:{i}")).Order(StringComparer.Ordinal)];
        foreach (string key in keys)
        {
            writer.Call("SET", key, "v");
        }

        Assert.Equal(keys, keys.Select(_ => client.ReadReply().Items[3].Text).Order(StringComparer.Ordinal));
    }
}
