using System.Text;
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
internal sealed class ClusterState
{
    private const int SilentMilliseconds = 500; // a node that owes replies and says nothing for so long may have a successor

    private readonly PoolState _pool;
    private readonly ITopologySource? _refresh;
    private readonly RetryQueue _retries;
    private readonly ReplicaChoice _replicas;
    private readonly ActionTimer _silence;
    private readonly ActionTimer _patience;
    private readonly HashSet<ClientConnection> _waitForMap = [];
    private ReplicaWatch? _watch;
    private long _order;
    private bool _hasTransactions; // nodes are tried out before one comes

    internal ClusterState(PoolState pool)
    {
        _pool = pool;
        _retries = new RetryQueue(pool, this);
        _replicas = new ReplicaChoice(pool);
        _refresh = pool.Reactor.Index > 0 ? null : pool.Config.Topology == PoolTopology.Sentinel ? new SentinelWatch(pool) : new TopologyRefresh(pool);
        _silence = new ActionTimer(LookForSilence);
        _patience = new ActionTimer(GiveUpWaiting);
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
    }

    /// <summary>The node that serves the slot; where that is not known, one that can tell. Null when none is up.</summary>
    internal ServerState? OwnerOf(int slot) => Slots[slot] is >= 0 and var node ? _pool.ServerAt(node) : AnyNode();

    /// <summary>Some node that is up: a primary if there is one.</summary>
    internal ServerState? AnyNode()
    {
        foreach (int slot in Slots.FirstSlots)
        {
            if (IsUp(_pool.ServerAt(Slots[slot])))
            {
                return _pool.ServerAt(Slots[slot]);
            }
        }

        return Array.Find(_pool.Servers, IsUp);
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

    /// <summary>Takes a new map; nodes that have left the cluster are let go.</summary>
    internal void Apply(ClusterMap map)
    {
        int version = Slots.Version;
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
            PoolState first = _pool.Shared.States[0];
            first.Reactor.Post(() => first.Cluster!.RequestRefresh());
        }
    }

    /// <summary>See <see cref="Resend.Order"/>.</summary>
    internal long NextOrder() => ++_order;

    /// <summary>Sends a request whose bytes are kept in its <see cref="Resend"/>.</summary>
    internal void Send(Request request)
    {
        Resend resend = request.Resend!;
        ServerState? primary = OwnerOf(resend.Slot);
        WatchSilence();
        if (resend.ReplicaLane < 0 || primary is null)
        {
            Dispatch(request, primary, resend.Lane, isAsking: false);
        }
        else if (_replicas.Choose(primary, resend.Owner!.Number) is not { } server)
        {
            Dispatch(request, null, resend.Lane, isAsking: false);
        }
        else
        {
            Dispatch(request, server, server == primary ? resend.Lane : resend.ReplicaLane, isAsking: false);
        }
    }

    /// <summary>To be called when something is sent: a node that does not answer may have a successor.</summary>
    internal void WatchSilence()
    {
        if (!_silence.IsSet)
        {
            _pool.Reactor.Timers.Set(_silence, _pool.Reactor.Now + SilentMilliseconds);
        }
    }

    /// <summary>
    /// An error reply to a request that can be sent again. True: it is under way again (or waits for that), and the reply is not for the client.
    /// </summary>
    internal bool TryHandle(Request request, ServerState from, ReadOnlySpan<byte> reply)
    {
        if (request.IsDone || (request.Client is null && request.Sink is null))
        {
            return false;
        }

        Resend resend = request.Resend!;
        if (resend.Queued?.FirstError is { } cause && reply.StartsWith("-EXECABORT"u8))
        {
            reply = cause;
        }

        if (Redirect.TryParse(reply, out Redirect redirect))
        {
            int node = Learn(from, redirect);
            if (resend.IsWatched)
            {
                SayVoid(request);
            }
            else
            {
                Follow(request, node, redirect);
            }

            return true;
        }

        if (!Refusal.IsPassing(reply))
        {
            return false;
        }

        RequestRefresh();
        if (resend.IsWatched)
        {
            return false;
        }

        resend.Refusal = reply.ToArray();
        LeaveReplica(resend);
        return _retries.TryAdd(request);
    }

    /// <summary>The connection of a request was lost, or could not be had. True: it is going to be sent again.</summary>
    /// <param name="request">Not in any connection's queue.</param>
    /// <param name="mayBeExecuted">False when it was not sent.</param>
    /// <param name="failure">What to say if it cannot be sent again.</param>
    internal bool TryRepeat(Request request, bool mayBeExecuted, Failure failure)
    {
        if (request.Resend is not { Owner: not null, IsWatched: false } resend || request.IsDone || request.IsStreaming
            || (request.Client is null && request.Sink is null) || (mayBeExecuted && !resend.MayRepeat))
        {
            return false;
        }

        RequestRefresh();
        resend.Refusal = null;
        resend.Failure = failure;
        LeaveReplica(resend);
        return _retries.TryAdd(request);
    }

    /// <summary>To be called when a request has its reply, or its failure: see <see cref="RetryQueue.GiveUpBefore"/>.</summary>
    internal void OnAnswered(Request request)
    {
        if (!_retries.IsEmpty && request.Resend is { Owner: not null, MayRepeat: false })
        {
            _retries.GiveUpBefore(request.Resend.Owner.Number, request.Resend.Slot, request);
        }
    }

    /// <summary>As <see cref="OnAnswered"/>, for a write that its client was answered before.</summary>
    internal void OnExecuted(long client, int slot)
    {
        if (!_retries.IsEmpty)
        {
            _retries.GiveUpBefore(client, slot, write: null);
        }
    }

    private static bool IsUp(ServerState server) => !server.Health.IsDown && !server.IsGone;

    /// <summary>Sends it, or keeps it for a later try while its node is away.</summary>
    private void Dispatch(Request request, ServerState? server, int lane, bool isAsking)
    {
        Resend resend = request.Resend!;
        if (resend.IsPinned)
        {
            if (server is null || !resend.Owner!.SendPinned(request, server, isAsking))
            {
                Postpone(request, server);
            }

            return;
        }

        if (_retries.IsBehindHeld(request) && _retries.TryAdd(request))
        {
            return;
        }

        if (server?.Connection(lane, resend.Owner!.Number) is not { } connection)
        {
            Postpone(request, server);
            return;
        }

        _hasTransactions |= resend.Queued is not null;
        if (resend.Queued is not null && !server.Transactions.IsPassed)
        {
            TryOut(request, server, lane, isAsking);
            return;
        }

        if (isAsking)
        {
            // It holds for the next request of this connection (for a transaction to its end): nothing can come in between.
            SendAsking(connection);
        }

        resend.Queued?.Enqueue(connection);
        resend.WriteTo(connection.BeginSend(request));
        if (connection.IsFull)
        {
            connection.WakeWhenRoom(resend.Owner!);
        }
    }

    /// <summary>Where transactions are used, a node is known to take them before one has to follow its slot there: it would be overtaken while it waits for that.</summary>
    private void TryOutMembers(ClusterMap map)
    {
        if (!_hasTransactions)
        {
            return;
        }

        foreach (ServerState server in _pool.Servers)
        {
            if (map.Members.Contains(server.Index) && !map.Failed.Contains(server.Index) && IsUp(server) && !server.Transactions.IsPassed)
            {
                server.Transactions.Ask(static _ => { });
            }
        }
    }

    /// <summary>A transaction is sent to a server only once that is known to take them: see <see cref="TransactionCheck"/>.</summary>
    private void TryOut(Request request, ServerState server, int lane, bool isAsking)
    {
        Resend resend = request.Resend!;
        request.Holders++;
        resend.Owner!.Pause(PauseReasons.Order);
        _retries.Hold(request);
        server.Transactions.Ask(failure =>
        {
            _retries.LetGo(request);
            if (!RetryQueue.IsAwaited(request))
            {
                // What came after it was executed before: it has been told.
            }
            else if (resend.Owner is not { IsClosed: false })
            {
                ServerConnection.Tell(request, failure ?? Failure.KeepsMoving(resend.Slot));
            }
            else if (failure is null)
            {
                Dispatch(request, server, lane, isAsking);
            }
            else if (failure.Kind == FailureKind.NotOffered)
            {
                resend.Refusal = Encoding.UTF8.GetBytes($"-EXECABORT Transaction discarded because of: {failure.Text}\r\n");
                RetryQueue.Answer(request, failure);
            }
            else
            {
                Postpone(request, server);
            }

            _pool.Requests.Release(request);
        });
    }

    /// <summary>Lets the next request of a connection have a slot that its node is still taking in.</summary>
    internal static void SendAsking(ServerConnection connection) =>
        connection.Send(connection.Server.Pool.Requests.Rent(), "*1\r\n$6\r\nASKING\r\n"u8);

    /// <summary>There is no connection for it now.</summary>
    private void Postpone(Request request, ServerState? server)
    {
        RequestRefresh();
        Resend resend = request.Resend!;
        resend.Refusal = null;
        resend.Failure = server?.DownFailure()
            ?? (resend.ReplicaLane < 0 ? Failure.NoServer(_pool.Config.Name) : Failure.NoReplica(resend.Slot));
        LeaveReplica(resend);
        if (!_retries.TryAdd(request))
        {
            Fail(request, resend.Failure);
        }
    }

    /// <summary>Takes note of where a slot is now.</summary>
    /// <returns>The number of the node.</returns>
    internal int Learn(ServerState from, in Redirect redirect)
    {
        int node = redirect.Host.Length > 0
            ? _pool.Shared.NodeIndex(redirect.Host, redirect.Port)
            : _pool.Shared.NodeIndexBeside(from.Config, redirect.Port);
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

    private void Follow(Request request, int node, in Redirect redirect)
    {
        Resend resend = request.Resend!;
        resend.Owner!.Pause(PauseReasons.Order);
        resend.Refusal = null;
        resend.Failure = Failure.KeepsMoving(redirect.Slot);
        bool wasReplica = resend.ReplicaLane >= 0;
        LeaveReplica(resend);
        if (++resend.Attempts > RetryQueue.AtOnce || (wasReplica && resend.ReplicaLane >= 0))
        {
            if (!_retries.TryAdd(request))
            {
                Fail(request, resend.Failure);
            }
        }
        else
        {
            Dispatch(request, _pool.ServerAt(node), resend.Lane, redirect.IsAsk);
        }
    }

    /// <summary>After a replica could not serve it, its primary may, unless reads are kept away from primaries.</summary>
    private void LeaveReplica(Resend resend)
    {
        if (_pool.Config.ReadFrom != ReadFrom.Replica)
        {
            resend.ReplicaLane = -1;
        }
    }

    /// <summary>EXEC of a transaction whose watched keys have moved: what a server says when they have changed, since nobody watches them any more.</summary>
    private void SayVoid(Request request)
    {
        int version = _pool.Lanes[request.Resend!.Lane].RespVersion;
        ReadOnlySpan<byte> reply = version == 3 ? "_\r\n"u8 : "*-1\r\n"u8;
        if (request.Client is { } client)
        {
            client.Deliver(request, reply, isLast: true);
        }
        else
        {
            request.Sink?.OnReply(request, reply, isLast: true);
        }
    }

    /// <summary>It is in no queue of a connection: this may be its end.</summary>
    private void Fail(Request request, Failure failure)
    {
        request.Holders++;
        ServerConnection.Tell(request, failure);
        _pool.Requests.Release(request);
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
        foreach (ClientConnection client in _waitForMap.ToArray())
        {
            client.Unpause(PauseReasons.Barrier);
        }

        _waitForMap.Clear();
    }
}
