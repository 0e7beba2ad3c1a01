using System.Globalization;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Cluster;

/// <summary>One event after the other, at random, for as many minutes as <c>KEYWAY_CHAOS_MINUTES</c> says (<c>tests/chaos</c> sets it).</summary>
[Collection(AloneCollection.Name)]
public sealed class ClusterChaosTests(ITestOutputHelper output)
{
    private const int Pairs = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public void Chaos_UnderLoad_NoReplyIsWrongAndServiceReturns()
    {
        string? minutes = Environment.GetEnvironmentVariable("KEYWAY_CHAOS_MINUTES");
        Assert.SkipWhen(minutes is null, "tests/chaos runs it");
        DateTime end = DateTime.UtcNow.AddMinutes(double.Parse(minutes!, CultureInfo.InvariantCulture));
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        using ClusterRig rig = new();
        using CheckedLoad load = new(rig.Port, clients: 4, mayLoseWrites: true);
        while (DateTime.UtcNow < end)
        {
            load.WaitForService(Limit);
            string what;
            try
            {
                what = Happen(rig.Cluster, random);
            }
            catch (TimeoutException e)
            {
                // Redis gives up a fail-over when it comes too soon after the last one; Keyway has to serve all the same when the cluster does.
                what = e.Message;
                foreach (RedisProcess node in rig.Cluster.Nodes)
                {
                    node.Restart();
                }
            }

            TimeSpan took = load.WaitForService(Limit);
            output.WriteLine($"{what}: service after {took.TotalMilliseconds:F0} ms, {load.Requests} requests");
            RedisCluster.WaitUntil(() => rig.Cluster.Nodes.Count(ClusterEvents.IsReplica) == Pairs && ClusterEvents.IsSettled(rig.Cluster), $"whole again after: {what}");
            Assert.Empty(load.Wrong);
        }

        load.Stop();
        output.WriteLine(string.Join(", ", load.Errors.Select(static e => $"{e.Key} x{e.Value}")));
        Assert.Empty(load.Wrong);
    }

    private static string Happen(RedisCluster cluster, Random random)
    {
        RedisProcess[] primaries = [.. cluster.Nodes.Where(static node => !ClusterEvents.IsReplica(node))];
        RedisProcess[] replicas = [.. cluster.Nodes.Where(ClusterEvents.IsReplica)];
        RedisProcess primary = primaries[random.Next(primaries.Length)];
        RedisProcess replica = replicas[random.Next(replicas.Length)];
        switch (random.Next(6))
        {
            case 0:
                ClusterEvents.FailOver(replica);
                return "planned fail-over";
            case 1:
                RedisCluster.Ask(replica, "CLUSTER", "FAILOVER", "TAKEOVER");
                return "take-over";
            case 2:
                primary.Kill();
                RedisCluster.WaitUntil(() => replicas.Any(static node => !ClusterEvents.IsReplica(node)), "promoted");
                primary.Restart();
                return "primary killed";
            case 3:
                primary.Stop();
                RedisCluster.WaitUntil(() => replicas.Any(static node => !ClusterEvents.IsReplica(node)), "promoted");
                primary.Continue();
                return "primary frozen";
            case 4:
                replica.Restart();
                return "replica restarted";
            default:
                ClusterEvents.Reshard(cluster, primary, primaries[(Array.IndexOf(primaries, primary) + 1) % primaries.Length], random.Next(1, 200));
                return "slots moved";
        }
    }
}
