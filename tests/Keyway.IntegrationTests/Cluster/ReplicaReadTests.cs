using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Cluster;

/// <summary>Reads from real replicas.</summary>
public sealed class ReplicaReadTests(ClusterRig rig) : IClassFixture<ClusterRig>
{
    [Theory]
    [InlineData("prefer-replica", "none", true)]
    [InlineData("replica", "none", true)]
    [InlineData("prefer-replica", "2s", true)]
    [InlineData("primary", "none", false)]
    public void Reads_GoWhereTheyAreToGo(string readFrom, string lag, bool isReplica)
    {
        int port = FreePorts.Next();
        string settings = $"topology: cluster\nread_from: {readFrom}" + (lag is "none" ? "" : $"\nmax_replica_lag: {lag}");
        using KeywayProcess keyway = ProxyRig.StartKeyway(port, [rig.Cluster.Nodes[0].Address], settings);
        using RespClient client = RespClient.Connect(port);
        for (int i = 0; i < 30; i++)
        {
            client.Call("SET", $"key{i}", "v");
        }

        long before = 0;
        RedisCluster.WaitUntil(
            () =>
            {
                before = ReplicaReads();
                return Enumerable.Range(0, 30).All(i => client.Call("GET", $"key{i}").ToString() == "$v") && (!isReplica || ReplicaReads() >= before + 30);
            },
            "read");
        before = ReplicaReads();
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal("$v", client.Call("GET", $"key{i}").ToString());
        }

        Assert.Equal(isReplica ? 30 : 0, ReplicaReads() - before);
    }

    private long ReplicaReads() => rig.Cluster.Nodes.Skip(3).Sum(static node =>
    {
        string? line = RedisCluster.Ask(node, "INFO", "commandstats").Split("\r\n").FirstOrDefault(static line => line.StartsWith("cmdstat_get:calls=", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line["cmdstat_get:calls=".Length..line.IndexOf(',', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
    });
}
