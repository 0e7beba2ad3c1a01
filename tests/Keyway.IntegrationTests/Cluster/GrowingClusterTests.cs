using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Cluster;

/// <summary>A node that gets its first slots behind Keyway's back: nothing that was asked of it was redirected.</summary>
public sealed class GrowingClusterTests : IDisposable
{
    private readonly RedisCluster _cluster = RedisCluster.Start(3, 0);
    private readonly RedisProcess _added;
    private readonly KeywayProcess _keyway;
    private readonly RespClient _client;
    private readonly string[] _keys = [.. Enumerable.Range(0, 100).Select(static i => $"{{b}}{i}")];

    public GrowingClusterTests()
    {
        _added = _cluster.AddNode();
        _cluster.Join(_added);
        int port = FreePorts.Next();
        _keyway = ProxyRig.StartKeyway(port, [_cluster.Nodes[0].Address], "topology: cluster");
        _client = RespClient.Connect(port);
        _client.Call(["MSET", .. _keys.SelectMany(static key => new[] { key, "v" })]);
        MoveSlot();
    }

    public void Dispose()
    {
        _client.Dispose();
        _keyway.Dispose();
        _cluster.Dispose();
    }

    [Fact]
    public void CommandsForAllKeys_FindThoseOfANodeThatHasJustGotSlots()
    {
        Assert.Equal("100", RedisCluster.Ask(_added, "DBSIZE"));

        Assert.Equal(":100", _client.Call("DBSIZE").ToString());
        Assert.Equal(100, _client.Call("KEYS", "*").Items.Count);
        string script = _client.Call("SCRIPT", "LOAD", "return KEYS[1]").Text!;
        Assert.Equal("${b}", _client.Call("EVALSHA", script, "1", "{b}").ToString());
        Assert.Equal("+OK", _client.Call("FLUSHALL").ToString());
        Assert.Equal("0", RedisCluster.Ask(_added, "DBSIZE"));
    }

    [Fact]
    public void Scan_FindsTheKeysOfANodeThatHasJustGotSlots()
    {
        HashSet<string> found = [];
        string cursor = "0";
        do
        {
            RespValue reply = _client.Call("SCAN", cursor);
            cursor = reply.Items[0].Text!;
            found.UnionWith(reply.Items[1].Items.Select(static item => item.Text!));
        }
        while (cursor != "0");

        Assert.Equal(_keys.Order(), found.Order());
    }

    private void MoveSlot()
    {
        string slot = RedisCluster.Ask(_added, "CLUSTER", "KEYSLOT", _keys[0]);
        RedisProcess source = _cluster.Nodes.First(node => RedisCluster.Ask(node, "CLUSTER", "COUNTKEYSINSLOT", slot) != "0");
        string id = RedisCluster.Ask(_added, "CLUSTER", "MYID");
        RedisCluster.Ask(_added, "CLUSTER", "SETSLOT", slot, "IMPORTING", RedisCluster.Ask(source, "CLUSTER", "MYID"));
        RedisCluster.Ask(source, "CLUSTER", "SETSLOT", slot, "MIGRATING", id);
        RedisCluster.Ask(source, ["MIGRATE", "127.0.0.1", $"{_added.Port}", "", "0", "1000", "KEYS", .. _keys]);
        foreach (RedisProcess node in _cluster.Nodes.Reverse())
        {
            RedisCluster.Ask(node, "CLUSTER", "SETSLOT", slot, "NODE", id);
        }
    }
}
