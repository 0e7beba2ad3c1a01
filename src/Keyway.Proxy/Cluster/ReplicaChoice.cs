using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Cluster;

/// <summary>Which node answers a read, by the pool's <c>read_from</c>. A client stays with its choice as long as it is as good as any other.</summary>
/// <param name="pool">The pool as one reactor has it.</param>
internal sealed class ReplicaChoice(PoolState pool)
{
    /// <summary>Replies that differ by less than this factor are equally near.</summary>
    private const double Near = 1.25;

    private readonly List<ServerState> _candidates = [];
    private readonly Dictionary<int, NodeReport> _reports = [];
    private IReadOnlyDictionary<int, int[]> _replicas = new Dictionary<int, int[]>();

    /// <summary>A new map: the replicas of each primary.</summary>
    internal void Take(IReadOnlyDictionary<int, int[]> replicas) => _replicas = replicas;

    /// <summary>What is known of nodes by measuring.</summary>
    internal void Take(IReadOnlyList<NodeReport> reports)
    {
        foreach (NodeReport report in reports)
        {
            _reports[report.Node] = report;
        }
    }

    /// <summary>The number is another node's now.</summary>
    internal void Forget(int node) => _reports.Remove(node);

    /// <summary>The numbers of a primary's replicas.</summary>
    internal ReadOnlySpan<int> Of(int primary) => _replicas.TryGetValue(primary, out int[]? replicas) ? replicas : [];

    /// <summary>The node for a client's read; null when no replica can be had and the primary is not to be asked.</summary>
    internal ServerState? Choose(ServerState primary, long client)
    {
        _candidates.Clear();
        foreach (int node in Of(primary.Index))
        {
            ServerState replica = pool.ServerAt(node);
            if (!replica.Health.IsDown && IsFresh(node))
            {
                _candidates.Add(replica);
            }
        }

        if (pool.Config.ReadFrom == ReadFrom.Nearest)
        {
            KeepNearest(primary);
        }

        if (_candidates.Count > 0)
        {
            return _candidates[(int)(client % _candidates.Count)];
        }

        return pool.Config.ReadFrom == ReadFrom.Replica ? null : primary;
    }

    private bool IsFresh(int node) => pool.Config.MaxReplicaLag is not { } most
        || (_reports.TryGetValue(node, out NodeReport report) && pool.Reactor.Now - report.FreshAsOf <= (long)most.TotalMilliseconds);

    private void KeepNearest(ServerState primary)
    {
        if (!primary.Health.IsDown)
        {
            _candidates.Add(primary);
        }

        if (pool.Config.Zone is not null)
        {
            KeepOwnZone();
        }

        double least = double.MaxValue;
        foreach (ServerState candidate in _candidates)
        {
            least = Math.Min(least, MicrosecondsTo(candidate));
        }

        for (int i = _candidates.Count - 1; i >= 0; i--)
        {
            if (MicrosecondsTo(_candidates[i]) > least * Near)
            {
                _candidates.RemoveAt(i);
            }
        }
    }

    /// <summary>Leaves those of the own zone, if there are any.</summary>
    private void KeepOwnZone()
    {
        bool hasAny = false;
        foreach (ServerState candidate in _candidates)
        {
            hasAny |= IsInOwnZone(candidate);
        }

        for (int i = _candidates.Count - 1; i >= 0 && hasAny; i--)
        {
            if (!IsInOwnZone(_candidates[i]))
            {
                _candidates.RemoveAt(i);
            }
        }
    }

    private bool IsInOwnZone(ServerState server) => pool.Config.Zone ==
        (server.Zone ?? (_reports.TryGetValue(server.Index, out NodeReport report) ? report.Zone : null));

    private double MicrosecondsTo(ServerState server) =>
        _reports.TryGetValue(server.Index, out NodeReport report) ? report.Microseconds : double.MaxValue;
}
