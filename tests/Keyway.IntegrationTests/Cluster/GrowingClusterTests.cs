using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Cluster;

/// <summary>A node that gets its first slots behind Keyway's back: nothing that was asked of it was redirected.</summary>
public sealed class GrowingClusterTests
{
    [Fact]
    public void CommandsForAllKeys_FindThoseOfANodeThatHasJustGotSlots()
    {
        using RedisCluster cluster = RedisCluster.Start(3, 0);
        RedisProcess added = cluster.AddNode();
        cluster.Join(added);
        int port = FreePorts.Next();
        using KeywayProcess keyway = ProxyRig.StartKeyway(port, [cluster.Nodes[0].Address], "topology: cluster");
        using RespClient client = RespClient.Connect(port);
        string[] keys = [.. Enumerable.Range(0, 100).Select(static i => $"{{b}}{i}")];
        client.Call(["MSET", .. keys.SelectMany(static key => new[] { key, "v" })]);
        MoveSlot(cluster, keys, added);
        Assert.Equal("100", RedisCluster.Ask(added, "DBSIZE"));

        Assert.Equal(":100", client.Call("DBSIZE").ToString());
        Assert.Equal(100, client.Call("KEYS", "*").Items.Count);
        string script = client.Call("SCRIPT", "LOAD", "return KEYS[1]").Text!;
        Assert.Equal("${b}", client.Call("EVALSHA", script, "1", "{b}").ToString());
        Assert.Equal("+OK", client.Call("FLUSHALL").ToString());
        Assert.Equal("0", RedisCluster.Ask(added, "DBSIZE"));
    }

    [Fact]
    public void Scan_FindsTheKeysOfANodeThatHasJustGotSlots()
    {
        using RedisCluster cluster = RedisCluster.Start(3, 0);
        RedisProcess added = cluster.AddNode();
        cluster.Join(added);
        int port = FreePorts.Next();
        using KeywayProcess keyway = ProxyRig.StartKeyway(port, [cluster.Nodes[0].Address], "topology: cluster");
        using RespClient client = RespClient.Connect(port);
        string[] keys = [.. Enumerable.Range(0, 100).Select(static i => $"{{b}}{i}")];
        client.Call(["MSET", .. keys.SelectMany(static key => new[] { key, "v" })]);
        MoveSlot(cluster, keys, added);

        HashSet<string> found = [];
        string cursor = "0";
        do
        {
            RespValue reply = client.Call("SCAN", cursor);
            cursor = reply.Items[0].Text!;
            found.UnionWith(reply.Items[1].Items.Select(static item => item.Text!));
        }
        while (cursor != "0");

        Assert.Equal(keys.Order(), found.Order());
    }

    private static void MoveSlot(RedisCluster cluster, string[] keys, RedisProcess target)
    {
        string slot = RedisCluster.Ask(target, "CLUSTER", "KEYSLOT", keys[0]);
        RedisProcess source = cluster.Nodes.First(node => RedisCluster.Ask(node, "CLUSTER", "COUNTKEYSINSLOT", slot) != "0");
        string id = RedisCluster.Ask(target, "CLUSTER", "MYID");
        RedisCluster.Ask(target, "CLUSTER", "SETSLOT", slot, "IMPORTING", RedisCluster.Ask(source, "CLUSTER", "MYID"));
        RedisCluster.Ask(source, "CLUSTER", "SETSLOT", slot, "MIGRATING", id);
        RedisCluster.Ask(source, ["MIGRATE", "127.0.0.1", $"{target.Port}", "", "0", "1000", "KEYS", .. keys]);
        foreach (RedisProcess node in cluster.Nodes.Reverse())
        {
            RedisCluster.Ask(node, "CLUSTER", "SETSLOT", slot, "NODE", id);
        }
    }
}
