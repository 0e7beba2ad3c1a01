using Keyway.Net;
using Keyway.Protocol.Cluster;
using Keyway.Protocol.Hashing;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Cluster;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Smart;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Pools;

/// <summary>One pool as one reactor has it: nothing in it is shared with another thread but <see cref="Shared"/>.</summary>
internal sealed class PoolState
{
    private const int MostLanes = 256; // every lane can cost a connection to each server

    private readonly HashSet<ClientConnection> _clients = [];
    private readonly List<Lane> _lanes;
    private readonly IdleSweep? _idleSweep;
    private Placement? _placement; // none in a pool without servers

    internal PoolState(Pool shared, Reactor reactor, ProtocolDriver driver, BufferGuard guard)
    {
        Shared = shared;
        Reactor = reactor;
        Driver = driver;
        Guard = guard;
        guard.Watch(this);
        _idleSweep = shared.Config.ClientIdleTimeout is { } idle ? new IdleSweep(this, idle) : null;
        LimitsConfig limits = shared.Config.Limits;
        RequestLimits = new RespLimits(limits.MaxBulk, limits.MaxArgs, limits.MaxDepth);
        Counters = new PoolCounters();
        TimeoutMilliseconds = (long)(shared.Config.Timeout?.TotalMilliseconds ?? 0);
        _lanes = [new Lane(shared.Config.Database, 2)];
        Servers = [.. shared.Config.Servers.Take(shared.ConfiguredServers).Select((server, index) => new ServerState(this, server, index))];
        Cluster = shared.Config.Topology == PoolTopology.Servers ? null : new ClusterState(this);
        _placement = shared.Config.Servers.Count == 0 ? null : shared.CreatePlacement(null);
        Smart = shared.Early is null ? null : new SmartState(this);
    }

    /// <summary>What the reactors' states of this pool have in common.</summary>
    internal Pool Shared { get; }

    internal PoolConfig Config => Shared.Config;

    internal Reactor Reactor { get; }

    internal ProtocolDriver Driver { get; }

    internal PoolCounters Counters { get; }

    internal RequestPool Requests { get; } = new();

    /// <summary>In placement order; in a cluster the configured ones, then the nodes by their numbers.</summary>
    internal ServerState[] Servers { get; private set; }

    /// <summary>What is known of the cluster behind the pool, or null when there is none.</summary>
    internal ClusterState? Cluster { get; }

    /// <summary>The writes that are answered before they are delivered; null in sync mode.</summary>
    internal SmartState? Smart { get; }

    /// <summary>Where keys live now; replaced when a server is ejected or readmitted.</summary>
    internal Placement Placement => _placement!;

    internal IReadOnlyList<Lane> Lanes => _lanes;

    /// <summary>Clients of this pool on this reactor.</summary>
    internal IEnumerable<ClientConnection> Clients => _clients;

    /// <summary>Keeps this reactor within its share of <c>max_buffers</c>.</summary>
    internal BufferGuard Guard { get; }

    /// <summary>Limits of a client's requests.</summary>
    internal RespLimits RequestLimits { get; }

    /// <summary>Milliseconds that a request may take; 0 for any time.</summary>
    internal long TimeoutMilliseconds { get; }

    /// <summary>Clients of this pool on this reactor.</summary>
    internal int ClientCount => _clients.Count;

    /// <summary>True for the state that does what one reactor does for all: probes and health checks.</summary>
    internal bool IsFirst => this == Shared.States[0];

    internal long DeadlineFrom(long now) => TimeoutMilliseconds == 0 ? long.MaxValue : now + TimeoutMilliseconds;

    internal static long NextClientNumber() => Pool.NextClientNumber();

    internal IByteService CreateMemorySession() => Driver.CreateMemorySession(Shared.Memory!);

    /// <summary>To be called once on the reactor's thread: connects to every server before the first request (<c>preconnect</c>) and sets the timers.</summary>
    internal void Begin()
    {
        _idleSweep?.Start();
        foreach (ServerState server in Servers)
        {
            server.Begin();
        }

        Cluster?.Begin();
        Smart?.Begin();
    }

    /// <summary>The number of a lane, new or known; -1 when there are too many.</summary>
    internal int LaneOf(Lane lane)
    {
        int index = _lanes.IndexOf(lane);
        if (index < 0 && _lanes.Count < MostLanes)
        {
            index = _lanes.Count;
            _lanes.Add(lane);
        }

        return index;
    }

    /// <summary>The server of that number; a cluster's node may be new to this reactor.</summary>
    internal ServerState ServerAt(int index)
    {
        for (int next = Servers.Length; next <= index; next++)
        {
            ServerState server = new(this, Shared.Nodes.At(next), next);
            Servers = [.. Servers, server];
            server.Begin();
        }

        return Servers[index];
    }

    /// <summary>To be called when a number was told, by whatever way, and before it is used: it may be another node's by now.</summary>
    internal void Renew(int index)
    {
        if (index >= Servers.Length || Shared.Nodes.At(index) is var node && ReferenceEquals(node, Servers[index].Config))
        {
            return;
        }

        Servers[index].Retire();
        Cluster!.Forget(index);
        Servers[index] = new ServerState(this, node, index);
        Servers[index].Begin();
    }

    /// <summary>This reactor's state of a server that another has news of; null if its number is another's by now.</summary>
    internal ServerState? StateOf(ServerState server)
    {
        if (!ReferenceEquals(Shared.Nodes.At(server.Index), server.Config))
        {
            return null;
        }

        Renew(server.Index);
        return ServerAt(server.Index);
    }

    /// <summary>What places the key: the number of its server, -1 when none is up; in a cluster its slot.</summary>
    internal int Locate(ReadOnlySpan<byte> key) => Cluster is null ? Placement.Locate(key) : KeySlot.Of(key);

    /// <summary>The server of what <see cref="Locate"/> gave; null when none is up.</summary>
    internal ServerState? OwnerOf(int place) => Cluster is not null ? Cluster.OwnerOf(place) : place < 0 ? null : Servers[place];

    /// <summary>The one server of a pool that is not sharded; null while the Sentinels know none.</summary>
    internal ServerState? OnlyServer => Cluster is null ? Servers[0] : Cluster.OwnerOf(0);

    /// <summary>The servers that together have all keys: those that are not ejected; of a cluster the primaries.</summary>
    internal IEnumerable<ServerState> KeyServers() => Cluster is null ? Servers.Where(server => !IsEjected(server)) : Cluster.Primaries();

    /// <summary>The first server that is up, or null.</summary>
    internal ServerState? AnyServer()
    {
        if (Cluster is not null)
        {
            return Cluster.AnyNode();
        }

        foreach (ServerState server in Servers)
        {
            if (!server.Health.IsDown)
            {
                return server;
            }
        }

        return null;
    }

    /// <summary>True when a server's keys are now on the others.</summary>
    internal bool IsEjected(ServerState server) => Config.AutoEjectHosts && server.Health.IsDown;

    /// <summary>A server went down or came back: with <c>auto_eject_hosts</c> its keys move.</summary>
    internal void OnHealthChanged()
    {
        if (Config.AutoEjectHosts)
        {
            _placement = Shared.CreatePlacement(Servers.Where(static server => server.Health.IsDown).Select(static server => server.Index).ToHashSet());
        }

        Smart?.OnHealthChanged();
        Driver.OnHealthChanged();
    }

    /// <summary>Takes in a client's socket, on this reactor's thread.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="isHttp">It came to <c>http_listen</c>.</param>
    internal void Accept(AcceptedSocket socket, bool isHttp = false)
    {
        if (Shared.IsStopping)
        {
            Counters.ClientsRefused++;
            Reactor.AddLoad(-1);
            socket.Close();
            return;
        }

        ClientConnection client = isHttp ? Driver.CreateHttpClient(this) : Driver.CreateClient(this);
        if (Config.ClientConnections > 0 && !Shared.TryAdmit())
        {
            Counters.ClientsRefused++;
            Reactor.AddLoad(-1);
            client.Attach(socket, keepAlive: false);
            client.TurnAway("max number of clients reached");
            return;
        }

        _clients.Add(client);
        Counters.ClientsAccepted++;
        Counters.Clients++;
        client.Attach(socket, Config.TcpKeepalive);
    }

    internal void RemoveClient(ClientConnection client, string reason)
    {
        if (_clients.Remove(client))
        {
            Counters.Clients--;
            Reactor.AddLoad(-1);
            Shared.Leave();
            Shared.Log.Write(LogLevel.Debug, "client_closed", $"client {client.Number} closed: {reason}", ("pool", Config.Name));
        }
    }

    /// <summary>A client that leaves its replies untaken is closed, so that its backlog does not eat the others' memory.</summary>
    internal void CloseSlowClient(ClientConnection client)
    {
        Counters.ClientsTooSlow++;
        Shared.Log.Write(
            LogLevel.Warn,
            "client_too_slow",
            $"client {client.Number} closed: {client.Backlog} bytes of replies not taken (limits.client_output_hard)",
            ("pool", Config.Name));
        client.Close("replies not taken");
    }

    /// <summary>Lets every client finish what it has asked, and closes those that await nothing.</summary>
    internal void Drain()
    {
        foreach (ClientConnection client in _clients.ToArray())
        {
            client.Drain();
        }
    }

    /// <summary>Closes everything.</summary>
    internal void Close()
    {
        _idleSweep?.Stop();
        Cluster?.Stop();
        Smart?.Close();
        foreach (ClientConnection client in _clients.ToArray())
        {
            client.Close("shutting down");
        }

        foreach (ServerState server in Servers)
        {
            server.Close();
        }

        Driver.Stop();
    }
}
