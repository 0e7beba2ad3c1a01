using Keyway.Protocol.Hashing;

namespace Keyway.Proxy.Configuration;

/// <summary>One pool: its listening addresses, its servers and how keys are placed on them.</summary>
public sealed record PoolConfig
{
    /// <summary>The pool's name, its key under <c>pools</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What clients and servers speak (<c>protocol</c>).</summary>
    public PoolProtocol Protocol { get; init; } = PoolProtocol.Redis;

    /// <summary>Where clients connect (<c>listen</c>); at least one, but for a relay that listens for HTTP.</summary>
    public required IReadOnlyList<ListenConfig> Listen { get; init; }

    /// <summary>The servers in placement order (<c>servers</c>): nutcracker sorts by label, first by length, then bytewise; Keyway does too.</summary>
    public required IReadOnlyList<ServerConfig> Servers { get; init; }

    /// <summary>What the servers are to each other (<c>topology</c>).</summary>
    public PoolTopology Topology { get; init; } = PoolTopology.Servers;

    /// <summary>The name by which the Sentinels know the master (<c>master</c>), or null without Sentinels.</summary>
    public string? Master { get; init; }

    /// <summary>User name for AUTH at the Sentinels (<c>sentinel_user</c>), or null for the default user.</summary>
    public string? SentinelUser { get; init; }

    /// <summary>Password for AUTH at the Sentinels (<c>sentinel_password</c>), or null.</summary>
    public string? SentinelPassword { get; init; }

    /// <summary>How long a request that a cluster could not serve is tried again before the client is told (<c>retry_budget</c>); null tries nothing again.</summary>
    public TimeSpan? RetryBudget { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Real addresses of nodes that announce others (<c>address_map</c>).</summary>
    public IReadOnlyList<AddressPair> AddressMap { get; init; } = [];

    /// <summary>Which nodes of a cluster clients see (<c>cluster_view</c>).</summary>
    public ClusterView ClusterView { get; init; } = ClusterView.Keyway;

    /// <summary>Which nodes answer reads (<c>read_from</c>).</summary>
    public ReadFrom ReadFrom { get; init; } = ReadFrom.Primary;

    /// <summary>Where this Keyway runs (<c>zone</c>): nearest nodes are those in the same zone; null where zones do not matter.</summary>
    public string? Zone { get; init; }

    /// <summary>In which zones nodes are that do not say so themselves (<c>zones</c>).</summary>
    public IReadOnlyList<ZonePair> Zones { get; init; } = [];

    /// <summary>How old a replica's data may be when it answers a read (<c>max_replica_lag</c>); null for any age.</summary>
    public TimeSpan? MaxReplicaLag { get; init; }

    /// <summary>Hash of the (tagged) key (<c>hash</c>).</summary>
    public HashKind Hash { get; init; } = HashKind.Fnv1a64;

    /// <summary>From hash to server (<c>distribution</c>).</summary>
    public DistributionKind Distribution { get; init; } = DistributionKind.Ketama;

    /// <summary>Two characters that enclose the part of a key that is hashed (<c>hash_tag</c>), or null.</summary>
    public string? HashTag { get; init; }

    /// <summary>Longest wait for a reply, from queuing to its end (<c>timeout</c>); null waits for ever (nutcracker's default).</summary>
    public TimeSpan? Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for a server connection to be established, AUTH and SELECT included (<c>connect_timeout</c>).</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Length of the kernel's queue of connections not yet accepted (<c>backlog</c>).</summary>
    public int Backlog { get; init; } = 512;

    /// <summary>Most clients at a time (<c>client_connections</c>); 0 leaves it to the descriptor limit.</summary>
    public int ClientConnections { get; init; }

    /// <summary>A client that has neither sent nor taken anything for so long is closed (<c>client_idle_timeout</c>); null never.</summary>
    public TimeSpan? ClientIdleTimeout { get; init; }

    /// <summary>Connect to every server before the first request (<c>preconnect</c>).</summary>
    public bool Preconnect { get; init; }

    /// <summary>SO_KEEPALIVE on client and server sockets (<c>tcpkeepalive</c>).</summary>
    public bool TcpKeepalive { get; init; } = true;

    /// <summary>SO_REUSEPORT on the listening sockets, so that several processes can share an address (<c>reuseport</c>).</summary>
    public bool Reuseport { get; init; }

    /// <summary>Take a failing server's keys to the others while it is away (<c>auto_eject_hosts</c>); false fails its requests at once.</summary>
    public bool AutoEjectHosts { get; init; }

    /// <summary>Shared pipelined connections to each server, per reactor (<c>server_connections</c>).</summary>
    public int ServerConnections { get; init; } = 1;

    /// <summary>Most connections to one server that clients of one reactor have for themselves (<c>max_pinned</c>): blocking commands, WATCH.</summary>
    public int MaxPinned { get; init; } = 1000;

    /// <summary>Free ones that are kept open for who comes next, in the pool's database and RESP2 (<c>min_idle</c>).</summary>
    public int MinIdle { get; init; }

    /// <summary>Longest wait for one of them when all are in use (<c>pinned_wait</c>).</summary>
    public TimeSpan PinnedWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A pinned connection that nobody has used for so long is closed (<c>pinned_idle</c>).</summary>
    public TimeSpan PinnedIdle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest time between WATCH and EXEC (<c>transaction_timeout</c>); null for any time.</summary>
    public TimeSpan? TransactionTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time between probes of a server that is down (<c>server_retry_timeout</c>).</summary>
    public TimeSpan ServerRetryTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Failures in a row after which a server is down (<c>server_failure_limit</c>), at least 1.</summary>
    public int ServerFailureLimit { get; init; } = 2;

    /// <summary>Good probes in a row after which a server that was down is used again (<c>server_recovery_limit</c>), at least 1.</summary>
    public int ServerRecoveryLimit { get; init; } = 1;

    /// <summary>Answer PING, and INFO with Keyway's section, while all servers are down (<c>answer_when_down</c>); false answers with an error.</summary>
    public bool AnswerWhenDown { get; init; } = true;

    /// <summary>Time between health checks of a server that is up (<c>health_interval</c>); null checks none: requests tell.</summary>
    public TimeSpan? HealthInterval { get; init; }

    /// <summary>Age at which a shared server connection is replaced by a new one, and a pinned one is not used again (<c>connection_max_age</c>), or null for none.</summary>
    public TimeSpan? ConnectionMaxAge { get; init; }

    /// <summary>What clients must give with AUTH or HELLO, or with the first set of the memcached protocol (<c>password</c>; nutcracker's <c>redis_auth</c> sets this and <see cref="ServerPassword"/>), or null.</summary>
    public string? Password { get; init; }

    /// <summary>User name at the servers (<c>server_user</c>), or null for Redis's default user.</summary>
    public string? ServerUser { get; init; }

    /// <summary>Password at the servers (<c>server_password</c>), or null.</summary>
    public string? ServerPassword { get; init; }

    /// <summary>What <c>flush_all</c> does (<c>flush_all</c>); of memcached pools.</summary>
    public FlushPolicy FlushAll { get; init; } = FlushPolicy.All;

    /// <summary>Database that clients start in (<c>database</c>; nutcracker's <c>redis_db</c>).</summary>
    public int Database { get; init; }

    /// <summary>What clients may do with CONFIG (<c>config</c>).</summary>
    public ConfigAccess ConfigAccess { get; init; } = ConfigAccess.Get;

    /// <summary>Pass DEBUG to the server (<c>debug</c>), where the pool has one.</summary>
    public bool Debug { get; init; }

    /// <summary>The only commands that clients may use (<c>allow</c>): names, <c>container|subcommand</c>, <c>@category</c> or presets; empty for all.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Commands that clients may not use (<c>deny</c>), written as those of <see cref="Allow"/>.</summary>
    public IReadOnlyList<string> Deny { get; init; } = [];

    /// <summary>Allow a listening address open to the network without a client password (<c>open</c>).</summary>
    public bool Open { get; init; }

    /// <summary>When the client of a write has its answer (<c>mode</c>).</summary>
    public PoolMode Mode { get; init; } = PoolMode.Sync;

    /// <summary>How smart mode keeps what it has answered; its keys stand among the pool's own.</summary>
    public SmartConfig Smart { get; init; } = new();

    /// <summary>Which values are compressed on their way to the servers; its keys stand among the pool's own.</summary>
    public CompressionConfig Compression { get; init; } = new();

    /// <summary>What a relay does; its keys stand among the pool's own.</summary>
    public RelayConfig Relay { get; init; } = new();

    /// <summary>True when keys are on several servers: the master of a Sentinel group is one, whoever it is.</summary>
    public bool IsSharded => Topology == PoolTopology.Cluster || (Topology == PoolTopology.Servers && Servers.Count > 1);

    /// <summary>Limits that protect the process and its neighbours (<c>limits</c>).</summary>
    public LimitsConfig Limits { get; init; } = new();
}
