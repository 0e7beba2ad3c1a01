using System.Globalization;
using System.Text;
using Keyway.Net.Timers;
using Keyway.Protocol.Cluster;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Redis;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Cluster;

/// <summary>
/// Finds the master with the Sentinels' help: asks all of them every second and whenever a request meets a server that is no master, and hears of a switch at once
/// (<c>+switch-master</c>). Sentinels that disagree are settled by the epoch of what they know: the newer one is right.
/// </summary>
internal sealed class SentinelWatch : ITopologySource
{
    private const int PeriodMilliseconds = 1000;
    private const int AtLeastMilliseconds = 50; // between two rounds of questions
    private const int SettleMilliseconds = 500; // at the start, for those who have not answered after the first has

    private readonly PoolState _pool;
    private readonly PoolState _sentinels;
    private readonly SentinelFeed[] _feeds;
    private readonly string?[] _refusals; // what each Sentinel said last, if that was an error
    private readonly ActionTimer _timer;
    private readonly ActionTimer _settle;
    private readonly MasterChoice _choice;
    private long _lastAsked;
    private ClusterNode? _master; // that of the choice
    private string _known = ""; // the one that the reactors know
    private ClusterNode[] _nodes = [];

    /// <param name="pool">The pool on the reactor that watches for all.</param>
    internal SentinelWatch(PoolState pool)
    {
        _pool = pool;
        PoolConfig config = pool.Config;

        // The Sentinels are asked like any server, with a password of their own and no database.
        Pool sentinels = new(
            config with { Topology = PoolTopology.Servers, ServerUser = config.SentinelUser, ServerPassword = config.SentinelPassword, Database = 0, HealthInterval = null },
            pool.Shared.Log,
            memory: null);
        _sentinels = new PoolState(sentinels, pool.Reactor, pool.Driver, pool.Guard);
        sentinels.SetStates([_sentinels]);
        _feeds = [.. _sentinels.Servers.Select(server => new SentinelFeed(server, Request))];
        _refusals = new string?[_feeds.Length];
        _choice = new MasterChoice(_feeds.Length);
        _timer = new ActionTimer(AskAll);
        _settle = new ActionTimer(Settle);
    }

    /// <inheritdoc/>
    public void Begin() => AskAll();

    /// <inheritdoc/>
    public void Stop()
    {
        _pool.Reactor.Timers.Cancel(_timer);
        _pool.Reactor.Timers.Cancel(_settle);
        foreach (SentinelFeed feed in _feeds)
        {
            feed.Stop();
        }

        _sentinels.Close();
    }

    /// <inheritdoc/>
    public void Request() => Schedule(Math.Max(_lastAsked + AtLeastMilliseconds, _pool.Reactor.Now));

    private void AskAll()
    {
        _lastAsked = _pool.Reactor.Now;
        foreach (SentinelFeed feed in _feeds)
        {
            feed.Open();
        }

        foreach (ServerState sentinel in _sentinels.Servers)
        {
            if (_pool.Reactor.Now - sentinel.SilentSince < PeriodMilliseconds * 5 && sentinel.Connection(0, 0) is { } connection)
            {
                Question.Ask(connection, output => output.WriteRequest("SENTINEL", "MASTER", _pool.Config.Master!), (reply, _) => OnMaster(sentinel, reply));
            }
            else
            {
                OnSilent(sentinel);
            }
        }

        Schedule(_pool.Reactor.Now + PeriodMilliseconds);
    }

    private void OnMaster(ServerState sentinel, byte[]? reply)
    {
        NoteRefusal(sentinel, reply);
        if (reply is null || SentinelReply.ReadPairs(reply) is not { } fields || Node(fields, isMaster: true) is not { } node
            || !long.TryParse(fields.GetValueOrDefault("config-epoch"), CultureInfo.InvariantCulture, out long epoch))
        {
            OnSilent(sentinel);
            return;
        }

        bool isSwitching = fields.GetValueOrDefault("flags", "").Contains("failover_in_progress", StringComparison.Ordinal);
        if (!_choice.Take(sentinel.Index, epoch, node.Id, _pool.Reactor.Now, isSwitching))
        {
            return;
        }

        _master = node;
        TellMaster($"Sentinel {sentinel.Label}, epoch {epoch}");
        if (_pool.Config.ReadFrom != ReadFrom.Primary && node.Id == _known && sentinel.Connection(0, 0) is { } connection)
        {
            Question.Ask(
                connection,
                output => output.WriteRequest("SENTINEL", "REPLICAS", _pool.Config.Master!),
                (replicas, _) => OnReplicas(node, replicas));
        }
    }

    private void OnSilent(ServerState sentinel)
    {
        _choice.OnSilent(sentinel.Index);
        TellMaster("all Sentinels have been asked");
    }

    private void Settle()
    {
        _choice.Settle();
        TellMaster($"not all Sentinels have answered within {SettleMilliseconds} ms");
    }

    /// <summary>Tells all reactors who the master is, if that has changed and is certain.</summary>
    private void TellMaster(string source)
    {
        if (_master is not { } master || master.Id == _known)
        {
            return;
        }

        if (!_choice.IsSettled)
        {
            if (!_settle.IsSet)
            {
                _pool.Reactor.Timers.Set(_settle, _pool.Reactor.Now + SettleMilliseconds);
            }

            return;
        }

        _known = master.Id;
        _pool.Shared.Log.Write(LogLevel.Info, "master_changed", $"the master is {master.Id} ({source})", ("pool", _pool.Config.Name));
        Distribute([master]);
    }

    /// <summary>A Sentinel's error is logged when it is news.</summary>
    private void NoteRefusal(ServerState sentinel, byte[]? reply)
    {
        string? refusal = reply is [(byte)'-', ..] ? Encoding.UTF8.GetString(reply).Trim('-', '\r', '\n') : null;
        if (refusal is not null && refusal != _refusals[sentinel.Index])
        {
            _pool.Shared.Log.Write(LogLevel.Warn, "sentinel_refused", $"Sentinel {sentinel.Label}: {refusal}", ("pool", _pool.Config.Name));
        }

        if (reply is not null)
        {
            _refusals[sentinel.Index] = refusal;
        }
    }

    private void OnReplicas(ClusterNode master, byte[]? reply)
    {
        if (reply is not null && master.Id == _known && SentinelReply.ReadList(reply) is { } replicas)
        {
            Distribute([master, .. replicas.Select(static fields => Node(fields, isMaster: false)).OfType<ClusterNode>()]);
        }
    }

    private static ClusterNode? Node(Dictionary<string, string> fields, bool isMaster)
    {
        string host = fields.GetValueOrDefault("ip", "");
        if (host.Length == 0 || !ushort.TryParse(fields.GetValueOrDefault("port"), CultureInfo.InvariantCulture, out ushort port))
        {
            return null;
        }

        string flags = fields.GetValueOrDefault("flags", "");
        bool isHealthy = isMaster
            || (!flags.Contains("down", StringComparison.Ordinal) && !flags.Contains("disconnected", StringComparison.Ordinal)
                && fields.GetValueOrDefault("master-link-status") is "ok");
        return new ClusterNode(ServerConfig.AddressOf(host, port), host, port, isMaster, isHealthy);
    }

    /// <summary>Tells all reactors who the servers are, if that has changed.</summary>
    private void Distribute(ClusterNode[] nodes)
    {
        if (nodes.SequenceEqual(_nodes))
        {
            return;
        }

        _nodes = nodes;
        _pool.Cluster!.Distribute(
            [new ClusterShard([new SlotRange(0, SlotRange.SlotCount - 1)], nodes)],
            node => _pool.Shared.NodeIndex(node.Host, node.Port, _pool.Reactor.Now));
    }

    private void Schedule(long due)
    {
        if (!_timer.IsSet || due < _timer.Due)
        {
            _pool.Reactor.Timers.Set(_timer, due);
        }
    }
}
