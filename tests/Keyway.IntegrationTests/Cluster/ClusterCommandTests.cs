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

    [Fact]
    public void Transaction_WithCommandsAboutTheConnection_HasTheirAnswersInPlace()
    {
        using RespClient client = rig.Connect();
        Assert.Equal("+OK", client.Call("MULTI").ToString());
        string[][] requests = [["CLIENT", "SETNAME", "me"], ["SET", "{tx}a", "1"], ["SELECT", "1"], ["CLIENT", "GETNAME"], ["HELLO", "3"], ["GET", "{tx}none"], ["SUBSCRIBE", "tx"]];
        Assert.All(requests, request => Assert.Equal("+QUEUED", client.Call(request).ToString()));

        RespValue reply = client.Call("EXEC");

        Assert.Equal("+OK +OK -ERR SELECT is not allowed in cluster mode $me", string.Join(' ', reply.Items.Take(4)));
        Assert.Equal("_null >[$subscribe, $tx, :1]", string.Join(' ', reply.Items.Skip(5)));
        Assert.Equal("$1", client.Call("GET", "{tx}a").ToString());
        Assert.Equal("_null", client.Call("GET", "{tx}none").ToString());
    }

    [Fact]
    public void CommandsForAllKeys_ConcernAllNodes()
    {
        using RespClient client = rig.Connect();
        client.Call("FLUSHALL");
        string[] keys = [.. Enumerable.Range(0, 200).Select(static i => $"scanned{i}")];
        client.Call(["MSET", .. keys.SelectMany(static key => new[] { key, "v" })]);

        Assert.Equal(":200", client.Call("DBSIZE").ToString());
        Assert.Equal(keys.Order(), client.Call("KEYS", "scanned*").Items.Select(static item => item.Text!).Order());
        Assert.Equal(keys.Order(), Scan(client).Order());
        Assert.StartsWith("$scanned", client.Call("RANDOMKEY").ToString(), StringComparison.Ordinal);
        Assert.Equal("+OK", client.Call("FLUSHALL").ToString());
        Assert.Equal("$null", client.Call("RANDOMKEY").ToString());
    }

    [Fact]
    public void Scripts_AreKnownToAllNodes()
    {
        using RespClient client = rig.Connect();
        string hash = client.Call("SCRIPT", "LOAD", "return KEYS[1]").Text!;

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal($"$s{i}", client.Call("EVALSHA", hash, "1", $"s{i}").ToString());
        }

        Assert.Equal("*[:1]", client.Call("SCRIPT", "EXISTS", hash).ToString());
        Assert.StartsWith("-NOSCRIPT", client.Call("EVALSHA", new string('0', 40), "1", "s").ToString(), StringComparison.Ordinal);
        Assert.StartsWith("-CROSSSLOT", client.Call("EVAL", "return 1", "2", "a", "b").ToString(), StringComparison.Ordinal);
        Assert.Equal(":1", client.Call("EVAL", "return 1", "0").ToString());
        client.Call("FUNCTION", "LOAD", "REPLACE", "#!lua name=lib\nredis.register_function('f', function(keys, args) return keys[1] end)");
        Assert.Equal("$a", client.Call("FCALL", "f", "1", "a").ToString());
        Assert.Equal("$b", client.Call("FCALL", "f", "1", "b").ToString());
    }

    [Fact]
    public void Transactions_RunOnTheNodeOfTheirSlot()
    {
        using RespClient client = rig.Connect();
        using RespClient other = rig.Connect();
        for (int i = 0; i < 20; i++)
        {
            client.SendRaw([.. RespClient.Encode("MULTI"), .. RespClient.Encode("SET", $"t{i}", "1"), .. RespClient.Encode("INCR", $"t{i}"), .. RespClient.Encode("EXEC")]);
            Assert.Equal(["+OK", "+QUEUED", "+QUEUED", "*[+OK, :2]"], Enumerable.Range(0, 4).Select(_ => client.ReadReply().ToString()));

            Assert.Equal("+OK", client.Call("WATCH", $"t{i}").ToString());
            other.Call("INCR", $"t{i}");
            client.Call("MULTI");
            client.Call("INCR", $"t{i}");
            Assert.Equal("*null", client.Call("EXEC").ToString());
        }
    }

    [Fact]
    public void Transaction_MayPublishToAnyChannel_AndCountReplicas()
    {
        using RespClient subscriber = rig.Connect();
        using RespClient client = rig.Connect();
        subscriber.Call("SUBSCRIBE", "tx-one", "tx-two");
        subscriber.ReadReply();

        client.Call("MULTI");
        Assert.Equal("+QUEUED", client.Call("PUBLISH", "tx-one", "1").ToString());
        Assert.Equal("+QUEUED", client.Call("SET", "{tx}a", "1").ToString());
        Assert.Equal("+QUEUED", client.Call("PUBLISH", "tx-two", "2").ToString());
        Assert.Equal("+QUEUED", client.Call("WAIT", "0", "0").ToString());
        Assert.Equal(4, client.Call("EXEC").Items.Count);

        Assert.Equal("*[$message, $tx-one, $1]", subscriber.ReadReply().ToString());
        Assert.Equal("*[$message, $tx-two, $2]", subscriber.ReadReply().ToString());
        client.Call("MULTI");
        Assert.Equal("+QUEUED", client.Call("SPUBLISH", "tx-one", "1").ToString());
        Assert.StartsWith("-CROSSSLOT", client.Call("SET", "{tx}a", "1").ToString(), StringComparison.Ordinal);
        Assert.StartsWith("-EXECABORT", client.Call("EXEC").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void CommandsThatWait_WaitAtTheNodeOfTheirSlot()
    {
        using RespClient client = rig.Connect();
        using RespClient other = rig.Connect();
        for (int i = 0; i < 5; i++)
        {
            client.Send("BLPOP", $"list{i}", "10");
            other.Call("RPUSH", $"list{i}", "v");
            Assert.Equal($"*[$list{i}, $v]", client.ReadReply().ToString());
        }
    }

    [Fact]
    public void Messages_ReachSubscribers_WhereverTheyArePublished()
    {
        using RespClient subscriber = rig.Connect();
        using RespClient publisher = rig.Connect();
        using RespClient direct = rig.Cluster.Nodes[2].Connect();
        Assert.Equal("*[$subscribe, $news, :1]", subscriber.Call("SUBSCRIBE", "news").ToString());
        Assert.Equal("*[$ssubscribe, $shard, :1]", subscriber.Call("SSUBSCRIBE", "shard").ToString());
        Assert.Equal("*[$psubscribe, $pat*, :2]", subscriber.Call("PSUBSCRIBE", "pat*").ToString());

        publisher.Call("PUBLISH", "news", "1");
        Assert.Equal("*[$message, $news, $1]", subscriber.ReadReply().ToString());
        direct.Call("PUBLISH", "news", "2");
        Assert.Equal("*[$message, $news, $2]", subscriber.ReadReply().ToString());
        Assert.Equal(":1", publisher.Call("SPUBLISH", "shard", "3").ToString());
        Assert.Equal("*[$smessage, $shard, $3]", subscriber.ReadReply().ToString());
        publisher.Call("PUBLISH", "pattern", "4");
        Assert.Equal("*[$pmessage, $pat*, $pattern, $4]", subscriber.ReadReply().ToString());
    }

    [Fact]
    public void ClientsThatKnowClusters_SeeOneNode()
    {
        Assert.Equal("value", Tool.RedisCli(rig.Port, "-c", "SET", "tool", "value") is "OK" ? Tool.RedisCli(rig.Port, "-c", "GET", "tool") : "not set");
        Assert.Equal("good", Tool.Python("cluster.py", rig.Port));
    }

    private static List<string> Scan(RespClient client)
    {
        List<string> keys = [];
        string cursor = "0";
        do
        {
            RespValue reply = client.Call("SCAN", cursor, "COUNT", "7");
            cursor = reply.Items[0].Text!;
            keys.AddRange(reply.Items[1].Items.Select(static item => item.Text!));
        }
        while (cursor != "0");
        return [.. keys.Distinct()];
    }
}
