using System.Diagnostics;
using Keyway.IntegrationTests.Chaos;
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
            ClusterEvents.FailOver(rig.Cluster.Nodes[3 + i]);
            Report(load.WaitForService(Limit), load);
        }

        load.Stop();
        Assert.Empty(load.Wrong);
        Assert.Empty(load.Errors);
    }

    [Fact]
    public void Migration_ToAndFro_AndANewNode_UnderLoad_NobodyNotices()
    {
        using ClusterRig rig = new();
        using CheckedLoad load = new(rig.Port, Clients);
        load.WaitForService(Limit);
        RedisProcess[] nodes = [.. rig.Cluster.Nodes.Take(2)];
        ClusterEvents.Reshard(rig.Cluster, nodes[0], nodes[1], slots: 500);
        ClusterEvents.Reshard(rig.Cluster, nodes[1], nodes[0], slots: 500);
        Report(load.WaitForService(Limit), load);

        RedisProcess fresh = rig.Cluster.AddNode();
        rig.Cluster.Join(fresh);
        ClusterEvents.Reshard(rig.Cluster, nodes[0], fresh, slots: 300);
        Report(load.WaitForService(Limit), load);
        ClusterEvents.Reshard(rig.Cluster, fresh, nodes[0], slots: 300);
        rig.Cluster.Forget(fresh);
        Report(load.WaitForService(Limit), load);

        load.Stop();
        Assert.Empty(load.Wrong);
        Assert.Empty(load.Errors);
    }

    [Fact]
    public void PrimaryKilled_UnderLoad_ReplicaTakesOver() =>
        ServiceReturns(static cluster => cluster.Nodes[1].Kill(), static cluster => !ClusterEvents.IsReplica(cluster.Nodes[4]));

    [Fact]
    public void PrimaryFrozen_UnderLoad_ReplicaTakesOver_AndItsReturnHarmsNobody() => ServiceReturns(
        static cluster => cluster.Nodes[1].Stop(),
        static cluster => !ClusterEvents.IsReplica(cluster.Nodes[4]),
        static cluster =>
        {
            cluster.Nodes[1].Continue();
            RedisCluster.WaitUntil(() => ClusterEvents.IsReplica(cluster.Nodes[1]), "a replica");
        });

    [Fact]
    public void ReplicaThatTakesOverWithoutAsking_UnderLoad_IsFound() => ServiceReturns(
        static cluster => RedisCluster.Ask(cluster.Nodes[3], "CLUSTER", "FAILOVER", "TAKEOVER"),
        static cluster => ClusterEvents.IsReplica(cluster.Nodes[0]));

    [Fact]
    public void PrimaryAndReplicaKilled_UnderLoad_ServiceReturnsWithThem() => ServiceReturns(
        static cluster =>
        {
            cluster.Nodes[2].Kill();
            cluster.Nodes[5].Kill();
            cluster.Nodes[2].Restart();
            cluster.Nodes[5].Restart();
        },
        static cluster => cluster.IsWhole());

    [Fact]
    public void AllNodesRestarted_UnderLoad_ServiceReturnsWithThem() => ServiceReturns(
        static cluster =>
        {
            foreach (RedisProcess node in cluster.Nodes)
            {
                node.Kill();
            }

            foreach (RedisProcess node in cluster.Nodes)
            {
                node.Restart();
            }
        },
        static cluster => cluster.IsWhole());

    private void ServiceReturns(Action<RedisCluster> happen, Func<RedisCluster, bool> isOver, Action<RedisCluster>? afterwards = null)
    {
        using ClusterRig rig = new();
        using CheckedLoad load = new(rig.Port, Clients, mayLoseWrites: true);
        load.WaitForService(Limit);

        Stopwatch watch = Stopwatch.StartNew();
        happen(rig.Cluster);
        RedisCluster.WaitUntil(() => isOver(rig.Cluster), "over");
        TimeSpan own = watch.Elapsed;
        load.WaitForService(Limit);
        TimeSpan took = watch.Elapsed;
        output.WriteLine($"the cluster took {own.TotalMilliseconds:F0} ms, service was back after {took.TotalMilliseconds:F0} ms");
        Report(took, load);
        if (afterwards is not null)
        {
            afterwards(rig.Cluster);
            Report(load.WaitForService(Limit), load);
        }

        load.Stop();
        Assert.Empty(load.Wrong);

        // What takes the cluster no time still takes a round of every client.
        Assert.True(took < (2 * own) + TimeSpan.FromSeconds(1), $"{took} after {own}");
    }

    private void Report(TimeSpan took, CheckedLoad load) => output.WriteLine(
        $"service after {took.TotalMilliseconds:F0} ms, {load.Requests} requests, errors: {load.ErrorText()}");
}
