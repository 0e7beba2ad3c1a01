using System.Text;
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
internal sealed class TopologyRefresh : ITopologySource
{
    private const int AtLeastMilliseconds = 100; // between two questions
    private const int AnswerMilliseconds = 500; // then the next node is asked
    private const int UnknownMilliseconds = 1000; // between questions while nobody has answered
    private const int PeriodMilliseconds = 15_000;
    private const int WarnMilliseconds = 10_000; // between two in the log

    private readonly PoolState _pool;
    private readonly ActionTimer _timer;
    private readonly ActionTimer _limit;
    private readonly Random _random = new();
    private readonly Queue<ServerState> _candidates = new();
    private List<Action> _next = []; // those who wait for a question that has not been asked yet
    private List<Action> _served = []; // those who wait for the answer to this one
    private ServerConnection? _private; // to a node that is down, as far as is known
    private long _lastAsked;
    private int _question; // answers to earlier ones come too late
    private bool _isAsking;
    private bool _isWanted;
    private bool _isStopped;
    private string _lastFailure = "";
    private long _nextWarning; // not before

    internal TopologyRefresh(PoolState pool)
    {
        _pool = pool;
        _timer = new ActionTimer(Start);
        _limit = new ActionTimer(() => TryNext($"no answer within {AnswerMilliseconds} ms"));
    }

    /// <inheritdoc/>
    public void Begin() => Start();

    /// <inheritdoc/>
    public void Stop()
    {
        _isStopped = true;
        _question++;
        _pool.Reactor.Timers.Cancel(_timer);
        _pool.Reactor.Timers.Cancel(_limit);
        _private?.Close("shutting down");
    }

    /// <inheritdoc/>
    public void Request()
    {
        if (_isStopped)
        {
            return;
        }

        if (_isAsking)
        {
            _isWanted = true;
            return;
        }

        Schedule(Math.Max(_lastAsked + AtLeastMilliseconds, _pool.Reactor.Now));
    }

    /// <inheritdoc/>
    public void Ask(Action then)
    {
        if (_isStopped)
        {
            then();
            return;
        }

        _next.Add(then);
        if (!_isAsking)
        {
            Start();
        }
    }

    private void Start()
    {
        _pool.Reactor.Timers.Cancel(_timer);
        _isAsking = true;
        _isWanted = false;
        (_served, _next) = (_next, []);
        _lastAsked = _pool.Reactor.Now;
        _candidates.Clear();

        // Nodes that owe answers come later, and those that are down last: their probes may not have found out yet that one is back. Those that serve slots come before
        // those that do not: a primary that has been replaced, and does not know it yet, would tell the old map.
        HashSet<int> primaries = [.. _pool.Cluster!.Primaries().Select(static server => server.Index)];
        foreach (IGrouping<(int, bool), ServerState> group in _pool.Servers.Where(static server => !server.IsGone)
            .GroupBy(server => (Doubt(server), !primaries.Contains(server.Index))).OrderBy(static group => group.Key))
        {
            ServerState[] shuffled = [.. group];
            _random.Shuffle(shuffled);
            foreach (ServerState server in shuffled)
            {
                _candidates.Enqueue(server);
            }
        }

        AskNext();
    }

    private int Doubt(ServerState server) =>
        server.Health.IsDown ? 2 : _pool.Reactor.Now - AtLeastMilliseconds > server.SilentSince ? 1 : 0;

    private void AskNext()
    {
        while (_candidates.TryDequeue(out ServerState? server))
        {
            if (server.IsGone)
            {
                continue;
            }

            ServerConnection? connection = server.Connection(0, 0);
            if (connection is null)
            {
                connection = _private = server.OpenPrivate(_pool.Lanes[0]);
            }

            if (connection.IsClosed)
            {
                _lastFailure = connection.CloseReason;
                continue;
            }

            _pool.Reactor.Timers.Set(_limit, _pool.Reactor.Now + AnswerMilliseconds);
            Ask(server, connection, "SHARDS", ClusterTopology.FromShards);
            return;
        }

        Warn();
        End(isKnown: false);
    }

    /// <summary>While requests come the question is asked ten times a second; the answer is news only now and then.</summary>
    private void Warn()
    {
        if (_nextWarning <= _pool.Reactor.Now)
        {
            _nextWarning = _pool.Reactor.Now + WarnMilliseconds;
            _pool.Shared.Log.Write(LogLevel.Warn, "cluster_unknown", $"no node told the cluster's slots, last: {_lastFailure}", ("pool", _pool.Config.Name));
        }
    }

    private void TryNext(string failure)
    {
        _lastFailure = failure;
        EndQuestion();
        AskNext();
    }

    private void EndQuestion()
    {
        _question++;
        _pool.Reactor.Timers.Cancel(_limit);
        ServerConnection? used = _private;
        _private = null;
        used?.Close("the cluster's slots were asked for");
    }

    private void Ask(ServerState server, ServerConnection connection, string subcommand, TopologyReader read)
    {
        int question = ++_question;
        Question.Ask(
            connection,
            output => output.WriteRequest("CLUSTER", subcommand),
            (reply, failure) =>
            {
                if (question == _question)
                {
                    OnAnswer(server, connection, subcommand, reply, reply is null ? null : read(reply), failure);
                }
            });
    }

    private void OnAnswer(ServerState server, ServerConnection connection, string subcommand, byte[]? reply, IReadOnlyList<ClusterShard>? shards, Failure? failure)
    {
        if (shards is not null && shards.Any(static shard => shard.Slots.Count > 0) && !shards.Any(static shard => shard.IsAmbiguous))
        {
            EndQuestion();
            _nextWarning = 0;
            Distribute(server, shards);
            End(isKnown: true);
        }
        else if (failure is null && subcommand is "SHARDS" && !connection.IsClosed)
        {
            // Before Redis 7.0, or two primaries of which SHARDS does not say who has the slots.
            Ask(server, connection, "SLOTS", ClusterTopology.FromSlots);
        }
        else
        {
            TryNext(failure?.Text ?? (reply is [(byte)'-', ..]
                ? $"server {server.Label} says {Encoding.UTF8.GetString(reply.AsSpan(1)).TrimEnd()}"
                : $"server {server.Label} does not serve a cluster"));
        }
    }

    private void Distribute(ServerState teller, IReadOnlyList<ClusterShard> shards)
    {
        Pool shared = _pool.Shared;
        long now = _pool.Reactor.Now;
        _pool.Cluster!.Distribute(
            shards,
            node => node.Host.Length > 0 ? shared.NodeIndex(node.Host, node.Port, now) : shared.NodeIndexBeside(teller.Config, node.Port, now));
    }

    private void End(bool isKnown)
    {
        _isAsking = false;

        // Many proxies that were started together are not to ask together.
        long period = isKnown ? PeriodMilliseconds - _random.Next(PeriodMilliseconds / 4) : UnknownMilliseconds;
        Schedule(_pool.Reactor.Now + (_isWanted ? AtLeastMilliseconds : period));
        List<Action> served = _served;
        _served = [];
        served.ForEach(static then => then());
        if (_next.Count > 0 && !_isAsking)
        {
            Start();
        }
    }

    private void Schedule(long due)
    {
        if (!_isStopped && (!_timer.IsSet || due < _timer.Due))
        {
            _pool.Reactor.Timers.Set(_timer, due);
        }
    }

    private delegate IReadOnlyList<ClusterShard>? TopologyReader(ReadOnlySpan<byte> reply);
}
