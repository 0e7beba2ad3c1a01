using Keyway.Testing;

namespace Keyway.IntegrationTests.Cluster;

/// <summary>What operators and accidents do to clusters.</summary>
internal static class ClusterEvents
{
    /// <summary>True while the node is a replica.</summary>
    public static bool IsReplica(RedisProcess node) => RedisCluster.Ask(node, "INFO", "replication").Contains("role:slave", StringComparison.Ordinal);

    /// <summary>True when the nodes agree, and every replica has its primary's data: what happens next then meets a whole cluster.</summary>
    public static bool IsSettled(RedisCluster cluster) =>
        cluster.IsWhole()
        && cluster.Nodes.Where(IsReplica).All(static node => RedisCluster.Ask(node, "INFO", "replication").Contains("master_link_status:up", StringComparison.Ordinal))
        && Tool(cluster, "check").IsGood;

    /// <summary>The replica takes over from its primary, with the primary's consent.</summary>
    public static void FailOver(RedisProcess replica)
    {
        Assert.Equal("OK", RedisCluster.Ask(replica, "CLUSTER", "FAILOVER"));
        RedisCluster.WaitUntil(() => !IsReplica(replica), "promoted");
    }

    /// <summary>Moves slots with redis-cli.</summary>
    public static void Reshard(RedisCluster cluster, RedisProcess from, RedisProcess to, int slots)
    {
        string[] ids = [RedisCluster.Ask(from, "CLUSTER", "MYID"), RedisCluster.Ask(to, "CLUSTER", "MYID")];

        // The tool refuses to begin while the last change has not reached every node.
        RedisCluster.WaitUntil(() => Tool(cluster, "check").IsGood, "agreed");
        (bool isGood, string text) = Tool(cluster, "reshard", "--cluster-from", ids[0], "--cluster-to", ids[1], "--cluster-slots", $"{slots}", "--cluster-yes");
        Assert.True(isGood, text);
    }

    private static (bool IsGood, string Text) Tool(RedisCluster cluster, string command, params string[] arguments)
    {
        using ChildProcess tool = ChildProcess.Start("redis-cli", ["--cluster", command, cluster.Nodes[0].Address, .. arguments], Path.GetTempPath());
        return (tool.WaitForExit(TimeSpan.FromSeconds(60)) && tool.ExitCode == 0, tool.Log);
    }
}
