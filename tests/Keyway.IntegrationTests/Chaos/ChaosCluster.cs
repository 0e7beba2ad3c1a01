using System.Globalization;
using System.Net.Sockets;
using Keyway.IntegrationTests.Cluster;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Chaos;

/// <summary>A Redis Cluster and what can happen to it.</summary>
internal sealed class ChaosCluster(RedisCluster cluster, Random random) : IChaosServers
{
    private const int Slots = 16384;
    private const int FailOverMilliseconds = 5000; // then redis-server gives up a fail-over that it was asked for

    private const int SplitMilliseconds = 20_000; // longer than two primaries take to find out which of them is one no more

    private readonly HashSet<RedisProcess> _away = [];
    private long _splitSince;
    private long _unservedSince;

    /// <inheritdoc/>
    public IReadOnlyList<Func<ChaosEvent>> Events =>
    [
        () => FailOver(Any(Replicas())),
        () => TakeOver(Any(Replicas())),
        () => Killed("primary killed", Any(Primaries())),
        () => Frozen("primary frozen", Any(Primaries())),
        () => Killed("replica killed", Any(Replicas())),
        () => Frozen("replica frozen", Any(Replicas())),
        () => Restarted("primary restarted at once", [Any(Primaries())]),
        () => Restarted("all nodes restarted", [.. cluster.Nodes]),
        Resharded,
        NodeComesAndGoes,
    ];

    private IEnumerable<RedisProcess> Running => cluster.Nodes.Where(node => !_away.Contains(node));

    /// <inheritdoc/>
    public bool IsServed()
    {
        int[] running = [.. Running.Select(static node => node.Port)];
        int[][] views = [.. Running.Select(OwnersFor)];
        bool isServed = views.All(view => view.Length == Slots && view.AsSpan().SequenceEqual(views[0])) && views[0].Distinct().All(running.Contains);
        _unservedSince = isServed ? 0 : _unservedSince == 0 ? Environment.TickCount64 : _unservedSince;
        if (!isServed && Environment.TickCount64 - _unservedSince > SplitMilliseconds)
        {
            _unservedSince = 0;
            RaiseEpochs(views);
        }

        return isServed;
    }

    /// <inheritdoc/>
    public bool IsWhole()
    {
        if (_away.Count > 0 || !IsServed())
        {
            return false;
        }

        Reunite();
        string[] roles = [.. cluster.Nodes.Select(static node => Ask(node, "INFO", "replication"))];
        return IsOfOneMind()
            && roles.Count(static role => role.Contains("role:master", StringComparison.Ordinal) && role.Contains("connected_slaves:1", StringComparison.Ordinal)) == cluster.Primaries
            && roles.Count(static role => role.Contains("role:slave", StringComparison.Ordinal) && role.Contains("master_link_status:up", StringComparison.Ordinal)) == cluster.Primaries
            && cluster.Nodes.All(static node => !Ask(node, "CLUSTER", "NODES").Contains("fail", StringComparison.Ordinal))
            && ClusterEvents.IsSettled(cluster);
    }

    /// <inheritdoc/>
    public long Failures() => cluster.Nodes.Sum(static node => Figure(node, "cluster_stats_messages_fail_sent"));

    /// <inheritdoc/>
    public string Describe() => string.Join('\n', Running.Select(static node =>
        $"{node.Address}\n{Ask(node, "CLUSTER", "INFO")}\n{Ask(node, "CLUSTER", "NODES")}\n{Ask(node, "INFO", "replication")}\n{string.Join('\n', node.Process.Log.Split('\n').TakeLast(40))}"));

    /// <summary>
    /// A take-over makes up its epoch without asking. Until all have heard of it an election can give the same to another, and two primaries of one epoch never settle
    /// who has a slot.
    /// </summary>
    private bool IsOfOneMind() =>
        cluster.Nodes.Select(static node => Figure(node, "cluster_current_epoch")).Distinct().Count() == 1
        && Primaries().Select(static node => Figure(node, "cluster_my_epoch")).Distinct().Count() == cluster.Primaries;

    /// <summary>
    /// When take-overs, moving slots and new epochs meet, both primaries of a pair can keep some slots for good. Redis leaves that to operators: the smaller one's slots
    /// are moved to the other, whose replica it thereby becomes.
    /// </summary>
    private void Reunite()
    {
        RedisProcess[] primaries = Primaries();
        if (primaries.Length <= cluster.Primaries)
        {
            _splitSince = 0;
            return;
        }

        _splitSince = _splitSince == 0 ? Environment.TickCount64 : _splitSince;
        RedisProcess[] alone = [.. primaries.Where(static node => Ask(node, "INFO", "replication").Contains("connected_slaves:0", StringComparison.Ordinal))];
        if (Environment.TickCount64 - _splitSince > SplitMilliseconds && alone.Length == 2)
        {
            int[] owners = OwnersFor(alone[0]);
            int[] slots = [.. alone.Select(node => owners.Count(owner => owner == node.Port))];
            int smaller = slots[0] < slots[1] ? 0 : 1;
            ClusterEvents.Reshard(cluster, alone[smaller], alone[1 - smaller], slots[smaller]);
            _splitSince = 0;
        }
    }

    /// <summary>
    /// A replica of Redis 7.0 that has won an election before can count those votes again, with their epoch, when its primary fails anew ("election won" in the log, with no start of one):
    /// the others believe the dead primary, whose epoch is higher. What an operator does is done here.
    /// </summary>
    private void RaiseEpochs(int[][] views)
    {
        foreach ((RedisProcess node, int[] view) in Running.Zip(views).ToArray())
        {
            if (view.Contains(node.Port) && !views.All(other => other.Contains(node.Port)))
            {
                Ask(node, "CLUSTER", "BUMPEPOCH");
            }
        }
    }

    private static string Ask(RedisProcess node, params string[] command)
    {
        try
        {
            return RedisCluster.Ask(node, command);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return ""; // it has just been started
        }
    }

    /// <summary>A number of CLUSTER INFO; 0 where it is missing.</summary>
    private static long Figure(RedisProcess node, string name) => Ask(node, "CLUSTER", "INFO").Split("\r\n")
        .Where(line => line.StartsWith(name + ":", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.AsSpan(name.Length + 1), CultureInfo.InvariantCulture));

    /// <summary>For each slot the port of its primary, as the node says; empty when it does not serve.</summary>
    private static int[] OwnersFor(RedisProcess node)
    {
        try
        {
            using RespClient client = node.Connect();
            if (!client.Call("CLUSTER", "INFO").Text!.Contains("cluster_state:ok", StringComparison.Ordinal))
            {
                return [];
            }

            int[] owners = new int[Slots];
            foreach (RespValue range in client.Call("CLUSTER", "SLOTS").Items)
            {
                (int first, int last) = (Number(range.Items[0]), Number(range.Items[1]));
                owners.AsSpan(first, last - first + 1).Fill(Number(range.Items[2].Items[1]));
            }

            return owners;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return [];
        }
    }

    private static int Number(RespValue value) => int.Parse(value.Text!, CultureInfo.InvariantCulture);

    private static ChaosEvent FailOver(RedisProcess replica) => new(
        $"planned fail-over to {replica.Address}",
        () =>
        {
            // Nodes that have voted lately do not vote again: then the replica gives up, and is to be asked again.
            long until = 0;
            RedisCluster.WaitUntil(
                () =>
                {
                    if (Environment.TickCount64 >= until)
                    {
                        Assert.Equal("OK", Ask(replica, "CLUSTER", "FAILOVER"));
                        until = Environment.TickCount64 + FailOverMilliseconds + 500;
                    }

                    return !ClusterEvents.IsReplica(replica);
                },
                "promoted",
                TimeSpan.FromSeconds(60));
        },
        IsPlanned: true,
        MayLoseWrites: false);

    private ChaosEvent TakeOver(RedisProcess replica) => new(
        $"take-over by {replica.Address}",
        () =>
        {
            Ask(replica, "CLUSTER", "FAILOVER", "TAKEOVER");
            RedisCluster.WaitUntil(() => cluster.Nodes.All(node => OwnersFor(node).Contains(replica.Port)), "heard of");
        });

    private ChaosEvent Killed(string name, RedisProcess node) => new(
        $"{name}, {node.Address}",
        () =>
        {
            _away.Add(node);
            node.Kill();
        },
        () =>
        {
            node.Restart();
            _away.Remove(node);
        });

    private ChaosEvent Frozen(string name, RedisProcess node) => new(
        $"{name}, {node.Address}",
        () =>
        {
            _away.Add(node);
            node.Stop();
        },
        () =>
        {
            node.Continue();
            _away.Remove(node);
        });

    private static ChaosEvent Restarted(string name, RedisProcess[] nodes) => new(
        name,
        () =>
        {
            foreach (RedisProcess node in nodes)
            {
                node.Kill();
            }

            foreach (RedisProcess node in nodes)
            {
                node.Restart();
            }
        });

    private ChaosEvent Resharded()
    {
        RedisProcess[] primaries = Primaries();
        random.Shuffle(primaries);
        int slots = random.Next(1, 200);
        return new(
            $"{slots} slots moved to and fro",
            () =>
            {
                ClusterEvents.Reshard(cluster, primaries[0], primaries[1], slots);
                ClusterEvents.Reshard(cluster, primaries[1], primaries[0], slots);
            },
            IsPlanned: true,
            MayLoseWrites: false);
    }

    private ChaosEvent NodeComesAndGoes()
    {
        RedisProcess primary = Any(Primaries());
        return new(
            "node added and forgotten",
            () =>
            {
                RedisProcess fresh = cluster.AddNode();
                cluster.Join(fresh);
                ClusterEvents.Reshard(cluster, primary, fresh, slots: 100);
                ClusterEvents.Reshard(cluster, fresh, primary, slots: 100);
                cluster.Forget(fresh);
            },
            IsPlanned: true,
            MayLoseWrites: false);
    }

    private RedisProcess[] Primaries() => [.. cluster.Nodes.Where(static node => !ClusterEvents.IsReplica(node))];

    private RedisProcess[] Replicas() => [.. cluster.Nodes.Where(ClusterEvents.IsReplica)];

    private RedisProcess Any(RedisProcess[] nodes) => nodes[random.Next(nodes.Length)];
}
