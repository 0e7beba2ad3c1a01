using Keyway.Protocol.Cluster;
using Keyway.Protocol.Hashing;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Cluster;

/// <summary>
/// The cluster behind a pool as one reactor knows it: who serves each slot, and what becomes of requests that went to the wrong node. Before the first map is
/// there requests go to any node, whose redirects tell.
/// </summary>
internal sealed class ClusterState
{
    private const uint SlotMask = SlotRange.SlotCount - 1; // a slot is the CRC16 modulo their number
    private static readonly HashTag Tag = new((byte)'{', (byte)'}');

    private readonly PoolState _pool;
    private readonly short[] _owners = new short[SlotRange.SlotCount];
    private readonly TopologyRefresh? _refresh;
    private readonly RetryQueue _retries;
    private ServerState[] _primaries = [];

    internal ClusterState(PoolState pool)
    {
        _pool = pool;
        Array.Fill(_owners, ClusterMap.Nobody);
        _retries = new RetryQueue(pool, this);
        _refresh = pool.Reactor.Index == 0 ? new TopologyRefresh(pool) : null;
    }

    /// <summary>Counts the changes of the map: requests of one client that went by different maps could overtake each other.</summary>
    internal int Version { get; private set; }

    /// <summary>The nodes that serve slots; the configured servers before the first map is there.</summary>
    internal ReadOnlySpan<ServerState> Primaries => _primaries.Length > 0 ? _primaries : _pool.Servers.AsSpan(0, _pool.Config.Servers.Count);

    /// <summary>To be called once on the reactor's thread, before the first request.</summary>
    internal void Begin() => _refresh?.Begin();

    /// <summary>The process ends.</summary>
    internal void Stop() => _refresh?.Stop();

    /// <summary>The slot of a key, 0 to 16383.</summary>
    internal static int SlotOf(ReadOnlySpan<byte> key) => (int)(KeyHash.Compute(HashKind.Crc16, Tag.Effective(key)) & SlotMask);

    /// <summary>The node that serves the slot; where that is not known, one that can tell. Null when none is up.</summary>
    internal ServerState? OwnerOf(int slot) => _owners[slot] is >= 0 and var node ? _pool.ServerAt(node) : AnyNode();

    /// <summary>Some node that is up: a primary if there is one.</summary>
    internal ServerState? AnyNode() => FirstUp(Primaries) ?? FirstUp(_pool.Servers);

    /// <summary>Takes a new map; nodes that have left the cluster are let go.</summary>
    internal void Apply(ClusterMap map)
    {
        if (!map.Owners.SequenceEqual(_owners))
        {
            map.Owners.CopyTo(_owners);
            Version++;
        }

        _primaries = [.. map.Primaries.Select(_pool.ServerAt)];
        foreach (ServerState server in _pool.Servers)
        {
            // Configured servers stay: they are asked when all others are gone.
            server.SetGone(server.Index >= _pool.Config.Servers.Count && !map.Members.Contains(server.Index));
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

    /// <summary>Sends a request whose bytes are kept in its <see cref="Resend"/>.</summary>
    internal void Send(Request request) => Dispatch(request, OwnerOf(request.Resend!.Slot), isAsking: false);

    /// <summary>
    /// An error reply to a request that can be sent again. True: it is under way again (or waits for that), and the reply is not for the client.
    /// </summary>
    internal bool TryHandle(Request request, ServerState from, ReadOnlySpan<byte> reply)
    {
        if (request.IsDone || (request.Client is null && request.Sink is null))
        {
            return false;
        }

        if (Redirect.TryParse(reply, out Redirect redirect))
        {
            Follow(request, from, redirect);
            return true;
        }

        if (!Refusal.IsPassing(reply))
        {
            return false;
        }

        RequestRefresh();
        return _retries.TryAdd(request);
    }

    /// <summary>The connection of a request was lost, or could not be had. True: it is going to be sent again.</summary>
    /// <param name="request">Not in any connection's queue.</param>
    /// <param name="mayBeExecuted">False when it was not sent.</param>
    internal bool TryRepeat(Request request, bool mayBeExecuted)
    {
        if (request.Resend is not { Owner: not null } resend || request.IsDone || request.IsStreaming
            || (request.Client is null && request.Sink is null) || (mayBeExecuted && !resend.MayRepeat))
        {
            return false;
        }

        RequestRefresh();
        return _retries.TryAdd(request);
    }

    /// <summary>Sends it, or keeps it for a later try while its node is away.</summary>
    internal void Dispatch(Request request, ServerState? server, bool isAsking)
    {
        Resend resend = request.Resend!;
        ServerConnection? connection = server?.Connection(resend.Lane, resend.Owner!.Number);
        if (connection is null)
        {
            RequestRefresh();
            if (!_retries.TryAdd(request))
            {
                Fail(request, server?.DownFailure() ?? Failure.NoServer(_pool.Config.Name));
            }

            return;
        }

        if (isAsking)
        {
            // It holds for the next request of this connection: nothing can come in between.
            connection.Send(_pool.Requests.Rent(), "*1\r\n$6\r\nASKING\r\n"u8);
        }

        connection.BeginSend(request).WriteCopy(resend.Frame);
        if (connection.IsFull)
        {
            connection.WakeWhenRoom(resend.Owner!);
        }
    }

    private void Follow(Request request, ServerState from, in Redirect redirect)
    {
        int node = _pool.Shared.NodeIndex(redirect.Host.Length > 0 ? redirect.Host : from.Config.Host!, redirect.Port);
        if (!redirect.IsAsk && _owners[redirect.Slot] != node)
        {
            _owners[redirect.Slot] = (short)node;
            Version++;
            RequestRefresh();
        }

        Resend resend = request.Resend!;
        resend.Owner!.Pause(PauseReasons.Order);
        if (++resend.Attempts <= RetryQueue.AtOnce)
        {
            Dispatch(request, _pool.ServerAt(node), redirect.IsAsk);
        }
        else if (!_retries.TryAdd(request))
        {
            Fail(request, Failure.KeepsMoving(redirect.Slot));
        }
    }

    /// <summary>It is in no queue of a connection: this may be its end.</summary>
    private void Fail(Request request, Failure failure)
    {
        request.Holders++;
        ServerConnection.FailOne(request, failure);
        _pool.Requests.Release(request);
    }

    private static ServerState? FirstUp(ReadOnlySpan<ServerState> servers)
    {
        foreach (ServerState server in servers)
        {
            if (!server.Health.IsDown && !server.IsGone)
            {
                return server;
            }
        }

        return null;
    }
}
