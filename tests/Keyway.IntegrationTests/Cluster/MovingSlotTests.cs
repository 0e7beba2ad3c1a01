using System.Diagnostics;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Cluster;

/// <summary>What real nodes say of a slot that is on the move.</summary>
public sealed class MovingSlotTests(ClusterRig rig) : IClassFixture<ClusterRig>
{
    private RedisProcess Source => rig.Cluster.Nodes[0];

    private RedisProcess Target => rig.Cluster.Nodes[1];

    [Fact]
    public void SlotOnTheMove_EverythingThatIsNotThereAnyMore_GoesToTheOther()
    {
        using RespClient client = rig.Connect();
        string slot = RedisCluster.Ask(Source, "CLUSTER", "KEYSLOT", "{b}");
        string source = RedisCluster.Ask(Source, "CLUSTER", "MYID");
        string target = RedisCluster.Ask(Target, "CLUSTER", "MYID");
        Assert.Equal("+OK", client.Call("SET", "{b}old", "old").ToString());
        RedisCluster.Ask(Target, "CLUSTER", "SETSLOT", slot, "IMPORTING", source);
        RedisCluster.Ask(Source, "CLUSTER", "SETSLOT", slot, "MIGRATING", target);

        Assert.Equal("+OK", client.Call("SET", "{b}new", "new").ToString());
        Assert.Equal("$old", client.Call("GET", "{b}old").ToString());
        Assert.Equal("$new", client.Call("GET", "{b}new").ToString());
        Assert.Equal("+OK", client.Call("MULTI").ToString());
        Assert.Equal("+QUEUED", client.Call("SET", "{b}transaction", "1").ToString());
        Assert.Equal("+QUEUED", client.Call("INCR", "{b}transaction").ToString());
        Assert.Equal("*[+OK, :2]", client.Call("EXEC").ToString());
        Assert.Equal("+OK", client.Call("WATCH", "{b}watched").ToString());
        client.Call("MULTI");
        client.Call("SET", "{b}watched", "1");
        Assert.Equal("*[+OK]", client.Call("EXEC").ToString());
        client.Send("BLPOP", "{b}list", "10");
        using RespClient other = rig.Connect();
        Assert.Equal(":1", other.Call("RPUSH", "{b}list", "v").ToString());
        Assert.Equal("*[${b}list, $v]", client.ReadReply().ToString());
        Assert.Equal("3", RedisCluster.Ask(Target, "CLUSTER", "COUNTKEYSINSLOT", slot));

        RedisCluster.Ask(Source, "MIGRATE", "127.0.0.1", $"{Target.Port}", "{b}old", "0", "1000");
        client.Send("BLPOP", "{b}list", "10");
        foreach (RedisProcess node in new[] { Target, Source, rig.Cluster.Nodes[2] })
        {
            Assert.Equal("OK", RedisCluster.Ask(node, "CLUSTER", "SETSLOT", slot, "NODE", target));
        }

        other.Call("RPUSH", "{b}list", "w");
        Assert.Equal("*[${b}list, $w]", client.ReadReply().ToString());
        Assert.Equal("*[$old, $new]", client.Call("MGET", "{b}old", "{b}new").ToString());
    }

    [Fact]
    public void SlotThatMoves_WhileACommandWaitsThere_TakesItAlong()
    {
        using RespClient client = rig.Connect();
        using RespClient other = rig.Connect();
        string slot = RedisCluster.Ask(Source, "CLUSTER", "KEYSLOT", "{f}");
        string target = RedisCluster.Ask(Target, "CLUSTER", "MYID");
        client.Send("BLPOP", "{f}list", "10");
        RedisCluster.WaitUntil(() => RedisCluster.Ask(Source, "INFO", "clients").Contains("blocked_clients:1", StringComparison.Ordinal), "waiting");

        foreach (RedisProcess node in new[] { Target, Source, rig.Cluster.Nodes[2] })
        {
            Assert.Equal("OK", RedisCluster.Ask(node, "CLUSTER", "SETSLOT", slot, "NODE", target));
        }

        Assert.Equal(":1", other.Call("RPUSH", "{f}list", "v").ToString());
        Assert.Equal("*[${f}list, $v]", client.ReadReply().ToString());
    }

    [Fact]
    public void SlotThatMoves_WhileACommandWaitsThere_GivesItNoMoreTime()
    {
        using RespClient client = rig.Connect();
        Stopwatch watch = Stopwatch.StartNew();
        client.Send("BLPOP", "{j}list", "2");
        RedisCluster.WaitUntil(() => watch.ElapsedMilliseconds > 1000, "half of its time");

        MoveEmpty("{j}");

        Assert.Equal("*null", client.ReadReply().ToString());
        Assert.InRange(watch.ElapsedMilliseconds, 1900, 2700);
    }

    [Fact]
    public void SlotThatMoves_WhileACommandWaitsThere_TheEndOfItsClientIsNoticed()
    {
        using RespClient client = rig.Connect();
        using RespClient other = rig.Connect();
        client.Send("BLPOP", "{s}list", "0");
        RedisCluster.WaitUntil(() => IsBlockedAt(Source), "waiting");
        MoveEmpty("{s}");
        RedisCluster.WaitUntil(() => IsBlockedAt(Target), "waiting at the other");

        client.Socket.Close();
        RedisCluster.WaitUntil(() => !IsBlockedAt(Target), "noticed");

        Assert.Equal(":1", other.Call("RPUSH", "{s}list", "v").ToString());
        Assert.Equal("*[$v]", other.Call("LRANGE", "{s}list", "0", "-1").ToString());
    }

    [Fact]
    public void ShardChannel_WhoseSlotMoves_IsSubscribedThere()
    {
        using RespClient subscriber = rig.Connect();
        using RespClient publisher = rig.Connect();
        string slot = RedisCluster.Ask(Source, "CLUSTER", "KEYSLOT", "{n}");
        string target = RedisCluster.Ask(Target, "CLUSTER", "MYID");
        Assert.Equal("*[$ssubscribe, ${n}, :1]", subscriber.Call("SSUBSCRIBE", "{n}").ToString());
        foreach (RedisProcess node in new[] { Target, Source, rig.Cluster.Nodes[2] })
        {
            Assert.Equal("OK", RedisCluster.Ask(node, "CLUSTER", "SETSLOT", slot, "NODE", target));
        }

        RedisCluster.WaitUntil(() => publisher.Call("SPUBLISH", "{n}", "again").ToString() == ":1", "subscribed again");
        Assert.Equal("*[$smessage, ${n}, $again]", subscriber.ReadReply().ToString());
    }

    private static bool IsBlockedAt(RedisProcess node) => RedisCluster.Ask(node, "INFO", "clients").Contains("blocked_clients:1", StringComparison.Ordinal);

    private void MoveEmpty(string key)
    {
        string slot = RedisCluster.Ask(Source, "CLUSTER", "KEYSLOT", key);
        string target = RedisCluster.Ask(Target, "CLUSTER", "MYID");
        foreach (RedisProcess node in new[] { Target, Source, rig.Cluster.Nodes[2] })
        {
            Assert.Equal("OK", RedisCluster.Ask(node, "CLUSTER", "SETSLOT", slot, "NODE", target));
        }
    }
}
