using System.Diagnostics;
using Keyway.Net.Timers;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Redis;

namespace Keyway.Proxy.Cluster;

/// <summary>
/// Asks primaries and replicas how far replication has come, how long an answer takes, and in which zone they are. A replica whose offset is not less than its primary's was at some time has
/// all writes of that time. One reactor asks for all.
/// </summary>
internal sealed class ReplicaWatch
{
    private const int MostMilliseconds = 1000;
    private const int LeastMilliseconds = 50;
    private const double Smoothing = 0.2; // of each new answer

    private readonly PoolState _pool;
    private readonly int _interval;
    private readonly ActionTimer _timer;
    private readonly Dictionary<int, OffsetHistory> _histories = []; // by primary
    private readonly Dictionary<int, NodeReport> _reports = [];

    internal ReplicaWatch(PoolState pool)
    {
        _pool = pool;
        _interval = pool.Config.MaxReplicaLag is { } lag ? Math.Clamp((int)lag.TotalMilliseconds / 4, LeastMilliseconds, MostMilliseconds) : MostMilliseconds;
        _timer = new ActionTimer(Ask);
    }

    /// <summary>True when reads depend on what is measured here.</summary>
    internal static bool IsNeeded(PoolConfig config) =>
        config.ReadFrom == ReadFrom.Nearest || (config.ReadFrom != ReadFrom.Primary && config.MaxReplicaLag is not null);

    internal void Begin() => _pool.Reactor.Timers.Set(_timer, _pool.Reactor.Now + LeastMilliseconds);

    /// <summary>The process ends.</summary>
    internal void Stop() => _pool.Reactor.Timers.Cancel(_timer);

    /// <summary>The number is another node's now.</summary>
    internal void Forget(int node)
    {
        _histories.Remove(node);
        _reports.Remove(node);
    }

    private void Ask()
    {
        _pool.Reactor.Timers.Set(_timer, _pool.Reactor.Now + _interval);
        ClusterState cluster = _pool.Cluster!;
        foreach (int slot in cluster.Slots.FirstSlots.ToArray())
        {
            int primary = cluster.Slots[slot];
            Ask(primary, primary);
            foreach (int replica in cluster.Replicas.Of(primary).ToArray())
            {
                Ask(replica, primary);
            }
        }

        IReadOnlyList<NodeReport> reports = [.. _reports.Values];
        cluster.Replicas.Take(reports);
        _pool.Shared.TellOthers(_pool, state => state.Cluster!.Replicas.Take(reports));
    }

    private void Ask(int node, int primary)
    {
        ServerState server = _pool.ServerAt(node);
        if (_pool.Reactor.Now - server.SilentSince >= MostMilliseconds || server.Connection(0, 0) is not { } connection)
        {
            // One that owes answers is not asked for more of them.
            return;
        }

        long asked = _pool.Reactor.Now;
        long started = Stopwatch.GetTimestamp();
        Question.Ask(
            connection,
            static output => output.WriteRequest("INFO", "replication"),
            (reply, _) =>
            {
                if (reply is not null && ReplicationInfo.Read(reply) is { } info)
                {
                    Note(node, primary, info, asked, Stopwatch.GetElapsedTime(started).TotalMicroseconds);
                }
            });

        if (_pool.Config.Zone is not null && _pool.ServerAt(node).Zone is null)
        {
            Question.Ask(connection, static output => output.WriteRequest("INFO", "server"), (reply, _) => NoteZone(node, reply));
        }
    }

    /// <summary>Valkey 8.0 and newer say where they are, if their configuration does.</summary>
    private void NoteZone(int node, byte[]? reply)
    {
        if (reply is not null && _reports.TryGetValue(node, out NodeReport report))
        {
            _reports[node] = report with { Zone = InfoFields.Of(reply).GetValueOrDefault("availability_zone") };
        }
    }

    private void Note(int node, int primary, ReplicationInfo info, long asked, double microseconds)
    {
        if (!_histories.TryGetValue(primary, out OffsetHistory? history))
        {
            history = new OffsetHistory();
            _histories.Add(primary, history);
        }

        NodeReport old = _reports.GetValueOrDefault(node, new NodeReport(node, microseconds, 0));
        long freshAsOf = old.FreshAsOf;
        if (node == primary && info.IsPrimary)
        {
            history.Add(asked, info.Id, info.Offset);
        }
        else if (info.IsLinked)
        {
            freshAsOf = Math.Max(freshAsOf, history.TimeOf(info.Id, info.Offset));
        }

        _reports[node] = old with { Microseconds = old.Microseconds + (Smoothing * (microseconds - old.Microseconds)), FreshAsOf = freshAsOf };
    }
}
