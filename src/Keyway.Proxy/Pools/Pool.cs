using Keyway.Protocol.Hashing;
using Keyway.Proxy.Commands;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Memory;
using Keyway.Proxy.Relay;
using Keyway.Proxy.Smart;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Pools;

/// <summary>What all reactors' states of one pool share: the configuration, the log, the memory server, and how many clients there are.</summary>
internal sealed class Pool(PoolConfig config, Log log, MemoryStore? memory, IWriteJournal? journal = null, IDeadLetters? deadLetters = null, IRecordSpool? spool = null)
{
    private readonly RingServer[] _ring = [.. config.Servers.Select(static server => new RingServer(server.Label, server.Weight))];
    private readonly HashTag _hashTag = config.HashTag is { Length: 2 } tag ? new HashTag((byte)tag[0], (byte)tag[1]) : HashTag.None;
    private PoolState[] _states = [];
    private int _clients;
    private static long _lastClientNumber;

    internal PoolConfig Config { get; } = config;

    internal Log Log { get; } = log;

    /// <summary>The data behind <c>servers: [memory]</c>, or null.</summary>
    internal MemoryStore? Memory { get; } = memory;

    /// <summary>The commands that clients may not use, or null.</summary>
    internal CommandFilter? Filter { get; } = CommandFilter.Of(config);

    /// <summary>What smart mode answers early; null in sync mode.</summary>
    internal EarlyReplies? Early { get; } = config.Mode == PoolMode.Smart ? new EarlyReplies(config.Smart, config.Protocol) : null;

    /// <summary>Where smart mode keeps what it has answered, or null.</summary>
    internal IWriteJournal? Journal { get; } = journal;

    /// <summary>Where smart mode keeps what it has given up, or null.</summary>
    internal IDeadLetters? DeadLetters { get; } = deadLetters;

    /// <summary>Where a relay's records go; null in other pools.</summary>
    internal IRecordSpool? Spool { get; } = spool;

    /// <summary>True once the process is to end: no client is taken in any more.</summary>
    internal bool IsStopping { get; set; }

    /// <summary>The reactors' states; set once, before any of them runs.</summary>
    internal IReadOnlyList<PoolState> States => _states;

    internal void SetStates(PoolState[] states) => _states = states;

    /// <summary>The numbers of a cluster's nodes.</summary>
    internal NodeNumbers Nodes { get; } = new(config.Topology == PoolTopology.Sentinel ? [] : config.Servers);

    /// <summary>The number of a cluster's node, the same on all reactors: that of the configured server with this address, or another. For any thread.</summary>
    /// <param name="host">As it was told.</param>
    /// <param name="port">As it was told.</param>
    /// <param name="now">The reactor's milliseconds.</param>
    internal int NodeIndex(string host, int port, long now)
    {
        (host, port) = AddressPair.Translate(Config.AddressMap, host, port);
        return Nodes.IndexOf(host, port, now);
    }

    /// <summary>As <see cref="NodeIndex"/>, for a node that gave its port only: it is on the host of the server that said so.</summary>
    internal int NodeIndexBeside(ServerConfig server, int port, long now) => Nodes.IndexOf(server.Host ?? "127.0.0.1", port, now);

    /// <summary>How many servers the file names that can have keys: Sentinels have none.</summary>
    internal int ConfiguredServers => Nodes.Configured;

    internal static long NextClientNumber() => Interlocked.Increment(ref _lastClientNumber);

    /// <summary>Counts a client in, unless there are <c>client_connections</c> already.</summary>
    internal bool TryAdmit()
    {
        if (Interlocked.Increment(ref _clients) <= Config.ClientConnections)
        {
            return true;
        }

        Interlocked.Decrement(ref _clients);
        return false;
    }

    internal void Leave()
    {
        if (Config.ClientConnections > 0)
        {
            Interlocked.Decrement(ref _clients);
        }
    }

    /// <summary>A placement without the ejected servers, for one reactor.</summary>
    internal Placement CreatePlacement(IReadOnlySet<int>? ejected) =>
        new(Config.Hash, Config.Distribution, _hashTag, _ring, ejected, new Random());

    /// <summary>Tells the other reactors what one has found out about a server.</summary>
    internal void TellOthers(PoolState teller, Action<PoolState> news)
    {
        foreach (PoolState state in _states)
        {
            if (state != teller)
            {
                state.Reactor.Post(() => news(state));
            }
        }
    }
}
