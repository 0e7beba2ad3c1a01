using System.Diagnostics;
using System.Globalization;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Cluster;

/// <summary>Requests that real nodes do not serve for now, and commands that wait: how they end.</summary>
public sealed class HeldRequestTests : IDisposable
{
    private const string Tried = "TRYAGAIN Multiple keys request during rehashing of slot";

    private readonly ClusterRig _rig = new("retry_budget: 60s");

    [Theory]
    [InlineData("close")]
    [InlineData("reset")]
    public void ClientThatGoes_WhileItsRequestIsTriedAgain_IsNoticedAtOnce(string end)
    {
        using RespClient observer = _rig.Connect();
        RespClient client = _rig.Connect();
        BeginToMove(SlotOf("{b}"));
        Assert.Equal("+OK", client.Call("SET", "{b}new", "v").ToString());
        string id = client.Call("CLIENT", "ID").Text!;
        client.Send("MGET", "{b}new", "{b}none");
        RedisCluster.WaitUntil(() => RedisCluster.Ask(_rig.Cluster.Nodes[1], "INFO", "errorstats").Contains("errorstat_TRYAGAIN", StringComparison.Ordinal), "tried");

        client.Send("SET", "{b}late", "v"); // is not read before the other is answered
        Assert.Contains($"id={id} ", observer.Call("CLIENT", "LIST", "ID", id).Text, StringComparison.Ordinal);
        Stopwatch watch = Stopwatch.StartNew();
        if (end is "close")
        {
            client.Dispose();
        }
        else
        {
            client.Reset();
        }

        RedisCluster.WaitUntil(() => observer.Call("CLIENT", "LIST", "ID", id).Text is "", "gone");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"noticed after {watch.Elapsed}");
        Assert.Equal("+PONG", observer.Call("PING").ToString());
    }

    [Fact]
    public void ClientThatClosesItsHalf_WhileItsRequestIsTriedAgain_IsTold()
    {
        using RespClient client = _rig.Connect(TimeSpan.FromSeconds(5));
        BeginToMove(SlotOf("{b}"));
        Assert.Equal("+OK", client.Call("SET", "{b}new", "v").ToString());
        client.Send("MGET", "{b}new", "{b}none");
        RedisCluster.WaitUntil(() => RedisCluster.Ask(_rig.Cluster.Nodes[1], "INFO", "errorstats").Contains("errorstat_TRYAGAIN", StringComparison.Ordinal), "tried");

        client.HalfClose();

        Assert.Equal("-" + Tried, client.ReadReply().ToString());
        Assert.True(client.IsClosedByPeer());
    }

    [Theory]
    [InlineData("TIMEOUT", ":1")]
    [InlineData("ERROR", "-UNBLOCKED client unblocked via CLIENT UNBLOCK")]
    public void ClientUnblock_EndsAWait(string how, string expected)
    {
        using RespClient observer = _rig.Connect();
        using RespClient client = _rig.Connect();
        string id = client.Call("CLIENT", "ID").Text!;
        Assert.Equal("+OK", client.Call("SET", "{b}k", "v").ToString());
        Assert.Equal("+OK", client.Call("SET", "{a}k", "v").ToString());
        Assert.Equal(":1", client.Call("WAIT", "1", "10000").ToString());
        client.Send("WAIT", "3", "0");
        RedisCluster.WaitUntil(() => RedisCluster.Ask(_rig.Cluster.Nodes[0], "INFO", "clients").Contains("blocked_clients:1", StringComparison.Ordinal), "waiting");

        Assert.Equal(":1", observer.Call("CLIENT", "UNBLOCK", id, how).ToString());

        Assert.Equal(expected, client.ReadReply().ToString());
        Assert.Equal(":0", observer.Call("CLIENT", "UNBLOCK", id).ToString());
        Assert.Equal("$v", client.Call("GET", "{b}k").ToString());
        RedisCluster.WaitUntil(() => _rig.Cluster.Nodes.All(static node => RedisCluster.Ask(node, "INFO", "clients").Contains("blocked_clients:0", StringComparison.Ordinal)), "not waiting");
    }

    [Fact]
    public void Wait_WhileNodesAreOutOfMemory_CountsTheReplicas()
    {
        using RespClient client = _rig.Connect();
        Assert.Equal("+OK", client.Call("SET", "{b}k", "v").ToString());
        Assert.Equal("+OK", client.Call("SET", "{a}k", "v").ToString());
        foreach (RedisProcess node in _rig.Cluster.Nodes.Take(3))
        {
            RedisCluster.Ask(node, "CONFIG", "SET", "maxmemory", "1");
        }

        Assert.StartsWith("-OOM", client.Call("SET", "{b}k", "w").ToString(), StringComparison.Ordinal);

        Assert.Equal(":1", client.Call("WAIT", "1", "5000").ToString());
        _rig.Cluster.Nodes[3].Stop();
        Assert.Equal(":1", client.Call("DEL", "{b}k").ToString());
        Assert.Equal(":0", client.Call("WAIT", "1", "200").ToString());
        _rig.Cluster.Nodes[3].Continue();
        Assert.Equal(":1", client.Call("WAIT", "1", "5000").ToString());
        Assert.Equal(":1", client.Call("DBSIZE").ToString());
    }

    [Fact]
    public void Wait_WhileSlotsAreOnTheMove_CountsTheReplicas()
    {
        using RespClient client = _rig.Connect();
        const int Group = 256; // slots that Keyway remembers together, by the lowest
        BeginToMove(SlotOf("{b}") / Group * Group);
        Assert.Equal("+OK", client.Call("SET", "{b}k", "v").ToString());
        Assert.Equal("+OK", client.Call("SET", "{a}k", "v").ToString());

        Assert.Equal(":1", client.Call("WAIT", "1", "5000").ToString());
        Assert.Equal(":2", client.Call("DBSIZE").ToString());
    }

    /// <inheritdoc/>
    public void Dispose() => _rig.Dispose();

    private int SlotOf(string key) => int.Parse(RedisCluster.Ask(_rig.Cluster.Nodes[0], "CLUSTER", "KEYSLOT", key), CultureInfo.InvariantCulture);

    /// <summary>From the first node to the second.</summary>
    private void BeginToMove(int slot)
    {
        (RedisProcess from, RedisProcess to) = (_rig.Cluster.Nodes[0], _rig.Cluster.Nodes[1]);
        Assert.Equal("OK", RedisCluster.Ask(to, "CLUSTER", "SETSLOT", $"{slot}", "IMPORTING", RedisCluster.Ask(from, "CLUSTER", "MYID")));
        Assert.Equal("OK", RedisCluster.Ask(from, "CLUSTER", "SETSLOT", $"{slot}", "MIGRATING", RedisCluster.Ask(to, "CLUSTER", "MYID")));
    }
}
