using Keyway.Net.Timers;
using Keyway.Protocol.Cluster;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Redis;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Cluster;

/// <summary>
/// Keeps the map of a cluster current for all reactors: asks one node after the other until one answers; again when a redirect or a lost connection says so (a storm
/// of those makes one question), and now and then in any case.
/// </summary>
internal sealed class TopologyRefresh
{
    private const int AtLeastMilliseconds = 100; // between two questions
    private const int PeriodMilliseconds = 15_000;

    private readonly PoolState _pool;
    private readonly ActionTimer _timer;
    private readonly Random _random = new();
    private readonly Queue<ServerState> _candidates = new();
    private long _lastAsked;
    private bool _isAsking;
    private bool _isWanted;
    private string _lastFailure = "";

    internal TopologyRefresh(PoolState pool)
    {
        _pool = pool;
        _timer = new ActionTimer(Start);
    }

    internal void Begin() => Start();

    internal void Stop() => _pool.Reactor.Timers.Cancel(_timer);

    /// <summary>The map may be out of date.</summary>
    internal void Request()
    {
        if (_isAsking)
        {
            _isWanted = true;
            return;
        }

        Schedule(Math.Max(_lastAsked + AtLeastMilliseconds, _pool.Reactor.Now));
    }

    private void Start()
    {
        _isAsking = true;
        _isWanted = false;
        _lastAsked = _pool.Reactor.Now;
        _candidates.Clear();
        foreach (ServerState server in Shuffled(_pool.Servers.Where(static server => !server.Health.IsDown && !server.IsGone)))
        {
            _candidates.Enqueue(server);
        }

        // When all are down their probes may not have found out yet that one is back.
        foreach (ServerState server in Shuffled(_pool.Servers.Where(static server => server.Health.IsDown && !server.IsGone)))
        {
            _candidates.Enqueue(server);
        }

        AskNext();
    }

    private ServerState[] Shuffled(IEnumerable<ServerState> servers)
    {
        ServerState[] shuffled = [.. servers];
        _random.Shuffle(shuffled);
        return shuffled;
    }

    private void AskNext()
    {
        while (_candidates.TryDequeue(out ServerState? server))
        {
            if (server.Connection(0, 0) is { } connection)
            {
                Ask(server, connection, "SHARDS", ClusterTopology.FromShards);
                return;
            }

            _lastFailure = server.DownFailure().Text;
        }

        _pool.Shared.Log.Write(LogLevel.Warn, "cluster_unknown", $"no node told the cluster's slots, last: {_lastFailure}", ("pool", _pool.Config.Name));
        End();
    }

    private void Ask(ServerState server, ServerConnection connection, string subcommand, TopologyReader read) => Question.Ask(
        connection,
        output => output.WriteRequest("CLUSTER", subcommand),
        (reply, failure) =>
        {
            if (reply is not null && read(reply) is { } shards && shards.Any(static shard => shard.Slots.Count > 0))
            {
                Distribute(server, shards);
                End();
            }
            else if (reply is not null && subcommand is "SHARDS" && !connection.IsClosed)
            {
                // Before Redis 7.0.
                Ask(server, connection, "SLOTS", ClusterTopology.FromSlots);
            }
            else
            {
                _lastFailure = failure?.Text ?? $"server {server.Label} does not serve a cluster";
                AskNext();
            }
        });

    private void Distribute(ServerState teller, IReadOnlyList<ClusterShard> shards)
    {
        ClusterMap map = new(shards, node => _pool.Shared.NodeIndex(node.Host.Length > 0 ? node.Host : teller.Config.Host!, node.Port));
        _pool.Cluster!.Apply(map);
        _pool.Shared.TellOthers(_pool, state => state.Cluster!.Apply(map));
    }

    private void End()
    {
        _isAsking = false;

        // Many proxies that were started together are not to ask together.
        long period = PeriodMilliseconds - _random.Next(PeriodMilliseconds / 4);
        Schedule(_pool.Reactor.Now + (_isWanted ? AtLeastMilliseconds : period));
    }

    private void Schedule(long due)
    {
        if (!_timer.IsSet || due < _timer.Due)
        {
            _pool.Reactor.Timers.Set(_timer, due);
        }
    }

    private delegate IReadOnlyList<ClusterShard>? TopologyReader(ReadOnlySpan<byte> reply);
}
