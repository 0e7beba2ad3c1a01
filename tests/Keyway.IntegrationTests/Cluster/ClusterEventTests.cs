using System.Diagnostics;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Cluster;

/// <summary>What happens to a cluster under load: no reply is ever wrong, and service returns by itself.</summary>
[Collection(AloneCollection.Name)]
public sealed class ClusterEventTests(ITestOutputHelper output)
{
    private const int Clients = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public void PlannedFailOver_UnderLoad_NobodyNotices()
    {
        using ClusterRig rig = new();
        using CheckedLoad load = new(rig.Port, Clients);
        load.WaitForService(Limit);

        for (int i = 0; i < 3; i++)
        {
            RedisProcess replica = rig.Cluster.Nodes[3 + i];
            Assert.Equal("OK", RedisCluster.Ask(replica, "CLUSTER", "FAILOVER"));
            RedisCluster.WaitUntil(() => !IsReplica(replica), "promoted");
            Report(load.WaitForService(Limit), load);
        }

        load.Stop();
        Assert.Empty(load.Wrong);
        Assert.Empty(load.Errors);
    }

    [Fact]
    public void Migration_ToAndFro_UnderLoad_NobodyNotices()
    {
        using ClusterRig rig = new();
        using CheckedLoad load = new(rig.Port, Clients);
        load.WaitForService(Limit);
        string[] ids = [.. rig.Cluster.Nodes.Take(2).Select(static node => RedisCluster.Ask(node, "CLUSTER", "MYID"))];

        for (int i = 0; i < 2; i++)
        {
            Reshard(rig.Cluster, ids[i % 2], ids[(i + 1) % 2], slots: 1000);
            Report(load.WaitForService(Limit), load);
        }

        load.Stop();
        Assert.Empty(load.Wrong);
        Assert.Empty(load.Errors);
    }

    [Fact]
    public void PrimaryKilled_UnderLoad_ReplicaTakesOver()
    {
        using ClusterRig rig = new();
        using CheckedLoad load = new(rig.Port, Clients, mayLoseWrites: true);
        load.WaitForService(Limit);

        rig.Cluster.Nodes[1].Kill();
        Stopwatch watch = Stopwatch.StartNew();
        RedisCluster.WaitUntil(() => !IsReplica(rig.Cluster.Nodes[4]), "promoted");
        TimeSpan own = watch.Elapsed;
        load.WaitForService(Limit);
        TimeSpan took = watch.Elapsed;
        output.WriteLine($"the cluster took {own.TotalMilliseconds:F0} ms, service was back after {took.TotalMilliseconds:F0} ms");
        Report(took, load);

        load.Stop();
        Assert.Empty(load.Wrong);
        Assert.True(took < 2 * own, $"{took} after {own}");
    }

    private static bool IsReplica(RedisProcess node) => RedisCluster.Ask(node, "INFO", "replication").Contains("role:slave", StringComparison.Ordinal);

    private static void Reshard(RedisCluster cluster, string from, string to, int slots)
    {
        // The tool refuses to begin while the last change has not reached every node.
        RedisCluster.WaitUntil(() => ClusterTool(cluster, "check").IsGood, "agreed");
        (bool isGood, string text) = ClusterTool(cluster, "reshard", "--cluster-from", from, "--cluster-to", to, "--cluster-slots", $"{slots}", "--cluster-yes");
        Assert.True(isGood, text);
    }

    private static (bool IsGood, string Text) ClusterTool(RedisCluster cluster, string command, params string[] arguments)
    {
        using ChildProcess tool = ChildProcess.Start("redis-cli", ["--cluster", command, cluster.Nodes[0].Address, .. arguments], Path.GetTempPath());
        return (tool.WaitForExit(TimeSpan.FromSeconds(60)) && tool.ExitCode == 0, tool.Log);
    }

    private void Report(TimeSpan took, CheckedLoad load) => output.WriteLine(
        $"service after {took.TotalMilliseconds:F0} ms, {load.Requests} requests, errors: {string.Join(", ", load.Errors.Select(static e => $"{e.Key} x{e.Value}"))}");
}
