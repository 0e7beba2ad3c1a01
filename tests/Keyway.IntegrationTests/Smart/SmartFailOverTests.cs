using Keyway.IntegrationTests.Cluster;
using Keyway.IntegrationTests.Proxy;
using Keyway.IntegrationTests.Sentinel;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Smart;

/// <summary>
/// As <see cref="SmartCrashTests"/>, where other servers take over meanwhile. All that is done to the servers leaves them everything that they have
/// acknowledged, so that what is missing is Keyway's fault: replicas take over when they have everything, and killed servers come back with what they had.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class SmartFailOverTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-smart-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("disk")]
    public void Cluster_Killed_NoAcknowledgedWriteIsMissing(string level) => RunCluster(level, kills: 4, new Random(20260102));

    [Theory(Explicit = true)]
    [InlineData("disk")]
    [InlineData("fsync")]
    public void KilledOften_Cluster_NoAcknowledgedWriteIsMissing(string level) => SmartProof.InRounds((kills, random) => RunCluster(level, kills, random));

    [Theory]
    [InlineData("disk")]
    public void Sentinel_Killed_NoAcknowledgedWriteIsMissing(string level) => RunSentinel(level, kills: 3, new Random(20260103));

    [Theory(Explicit = true)]
    [InlineData("disk")]
    [InlineData("fsync")]
    public void KilledOften_Sentinel_NoAcknowledgedWriteIsMissing(string level) => SmartProof.InRounds((kills, random) => RunSentinel(level, kills, random));

    [Fact]
    public void Cluster_Memory_FailOversAndMovedSlots_LoseNothing()
    {
        using RedisCluster cluster = StartCluster();
        int port = FreePorts.Next();
        using KeywayProcess keyway = ProxyRig.StartKeyway(port, cluster.Addresses.Take(2), Settings("topology: cluster\nacknowledge: memory"));
        NumberWriter[] writers = SmartProof.StartWriters(port);
        for (int node = 0; node < 2; node++)
        {
            SmartProof.AwaitProgress(writers);
            ClusterEvents.FailOver(cluster.Nodes[3 + node]);
            SmartProof.AwaitProgress(writers);
            ClusterEvents.Reshard(cluster, cluster.Nodes[3 + node], cluster.Nodes[2], slots: 200);
        }

        SmartProof.AwaitProgress(writers);
        SmartProof.Finish(writers, port, "keyway_early_pending");
        SmartProof.Check(writers, Primaries(cluster));
        keyway.Stop();
    }

    private void RunCluster(string level, int kills, Random random)
    {
        using RedisCluster cluster = StartCluster();
        int port = FreePorts.Next();
        SmartProof.Run(
            () => ProxyRig.StartKeyway(port, cluster.Addresses.Take(2), Settings($"topology: cluster\nacknowledge: {level}\njournal_dir: {_directory}")),
            port,
            kills,
            random,
            round =>
            {
                RedisProcess[] primaries = Primaries(cluster);
                if (round % 2 == 0)
                {
                    FailOver(cluster, random);
                }
                else
                {
                    SmartProof.Disturb(primaries[random.Next(primaries.Length)], random.Next(3));
                }
            },
            () => Primaries(cluster));
    }

    private void RunSentinel(string level, int kills, Random random)
    {
        // A server that is killed is to come back: a replica that takes over by itself can lack what only the master had.
        using SentinelRig rig = new(sentinelSettings: $"sentinel down-after-milliseconds {SentinelProcess.MasterName} 60000", serverArguments: SmartProof.Lasting);
        rig.Keyway!.Stop();
        SmartProof.Run(
            () => ProxyRig.StartKeyway(
                rig.Port,
                rig.Sentinels.Select(static sentinel => sentinel.Address),
                Settings($"topology: sentinel\nmaster: {SentinelProcess.MasterName}\nacknowledge: {level}\njournal_dir: {_directory}")),
            rig.Port,
            kills,
            random,
            round =>
            {
                if (round % 2 == 0)
                {
                    FailOver(rig);
                }
                else
                {
                    // The others would begin again as replicas.
                    RedisProcess master = rig.Master!;
                    SmartProof.Disturb(master, random.Next(master == rig.Servers[0] ? 0 : 1, 3));
                }
            },
            () => [rig.Master!]);
    }

    /// <summary>A replica takes over with its primary's consent, which has given it everything.</summary>
    private static void FailOver(RedisCluster cluster, Random random)
    {
        RedisProcess[] replicas = [.. cluster.Nodes.Where(ClusterEvents.IsReplica)];
        RedisProcess replica = replicas[random.Next(replicas.Length)];
        RedisCluster.WaitUntil(() => RedisCluster.Ask(replica, "INFO", "replication").Contains("master_link_status:up", StringComparison.Ordinal), "in touch");
        ClusterEvents.FailOver(replica);
    }

    /// <summary>A replica takes over while the master takes no writes and the replicas have what it had.</summary>
    private static void FailOver(SentinelRig rig)
    {
        RedisProcess old = rig.Master!;
        RedisCluster.WaitUntil(() => rig.Sentinels.All(sentinel => IsSettled(sentinel, old)), "agreed upon");
        RedisCluster.WaitUntil(() => RedisCluster.Ask(old, "INFO", "replication").Contains("connected_slaves:2", StringComparison.Ordinal), "followed by two");
        Assert.Equal("OK", RedisCluster.Ask(old, "CLIENT", "PAUSE", "60000", "WRITE"));
        RedisCluster.WaitUntil(() => IsCopied(RedisCluster.Ask(old, "INFO", "replication")), "copied");
        using (RespClient sentinel = rig.Sentinels[0].Connect())
        {
            RedisCluster.WaitUntil(() => sentinel.Call("SENTINEL", "FAILOVER", SentinelProcess.MasterName).Text == "OK", "willing");
        }

        RedisCluster.WaitUntil(() => rig.Servers.Any(server => server != old && !ClusterEvents.IsReplica(server)), "promoted");
        RedisProcess promoted = rig.Servers.First(server => server != old && !ClusterEvents.IsReplica(server));

        // The Sentinels would do the same some seconds later. What waits there is refused: READONLY.
        Assert.Equal("OK", RedisCluster.Ask(old, "REPLICAOF", "127.0.0.1", $"{promoted.Port}"));
        Assert.Equal("OK", RedisCluster.Ask(old, "CLIENT", "UNPAUSE"));
    }

    /// <summary>True when the Sentinel takes the server for the master, and is done with the last fail-over.</summary>
    private static bool IsSettled(SentinelProcess sentinel, RedisProcess master)
    {
        using RespClient client = sentinel.Connect();
        string state = client.Call("SENTINEL", "MASTER", SentinelProcess.MasterName).ToString();
        return state.Contains($"$port, ${master.Port},", StringComparison.Ordinal) && !state.Contains("failover_in_progress", StringComparison.Ordinal);
    }

    /// <summary>True when both replicas have all of the master.</summary>
    private static bool IsCopied(string replication)
    {
        string[] lines = replication.Split("\r\n");
        string end = lines.Single(static line => line.StartsWith("master_repl_offset:", StringComparison.Ordinal)).Split(':')[1];
        return lines.Count(line => line.StartsWith("slave", StringComparison.Ordinal) && line.Contains($",offset={end},", StringComparison.Ordinal)) == 2;
    }

    private static RedisProcess[] Primaries(RedisCluster cluster) => [.. cluster.Nodes.Where(static node => !ClusterEvents.IsReplica(node))];

    private static RedisCluster StartCluster() =>
        RedisCluster.Start(3, 1, ["--cluster-replica-no-failover", "yes", .. SmartProof.Lasting]);

    private static string Settings(string more) => $"""
        timeout: 500ms
        connect_timeout: 300ms
        server_retry_timeout: 100ms
        mode: smart
        {more}
        """;
}
