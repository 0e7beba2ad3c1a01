using Keyway.Proxy.Cluster;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Health;
using Keyway.Proxy.Pipelining;

namespace Keyway.Proxy.Pools;

/// <summary>One server as one reactor sees it: its connections, lane by lane, and its health.</summary>
internal sealed class ServerState
{
    private readonly List<ServerConnection?[]> _lanes = [];
    private HealthCheck? _healthCheck;

    internal ServerState(PoolState pool, ServerConfig config, int index)
    {
        Pool = pool;
        Config = config;
        Index = index;
        Address = new ServerAddress(config);
        Zone = config.Host is null ? null : ZonePair.Find(pool.Config.Zones, config.Host, config.Port);
        Health = new ServerHealth(this);
        Pinned = new PinnedPool(this);
        Transactions = new TransactionCheck(this);
    }

    internal PoolState Pool { get; }

    internal ServerConfig Config { get; }

    /// <summary>Its number in placement order.</summary>
    internal int Index { get; }

    /// <summary>True for a node that has left its cluster: it is neither used nor probed.</summary>
    internal bool IsGone { get; private set; }

    internal string Label => Config.Label;

    /// <summary>The zone that the configuration gives it, or null.</summary>
    internal string? Zone { get; }

    internal ServerAddress Address { get; }

    internal ServerHealth Health { get; }

    /// <summary>The connections that clients have for themselves.</summary>
    internal PinnedPool Pinned { get; }

    /// <summary>Whether it takes transactions.</summary>
    internal TransactionCheck Transactions { get; }

    /// <summary>
    /// The connection of a client's lane, opened if need be; null while the server is down. A client always gets the same one of
    /// <c>server_connections</c>, so that its requests to a server stay in order.
    /// </summary>
    internal ServerConnection? Connection(int lane, long client)
    {
        if (lane < _lanes.Count)
        {
            ServerConnection?[] connections = _lanes[lane];
            ServerConnection? connection = connections[connections.Length == 1 ? 0 : (int)(client % connections.Length)];
            if (connection is not null)
            {
                return connection;
            }
        }

        return Health.IsDown ? null : Open(lane, (int)(client % Pool.Config.ServerConnections));
    }

    /// <summary>Names what is under way on its shared connections.</summary>
    internal void TellUnderWay(LatestRequests requests)
    {
        foreach (ServerConnection?[] connections in _lanes)
        {
            foreach (ServerConnection? connection in connections)
            {
                connection?.TellUnderWay(requests);
            }
        }
    }

    /// <summary>Why the next request cannot be sent, to be called when <see cref="Connection"/> gave null.</summary>
    internal Failure DownFailure() =>
        Health.IsDown ? Failure.ServerDown(Label, Health.Reason) : Failure.ConnectFailed(Label, Health.Reason);

    /// <summary>Opens a connection that is not shared: for probes, and to try out a lane. The caller closes it.</summary>
    internal ServerConnection OpenPrivate(Lane lane) => Start(Pool.Driver.CreateServerConnection(this, lane));

    /// <summary>To be called once on the reactor's thread, before the first request.</summary>
    internal void Begin()
    {
        if (Pool.IsFirst && Pool.Config.HealthInterval is { } interval)
        {
            _healthCheck = new HealthCheck(this, interval);
            _healthCheck.Start();
        }

        OpenInAdvance();
    }

    /// <summary>
    /// At the start and when the server has come back: with <c>preconnect</c> opens every shared connection of lane 0, with <c>min_idle</c> pinned ones.
    /// </summary>
    internal void OpenInAdvance()
    {
        Pinned.KeepMinimum();
        if (!Pool.Config.Preconnect)
        {
            return;
        }

        for (int i = 0; i < Pool.Config.ServerConnections; i++)
        {
            _ = Connection(0, i);
        }
    }

    /// <summary>
    /// A connection has ended. One that the server closed while nothing was asked of it says nothing about the server's health, nor does a refusal of
    /// a database or protocol version that only some clients use.
    /// </summary>
    internal void OnConnectionLost(ServerConnection connection, string reason, bool wasIdle)
    {
        for (int lane = 0; lane < _lanes.Count; lane++)
        {
            int slot = Array.IndexOf(_lanes[lane], connection);
            if (slot >= 0)
            {
                _lanes[lane][slot] = null;
                Transactions.IsPassed = false; // it may come back as another
                if (!wasIdle && !(connection.WasRefused && lane > 0))
                {
                    Health.OnFailure(reason);
                }
            }
        }
    }

    /// <summary>
    /// A shared connection is old (<c>connection_max_age</c>): opens another, which takes its place when it is ready. The old one ends when its last reply
    /// has come, and only then the new one begins to send, so that no client's requests overtake each other.
    /// </summary>
    internal void Renew(ServerConnection old)
    {
        for (int lane = 0; lane < _lanes.Count; lane++)
        {
            if (_lanes[lane].Contains(old))
            {
                ServerConnection fresh = Pool.Driver.CreateServerConnection(this, Pool.Lanes[lane]);
                fresh.Succeed(old);
                Start(fresh);
            }
        }
    }

    /// <summary>From now on requests go to the new connection.</summary>
    internal void Replace(ServerConnection old, ServerConnection fresh)
    {
        foreach (ServerConnection?[] connections in _lanes)
        {
            int slot = Array.IndexOf(connections, old);
            if (slot >= 0)
            {
                connections[slot] = fresh;
                fresh.LimitAge(Pool.Config.ConnectionMaxAge!.Value);
            }
        }
    }

    /// <summary>Since when it owes a reply and nothing at all has come, in the reactor's milliseconds; <see cref="long.MaxValue"/> when it owes none.</summary>
    internal long SilentSince
    {
        get
        {
            long since = long.MaxValue;
            foreach (ServerConnection?[] connections in _lanes)
            {
                foreach (ServerConnection? connection in connections)
                {
                    since = Math.Min(since, connection?.SilentSince ?? long.MaxValue);
                }
            }

            return since;
        }
    }

    /// <summary>Breaks its connections: nothing that comes over them is to be believed any more.</summary>
    internal void Abandon(string reason)
    {
        foreach (ServerConnection? connection in _lanes.SelectMany(static connections => connections).ToArray())
        {
            connection?.Close(reason);
        }

        Pinned.Abandon(reason);
    }

    /// <summary>The node has left its cluster (its connections end when their last reply has come), or is in it again.</summary>
    internal void SetGone(bool isGone)
    {
        if (isGone && !IsGone)
        {
            if (Pool.Config.Topology == PoolTopology.Sentinel)
            {
                // Who waits, watches or tracks there would do so for ever, and in vain: what happens to the keys happens elsewhere.
                HashSet<PinnedConnection> moving = [.. Pool.Clients.Select(client => client.MoveFrom(this)).OfType<PinnedConnection>()];
                Pinned.Abandon("it is the master no more", moving);
            }

            foreach (ServerConnection? connection in _lanes.SelectMany(static connections => connections).ToArray())
            {
                connection?.CloseWhenAnswered();
            }
        }

        bool isBack = IsGone && !isGone;
        IsGone = isGone;
        if (isGone)
        {
            Pinned.CloseIdle("it has left the cluster");
        }

        if (isBack)
        {
            Health.Resume();
        }
    }

    /// <summary>It left its cluster long ago, and its number is another's now.</summary>
    internal void Retire()
    {
        SetGone(isGone: true);
        _healthCheck?.Stop();
        Health.Stop();
        Abandon("it has left the cluster");
    }

    /// <summary>Closes every connection: the process ends.</summary>
    internal void Close()
    {
        _healthCheck?.Stop();
        Health.Stop();
        Pinned.Close();
        foreach (ServerConnection?[] connections in _lanes)
        {
            foreach (ServerConnection? connection in connections)
            {
                connection?.Close("shutting down");
            }
        }
    }

    private ServerConnection? Open(int lane, int slot)
    {
        while (_lanes.Count <= lane)
        {
            _lanes.Add(new ServerConnection?[Pool.Config.ServerConnections]);
        }

        ServerConnection connection = Pool.Driver.CreateServerConnection(this, Pool.Lanes[lane]);
        _lanes[lane][slot] = connection;
        if (Pool.Config.ConnectionMaxAge is { } age && !Config.IsMemory)
        {
            connection.LimitAge(age);
        }

        Start(connection);

        // A refused connect can end at once; then the slot is empty again and the request is told.
        return _lanes[lane][slot];
    }

    private ServerConnection Start(ServerConnection connection)
    {
        if (Config.IsMemory)
        {
            connection.AttachLocal(Pool.CreateMemorySession());
        }
        else
        {
            connection.Open(Address);
        }

        return connection;
    }
}
