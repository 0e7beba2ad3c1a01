using System.Diagnostics;
using Keyway.IntegrationTests.Chaos;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Sentinel;

/// <summary>The master of a Sentinel group looks like one redis-server, whichever it is at the moment.</summary>
[Collection(AloneCollection.Name)]
public sealed class SentinelTests(ITestOutputHelper output)
{
    private const int Clients = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public void Commands_OfAllKinds_ReachTheMaster()
    {
        using SentinelRig rig = new("sentinel_password: s3cret", "requirepass s3cret\nsentinel sentinel-pass s3cret", "s3cret");
        using RespClient client = rig.Connect();

        Assert.Equal("+OK", client.Call("MSET", "a", "1", "b", "2").ToString());
        Assert.Equal("*[$1, $2]", client.Call("MGET", "a", "b").ToString());
        Assert.Equal("+OK", client.Call("RENAME", "a", "c").ToString());
        Assert.Equal(":2", client.Call("DBSIZE").ToString());
        Assert.Equal("+OK", client.Call("MULTI").ToString());
        Assert.Equal("+QUEUED", client.Call("INCR", "c").ToString());
        Assert.Equal("*[:2]", client.Call("EXEC").ToString());
        Assert.Equal("*[$q, $x]", CallAfterPush(rig, client));
        Assert.Equal("+OK", client.Call("SELECT", "1").ToString());
        Assert.Equal(":0", client.Call("DBSIZE").ToString());
    }

    [Fact]
    public void PlannedFailOver_UnderLoad_LosesNoRead()
    {
        using SentinelRig rig = new();
        using CheckedLoad load = new(rig.Port, Clients, mayLoseWrites: true);
        load.WaitForService(Limit);
        RedisProcess old = rig.Master!;

        using (RespClient sentinel = rig.Sentinels[0].Connect())
        {
            Assert.Equal("+OK", sentinel.Call("SENTINEL", "FAILOVER", SentinelProcess.MasterName).ToString());
        }

        RedisCluster.WaitUntil(() => rig.Master is { } master && master != old, "switched");
        Report(load.WaitForService(Limit), load);
        load.Stop();
        Assert.Empty(load.Wrong);
        Assert.DoesNotContain(load.Errors.Keys, static error => !error.Contains("lost before the reply, outcome unknown", StringComparison.Ordinal) && !error.StartsWith("ERR connection to server lost", StringComparison.Ordinal));
    }

    [Fact]
    public void MasterKilled_UnderLoad_AReplicaTakesOver()
    {
        using SentinelRig rig = new();
        using CheckedLoad load = new(rig.Port, Clients, mayLoseWrites: true);
        load.WaitForService(Limit);
        RedisProcess old = rig.Master!;

        old.Kill();
        Stopwatch watch = Stopwatch.StartNew();
        RedisCluster.WaitUntil(() => rig.Master is { } master && master != old, "switched");
        TimeSpan own = watch.Elapsed;
        load.WaitForService(Limit);
        TimeSpan took = watch.Elapsed;
        output.WriteLine($"the Sentinels took {own.TotalMilliseconds:F0} ms");
        Report(took, load);
        load.Stop();
        Assert.Empty(load.Wrong);
        Assert.True(took < 2 * own, $"{took} after {own}");
    }

    [Fact]
    public void OneSentinelIsEnough_AndNoneToGoOn()
    {
        using SentinelRig rig = new();
        using RespClient client = rig.Connect();
        Assert.Equal("+OK", client.Call("SET", "a", "1").ToString());

        foreach (SentinelProcess sentinel in rig.Sentinels)
        {
            sentinel.Kill();
        }

        Assert.Equal("$1", client.Call("GET", "a").ToString());
    }

    [Fact]
    public void Reads_FromReplicas_LeaveTheMasterAlone()
    {
        using SentinelRig rig = new("read_from: replica");
        using RespClient client = rig.Connect();
        Assert.Equal("+OK", client.Call("SET", "a", "1").ToString());
        RedisCluster.WaitUntil(() => rig.Servers.Skip(1).All(static server => RedisCluster.Ask(server, "GET", "a") == "1"), "replicated");
        RedisCluster.WaitUntil(() => client.Call("GET", "a").ToString() == "$1" && GetsAt(rig.Servers[0]) < GetsAt(rig.Servers[1]) + GetsAt(rig.Servers[2]) - 2, "read from replicas");
        long before = GetsAt(rig.Servers[0]);

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("$1", client.Call("GET", "a").ToString());
        }

        Assert.Equal(before, GetsAt(rig.Servers[0]));
    }

    [Fact]
    public void Tracking_OfWhatTheClientReads_IsToldOfChanges()
    {
        using SentinelRig rig = new();
        using RespClient client = rig.Connect();
        using RespClient other = rig.Connect();
        client.Call("HELLO", "3");
        Assert.Equal("+OK", client.Call("CLIENT", "TRACKING", "ON").ToString());
        Assert.Equal("_null", client.Call("GET", "a").ToString());
        Assert.Equal("*[_null, _null]", client.Call("MGET", "b", "c").ToString());

        other.Call("SET", "a", "1");
        Assert.Equal(">[$invalidate, *[$a]]", client.ReadReply().ToString());
        other.Call("SET", "c", "1");
        Assert.Equal(">[$invalidate, *[$c]]", client.ReadReply().ToString());
    }

    [Fact]
    public void FrozenMaster_WhoWaitsWatchesOrTracksThere_IsToldWhenItHasASuccessor()
    {
        using SentinelRig rig = new();
        using RespClient blocked = rig.Connect(Limit);
        using RespClient watching = rig.Connect(Limit);
        using RespClient tracking = rig.Connect(Limit);
        Assert.Equal("+OK", watching.Call("WATCH", "w").ToString());
        tracking.Call("HELLO", "3");
        Assert.Equal("+OK", tracking.Call("CLIENT", "TRACKING", "ON").ToString());
        RedisProcess old = rig.Master!;
        blocked.Send("BLPOP", "q", "0");
        RedisCluster.WaitUntil(() => RedisCluster.Ask(old, "INFO", "clients").Contains("blocked_clients:1", StringComparison.Ordinal), "waiting");

        old.Stop();
        try
        {
            Assert.True(blocked.IsClosedByPeer());
            Assert.True(tracking.IsClosedByPeer());
            watching.Call("MULTI");
            Assert.StartsWith("-EXECABORT", watching.Call("EXEC").ToString(), StringComparison.Ordinal);
        }
        finally
        {
            old.Continue();
        }
    }

    [Fact]
    public void PlannedFailOver_CommandsThatWait_GoOnAtTheNextMaster()
    {
        using SentinelRig rig = new();
        using RespClient popping = rig.Connect(Limit);
        using RespClient reading = rig.Connect(Limit);
        using RespClient client = rig.Connect(Limit);
        RedisProcess old = rig.Master!;
        popping.Send("BLPOP", "q", "0");
        reading.Send("XREAD", "BLOCK", "15000", "STREAMS", "s", "$");
        RedisCluster.WaitUntil(() => RedisCluster.Ask(old, "INFO", "clients").Contains("blocked_clients:2", StringComparison.Ordinal), "waiting");

        Assert.Equal("OK", RedisSentinel(rig.Sentinels[0], "SENTINEL", "FAILOVER", SentinelProcess.MasterName));
        RedisCluster.WaitUntil(() => rig.Servers.Any(server => server != old && RedisCluster.Ask(server, "INFO", "clients").Contains("blocked_clients:2", StringComparison.Ordinal)), "waiting at the next");

        Assert.Equal(":1", client.Call("RPUSH", "q", "v").ToString());
        Assert.Equal("*[$q, $v]", popping.ReadReply().ToString());
        client.Call("XADD", "s", "1-1", "f", "v");
        Assert.Equal("*[*[$s, *[*[$1-1, *[$f, $v]]]]]", reading.ReadReply().ToString());
    }

    [Fact]
    public void MasterAway_WhatNeedsAConnectionOfItsOwn_WaitsForTheNextOne()
    {
        using SentinelRig rig = new("retry_budget: 15s");
        using RespClient client = rig.Connect(Limit);
        using RespClient blocked = rig.Connect(Limit);
        using RespClient watching = rig.Connect(Limit);
        using RespClient subscriber = rig.Connect(Limit);
        RedisProcess old = rig.Master!;
        old.Kill();
        RedisCluster.WaitUntil(
            () =>
            {
                client.Send("GET", "a");
                return rig.Keyway!.Log.Contains($"server={old.Address}: server is down", StringComparison.Ordinal);
            },
            "known to be down");

        blocked.Send("BLPOP", "q", "0");
        watching.Send("WATCH", "w");
        subscriber.Send("SUBSCRIBE", "channel");

        Assert.Equal("+OK", watching.ReadReply().ToString());
        Assert.Equal("*[$subscribe, $channel, :1]", subscriber.ReadReply().ToString());
        Assert.Equal(":1", watching.Call("RPUSH", "q", "v").ToString());
        Assert.Equal("*[$q, $v]", blocked.ReadReply().ToString());
    }

    [Fact]
    public void SentinelsSetUpAnew_WithEpochsFromTheBeginning_AreFollowed()
    {
        using SentinelRig rig = new("retry_budget: 15s");
        using RespClient client = rig.Connect(Limit);
        RedisProcess first = rig.Master!;
        Assert.Equal("OK", RedisSentinel(rig.Sentinels[0], "SENTINEL", "FAILOVER", SentinelProcess.MasterName));
        RedisCluster.WaitUntil(() => RedisCluster.Ask(first, "INFO", "replication").Contains("role:slave", StringComparison.Ordinal), "switched");
        RedisProcess second = rig.Master!;
        Assert.Equal("+OK", client.Call("SET", "a", "1").ToString());

        foreach (SentinelProcess sentinel in rig.Sentinels)
        {
            RedisSentinel(sentinel, "SENTINEL", "REMOVE", SentinelProcess.MasterName);
        }

        RedisCluster.Ask(first, "REPLICAOF", "NO", "ONE");
        RedisCluster.Ask(second, "REPLICAOF", "127.0.0.1", $"{first.Port}");
        foreach (SentinelProcess sentinel in rig.Sentinels)
        {
            Assert.Equal("OK", RedisSentinel(sentinel, "SENTINEL", "MONITOR", SentinelProcess.MasterName, "127.0.0.1", $"{first.Port}", "2"));
        }

        Assert.Equal("+OK", client.Call("SET", "a", "2").ToString());
        Assert.Equal("2", RedisCluster.Ask(first, "GET", "a"));
    }

    [Fact]
    public void UnknownMaster_IsToldOnceBySentinel_AndToClients()
    {
        using SentinelProcess sentinel = SentinelProcess.Start(FreePorts.Next(), quorum: 1);
        int port = FreePorts.Next();
        using KeywayProcess keyway = ProxyRig.StartKeyway(port, [sentinel.Address], "topology: sentinel\nmaster: another\nretry_budget: 1500ms\n");
        using RespClient client = RespClient.Connect(port);

        Assert.Equal("-ERR no Sentinel of pool cache has named the master another yet", client.Call("GET", "a").ToString());
        Assert.Equal(2, keyway.Log.Split("No such master with that name").Length);
    }

    private static string? RedisSentinel(SentinelProcess sentinel, params string[] command)
    {
        using RespClient client = sentinel.Connect();
        return client.Call(command).Text;
    }

    private static long GetsAt(RedisProcess server)
    {
        const string Field = "cmdstat_get:calls=";
        string stats = RedisCluster.Ask(server, "INFO", "commandstats");
        int at = stats.IndexOf(Field, StringComparison.Ordinal);
        return at < 0 ? 0 : long.Parse(stats.AsSpan(at + Field.Length)[..stats[(at + Field.Length)..].IndexOf(',', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string CallAfterPush(SentinelRig rig, RespClient client)
    {
        client.Send("BLPOP", "q", "10");
        using RespClient other = rig.Connect();
        other.Call("RPUSH", "q", "x");
        return client.ReadReply().ToString();
    }

    private void Report(TimeSpan took, CheckedLoad load) => output.WriteLine(
        $"service after {took.TotalMilliseconds:F0} ms, {load.Requests} requests, errors: {load.ErrorText()}");
}
