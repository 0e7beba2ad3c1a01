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
