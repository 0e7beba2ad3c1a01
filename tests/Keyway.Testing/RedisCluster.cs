using System.Diagnostics;

namespace Keyway.Testing;

/// <summary>A real Redis Cluster on loopback: primaries that share the slots evenly, and their replicas.</summary>
public sealed class RedisCluster : IDisposable, IAsyncDisposable
{
    private const int SlotCount = 16384;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly List<RedisProcess> _nodes = [];
    private readonly List<int> _busPorts = [];
    private readonly string[] _arguments;

    private RedisCluster(int primaries, string[] arguments)
    {
        Primaries = primaries;
        _arguments = arguments;
    }

    /// <summary>Milliseconds after which a node that does not answer has failed (<c>cluster-node-timeout</c>).</summary>
    public const int NodeTimeout = 1000;

    /// <summary>How many nodes were primaries at the start: the first ones of <see cref="Nodes"/>.</summary>
    public int Primaries { get; }

    /// <summary>Every node: the primaries, then the replicas, the first of the first primary and so on in turn.</summary>
    public IReadOnlyList<RedisProcess> Nodes => _nodes;

    /// <summary>The addresses of the nodes.</summary>
    public IEnumerable<string> Addresses => _nodes.Select(static node => node.Address);

    /// <summary>Starts the nodes and joins them; returns when every node sees every other and serves every slot.</summary>
    public static RedisCluster Start(int primaries = 3, int replicas = 0, params string[] arguments)
    {
        RedisCluster cluster = new(primaries, arguments);
        try
        {
            cluster.StartNodes(primaries + (primaries * replicas));
            cluster.Join();
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Starts one more node, which belongs to no cluster yet.</summary>
    public RedisProcess AddNode()
    {
        int bus = FreePorts.Next();

        // A node that is started again has nothing: not what it got from its primary long ago, in slots that have moved since.
        RedisProcess node = RedisProcess.Start(
        [
            "--cluster-enabled", "yes", "--cluster-port", $"{bus}", "--cluster-node-timeout", $"{NodeTimeout}",
            "--repl-diskless-sync-delay", "0", "--rdb-del-sync-files", "yes", .. _arguments,
        ]);
        _nodes.Add(node);
        _busPorts.Add(bus);
        return node;
    }

    /// <summary>Makes a node of <see cref="AddNode"/> a member, without slots.</summary>
    public void Join(RedisProcess node)
    {
        Ask(_nodes[0], "CLUSTER", "MEET", "127.0.0.1", $"{node.Port}", $"{_busPorts[_nodes.IndexOf(node)]}");
        WaitUntil(() => _nodes.All(each => Ask(each, "CLUSTER", "INFO").Contains($"cluster_known_nodes:{_nodes.Count}", StringComparison.Ordinal)), "met");
        WaitUntil(IsWhole, "whole");
    }

    /// <summary>Has the others forget a node that serves no slots, and ends it.</summary>
    public void Forget(RedisProcess node)
    {
        string id = Ask(node, "CLUSTER", "MYID");
        foreach (RedisProcess other in _nodes.Where(other => other != node))
        {
            Ask(other, "CLUSTER", "FORGET", id);
        }

        _busPorts.RemoveAt(_nodes.IndexOf(node));
        _nodes.Remove(node);
        node.Dispose();
    }

    /// <summary>True when every node says that all slots are served.</summary>
    public bool IsWhole() => _nodes.All(static node => Ask(node, "CLUSTER", "INFO").Contains("cluster_state:ok", StringComparison.Ordinal));

    /// <summary>Waits until <paramref name="condition"/> holds, for 30 s unless told.</summary>
    public static void WaitUntil(Func<bool> condition, string what, TimeSpan? limit = null)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > (limit ?? Limit))
            {
                throw new TimeoutException($"not {what} within {(limit ?? Limit).TotalSeconds} s");
            }

            Thread.Sleep(20);
        }
    }

    /// <summary>One command to one node; the text of its reply.</summary>
    public static string Ask(RedisProcess node, params string[] command)
    {
        using RespClient client = node.Connect();
        return client.Call(command).Text ?? "";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (RedisProcess node in _nodes)
        {
            node.Dispose();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void StartNodes(int count)
    {
        for (int i = 0; i < count; i++)
        {
            AddNode();
        }
    }

    private void Join()
    {
        int slots = 0;
        for (int i = 0; i < Primaries; i++)
        {
            int end = SlotCount * (i + 1) / Primaries;
            Ask(_nodes[i], "CLUSTER", "ADDSLOTSRANGE", $"{slots}", $"{end - 1}");
            Ask(_nodes[i], "CLUSTER", "SET-CONFIG-EPOCH", $"{i + 1}");
            slots = end;
        }

        for (int i = 1; i < _nodes.Count; i++)
        {
            Ask(_nodes[0], "CLUSTER", "MEET", "127.0.0.1", $"{_nodes[i].Port}", $"{_busPorts[i]}");
        }

        WaitUntil(() => _nodes.All(node => Ask(node, "CLUSTER", "INFO").Contains($"cluster_known_nodes:{_nodes.Count}", StringComparison.Ordinal)), "met");
        for (int i = Primaries; i < _nodes.Count; i++)
        {
            string primary = Ask(_nodes[(i - Primaries) % Primaries], "CLUSTER", "MYID");
            RedisProcess replica = _nodes[i];
            WaitUntil(() => Ask(replica, "CLUSTER", "REPLICATE", primary) == "OK", "a replica");
        }

        WaitUntil(
            () => _nodes.All(node => Ask(node, "CLUSTER", "INFO").Contains("cluster_state:ok", StringComparison.Ordinal))
                && _nodes.Skip(Primaries).All(static node => Ask(node, "INFO", "replication").Contains("master_link_status:up", StringComparison.Ordinal)),
            "a cluster");
    }
}
