using Keyway.Net.Timers;
using Keyway.Protocol.Cluster;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Cluster;

/// <summary>
/// The cluster behind a pool as one reactor knows it: who serves each slot, and what becomes of requests that went to the wrong node. A master that Sentinels watch
/// is a cluster in which one node has all slots.
/// </summary>
internal sealed partial class ClusterState
{
    private const int SilentMilliseconds = 500; // a node that owes replies and says nothing for so long may have a successor

    private readonly PoolState _pool;
    private readonly ITopologySource? _refresh;
    private readonly RetryQueue _retries;
    private readonly ReplicaChoice _replicas;
    private readonly ActionTimer _silence;
    private readonly ActionTimer _patience;
    private readonly HashSet<ClientConnection> _waitForMap = [];
    private readonly HashSet<ClientConnection> _waitForServer = [];
    private readonly ActionTimer _offer;
    private ReplicaWatch? _watch;
    private long _order;
    private int _isRefreshAsked; // 1 while the first reactor has not yet heard of it
    private bool _hasTransactions; // nodes are tried out before one comes

    internal ClusterState(PoolState pool)
    {
        _pool = pool;
        _retries = new RetryQueue(pool, this);
        _replicas = new ReplicaChoice(pool);
        _refresh = pool.Reactor.Index > 0 ? null : pool.Config.Topology == PoolTopology.Sentinel ? new SentinelWatch(pool) : new TopologyRefresh(pool);
        _silence = new ActionTimer(LookForSilence);
        _patience = new ActionTimer(GiveUpWaiting);
        _offer = new ActionTimer(OfferAgain);
    }

    /// <summary>Who serves which slot.</summary>
    internal SlotTable Slots { get; } = new();

    /// <summary>The replicas that may answer reads.</summary>
    internal ReplicaChoice Replicas => _replicas;

    /// <summary>False until a node has told the map: which servers have keys is not known.</summary>
    internal bool IsKnown { get; private set; }

    /// <summary>True while clients wait for the first map; afterwards they are told.</summary>
    internal bool IsAwaited { get; private set; }

    /// <summary>To be called once on the reactor's thread, before the first request.</summary>
    internal void Begin()
    {
        IsAwaited = true;
        _pool.Reactor.Timers.Set(_patience, _pool.Reactor.Now + (long)(_pool.Config.RetryBudget ?? _pool.Config.ConnectTimeout).TotalMilliseconds);
        _refresh?.Begin();
        if (_pool.IsFirst && ReplicaWatch.IsNeeded(_pool.Config))
        {
            _watch = new ReplicaWatch(_pool);
            _watch.Begin();
        }
    }

    /// <summary>The process ends.</summary>
    internal void Stop()
    {
        _refresh?.Stop();
        _watch?.Stop();
        _pool.Reactor.Timers.Cancel(_silence);
        _pool.Reactor.Timers.Cancel(_patience);
        _pool.Reactor.Timers.Cancel(_offer);
    }

    /// <summary>The node that serves the slot; where that is not known, one that can tell. Null when none is up.</summary>
    internal ServerState? OwnerOf(int slot) => Slots[slot] is >= 0 and var node ? _pool.ServerAt(node) : AnyNode();

    /// <summary>Some node that is up: a primary if there is one.</summary>
    internal ServerState? AnyNode() => AnySlot() is >= 0 and var slot ? _pool.ServerAt(Slots[slot]) : Array.Find(_pool.Servers, IsUp);

    /// <summary>A slot of a primary that is up; -1 when there is none.</summary>
    internal int AnySlot()
    {
        foreach (int slot in Slots.FirstSlots)
        {
            if (IsUp(_pool.ServerAt(Slots[slot])))
            {
                return slot;
            }
        }

        return -1;
    }

    /// <summary>The nodes that serve slots, in the order of their lowest ones.</summary>
    internal ServerState[] Primaries()
    {
        ReadOnlySpan<int> firsts = Slots.FirstSlots;
        ServerState[] primaries = new ServerState[firsts.Length];
        for (int i = 0; i < primaries.Length; i++)
        {
            primaries[i] = _pool.ServerAt(Slots[firsts[i]]);
        }

        return primaries;
    }

    /// <summary>Offers the client's request again when the map is known, or is not waited for any more.</summary>
    internal void AwaitMap(ClientConnection client)
    {
        client.Pause(PauseReasons.Barrier);
        _waitForMap.Add(client);
    }

    /// <summary>The client that waits for the map, or a server, has gone: it is not waited for.</summary>
    internal void Forget(ClientConnection client)
    {
        if (_waitForMap.Remove(client) || _waitForServer.Remove(client))
        {
            client.Unpause(PauseReasons.Barrier);
        }
    }

    /// <summary>Offers the client's request again in a moment: its server is away, and may have a successor then.</summary>
    internal void AwaitServer(ClientConnection client)
    {
        RequestRefresh();
        client.Pause(PauseReasons.Barrier);
        _waitForServer.Add(client);
        if (!_offer.IsSet)
        {
            _pool.Reactor.Timers.Set(_offer, _pool.Reactor.Now + RetryQueue.LeastMilliseconds);
        }
    }

    /// <summary>The number is another node's now.</summary>
    internal void Forget(int node)
    {
        Slots.Forget(node);
        _replicas.Forget(node);
        _watch?.Forget(node);
    }

    /// <summary>Tells all reactors who serves what.</summary>
    /// <param name="shards">What was heard.</param>
    /// <param name="indexOf">The number of a node in the pool.</param>
    internal void Distribute(IReadOnlyList<ClusterShard> shards, Func<ClusterNode, int> indexOf)
    {
        ClusterMap map = new(shards, indexOf);
        _pool.Shared.Nodes.Keep(map.Members, _pool.Reactor.Now);
        Apply(map);
        _pool.Shared.TellOthers(_pool, state => state.Cluster!.Apply(map));
    }

    /// <summary>Takes a new map; nodes that have left the cluster are let go.</summary>
    internal void Apply(ClusterMap map)
    {
        int version = Slots.Version;
        foreach (int node in map.Members)
        {
            _pool.Renew(node);
        }

        Slots.Take(map.Owners);
        _replicas.Take(map.Replicas);
        foreach (ServerState server in _pool.Servers)
        {
            // Configured servers stay: they are asked when all others are gone.
            server.SetGone(server.Index >= _pool.Shared.ConfiguredServers && !map.Members.Contains(server.Index));
            if (map.Failed.Contains(server.Index) && !map.Owners.Contains(SlotTable.OwnerOf(server.Index)))
            {
                // It has a successor, and what it still says may be out of date.
                server.Abandon("the cluster says that it has failed");
            }
        }

        TryOutMembers(map);
        IsKnown = true;
        GiveUpWaiting();
        if (Slots.Version != version)
        {
            OnMapChanged();
        }
    }

    /// <summary>The map may be out of date.</summary>
    internal void RequestRefresh()
    {
        if (_refresh is not null)
        {
            _refresh.Request();
        }
        else
        {
            AskFirstReactor();
        }
    }

    /// <summary>However many requests come back at a time, one message says so.</summary>
    private void AskFirstReactor()
    {
        if (Interlocked.Exchange(ref _isRefreshAsked, 1) == 0)
        {
            PoolState first = _pool.Shared.States[0];
            first.Reactor.Post(() =>
            {
                _ = Interlocked.Exchange(ref _isRefreshAsked, 0); // before it is done: what happens from now on is news
                first.Cluster!.RequestRefresh();
            });
        }
    }

    /// <summary>Calls back when the map is no older than this call, as far as any node can tell.</summary>
    internal void Confirm(Action then)
    {
        if (_refresh is not null)
        {
            _refresh.Ask(then);
        }
        else
        {
            PoolState first = _pool.Shared.States[0];
            first.Reactor.Post(() => first.Cluster!.Confirm(() => _pool.Reactor.Post(then)));
        }
    }

    /// <summary>See <see cref="Resend.Order"/>.</summary>
    internal long NextOrder() => ++_order;

    /// <summary>To be called when something is sent: a node that does not answer may have a successor.</summary>
    internal void WatchSilence()
    {
        if (!_silence.IsSet)
        {
            _pool.Reactor.Timers.Set(_silence, _pool.Reactor.Now + SilentMilliseconds);
        }
    }

    private static bool IsUp(ServerState server) => !server.Health.IsDown && !server.IsGone;

    /// <summary>Where transactions are used, a node is known to take them before one has to follow its slot there: it would be overtaken while it waits for that.</summary>
    private void TryOutMembers(ClusterMap map)
    {
        if (!_hasTransactions)
        {
            return;
        }

        foreach (ServerState server in _pool.Servers)
        {
            if (map.Members.Contains(server.Index) && !map.Failed.Contains(server.Index) && IsUp(server) && server.Transactions is { IsPassed: false, IsAsking: false })
            {
                server.Transactions.Ask(static _ => { });
            }
        }
    }

    /// <summary>Takes note of where a slot is now.</summary>
    /// <returns>The number of the node.</returns>
    internal int Learn(ServerState from, in Redirect redirect)
    {
        int node = redirect.Host.Length > 0
            ? _pool.Shared.NodeIndex(redirect.Host, redirect.Port, _pool.Reactor.Now)
            : _pool.Shared.NodeIndexBeside(from.Config, redirect.Port, _pool.Reactor.Now);
        _pool.Renew(node);
        if (!redirect.IsAsk && Slots[redirect.Slot] != node)
        {
            Slots.Set(redirect.Slot, node);
            RequestRefresh();
            OnMapChanged();
        }

        return node;
    }

    private void OnMapChanged()
    {
        _pool.Driver.OnMapChanged();
        _pool.Smart?.OnMapChanged();
    }

    /// <summary>A frozen node loses no connection; but when it has a successor, those who wait for it can be helped.</summary>
    private void LookForSilence()
    {
        long now = _pool.Reactor.Now;
        bool isBusy = false;
        bool isSilent = false;
        foreach (ServerState server in _pool.Servers)
        {
            long since = server.SilentSince;
            if (server.IsGone && since != long.MaxValue && now - since >= SilentMilliseconds)
            {
                // Others serve what it owes, and it may be silent for ever.
                server.Abandon("it has left the pool and is silent");
                continue;
            }

            isBusy |= since != long.MaxValue;
            isSilent |= since != long.MaxValue && now - since >= SilentMilliseconds;
        }

        if (isSilent)
        {
            RequestRefresh();
        }

        if (isBusy)
        {
            _pool.Reactor.Timers.Set(_silence, now + (SilentMilliseconds / 2));
        }
    }

    private void GiveUpWaiting()
    {
        IsAwaited = false;
        Release(_waitForMap);
    }

    private void OfferAgain() => Release(_waitForServer);

    private static void Release(HashSet<ClientConnection> waiting)
    {
        ClientConnection[] clients = [.. waiting];
        waiting.Clear();
        foreach (ClientConnection client in clients)
        {
            client.Unpause(PauseReasons.Barrier);
        }
    }
}
