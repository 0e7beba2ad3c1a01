using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Cluster;

/// <summary>A Redis Cluster looks like one redis-server.</summary>
public sealed class ClusterCommandTests(ClusterRig rig) : IClassFixture<ClusterRig>
{
    [Fact]
    public void Keys_OfAllSlots_AreReached()
    {
        using RespClient client = rig.Connect();
        for (int i = 0; i < 300; i++)
        {
            Assert.Equal("+OK", client.Call("SET", $"key{i}", $"value{i}").ToString());
        }

        for (int i = 0; i < 300; i++)
        {
            Assert.Equal($"$value{i}", client.Call("GET", $"key{i}").ToString());
        }

        Assert.All(rig.Cluster.Nodes.Take(3), static node => Assert.NotEqual("0", RedisCluster.Ask(node, "DBSIZE")));
    }

    [Fact]
    public void KeysInManySlots_AreSplitAndPutInOrder()
    {
        using RespClient client = rig.Connect();
        string[] keys = [.. Enumerable.Range(0, 50).Select(static i => $"many{i}")];
        Assert.Equal("+OK", client.Call(["MSET", .. keys.SelectMany(static key => new[] { key, "v" + key })]).ToString());

        RespValue values = client.Call(["MGET", .. keys, "none", keys[0]]);

        Assert.Equal([.. keys.Select(static key => "v" + key), null, "v" + keys[0]], values.Items.Select(static item => item.Text));
        Assert.Equal(":50", client.Call(["EXISTS", .. keys]).ToString());
        Assert.Equal(":50", client.Call(["UNLINK", .. keys]).ToString());
        Assert.Equal(":0", client.Call(["TOUCH", .. keys]).ToString());
    }

    [Fact]
    public void KeysOfOneCommand_InSeveralSlots_AreRefusedAsByTheCluster()
    {
        using RespClient client = rig.Connect();

        Assert.StartsWith("-CROSSSLOT Keys in request don't hash to the same slot", client.Call("SUNION", "a", "b").ToString(), StringComparison.Ordinal);
        Assert.Equal("*[]", client.Call("SUNION", "{t}a", "{t}b").ToString());
    }
}
