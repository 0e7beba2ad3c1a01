using Keyway.Protocol.Hashing;
using Keyway.Proxy.Configuration.Values;

namespace Keyway.Proxy.Configuration.Keys;

/// <summary>The keys of a pool, Keyway's and nutcracker's.</summary>
internal static class PoolKeys
{
    public static readonly PoolConfig Defaults = new() { Name = "", Listen = [], Servers = [] };

    /// <summary>What a pool of a nutcracker.yml has where it says nothing: nutcracker 0.5's defaults.</summary>
    public static readonly PoolConfig NutcrackerDefaults = Defaults with
    {
        Protocol = PoolProtocol.Memcached,
        Timeout = null,
        TcpKeepalive = false,
        ServerRetryTimeout = TimeSpan.FromSeconds(30),
    };

    private static readonly BooleanKind Boolean = new();
    private static readonly SecretKind Secret = new();
    private static readonly OptionalDurationKind OptionalDuration = new();
    private static readonly IntegerKind Number = new(0, int.MaxValue);
    private static readonly PoolProtocol[] WithServers = [PoolProtocol.Redis, PoolProtocol.Memcached];

    public static readonly Section<PoolConfig> Section = new("a pool",
        Defaults,
    [
        new TypedKey<PoolConfig, PoolProtocol>(
            "protocol", new NameKind<PoolProtocol>(("redis", PoolProtocol.Redis), ("memcached", PoolProtocol.Memcached), ("firehose", PoolProtocol.Firehose)),
            p => p.Protocol, (p, v) => p with { Protocol = v },
            "What clients and servers speak; `firehose` makes records of requests, and has no servers (firehose.md).") { Instead = "write 'redis: true' in a nutcracker file" },
        new TypedKey<PoolConfig, bool>(
            "redis", Boolean,
            p => p.Protocol == PoolProtocol.Redis, (p, v) => p with { Protocol = v ? PoolProtocol.Redis : PoolProtocol.Memcached },
            "Redis or memcached.") { Shapes = ConfigShape.Nutcracker, Instead = "write 'protocol: redis', which is the default" },
        new TypedKey<PoolConfig, IReadOnlyList<ListenConfig>>(
            "listen", new ListKind<ListenConfig>(new ListenKind(), "addresses", single: true),
            p => p.Listen, (p, v) => p with { Listen = v },
            "Where clients connect.")
        { Shapes = ConfigShape.Both, Required = true, RequiredIf = static p => p.Protocol != PoolProtocol.Firehose || p.Relay.HttpListen.Count == 0 },
        new TypedKey<PoolConfig, IReadOnlyList<ServerConfig>>(
            "servers", new ListKind<ServerConfig>(new ServerKind(), "servers", single: false),
            p => p.Servers, (p, v) => p with { Servers = v },
            "The servers, each with its share of the keys and the label that places it on the ring.") { Shapes = ConfigShape.Both, Required = true, RequiredIf = static p => p.Protocol != PoolProtocol.Firehose, Only = WithServers },
        new TypedKey<PoolConfig, PoolTopology>(
            "topology", new NameKind<PoolTopology>(("servers", PoolTopology.Servers), ("cluster", PoolTopology.Cluster), ("sentinel", PoolTopology.Sentinel)),
            p => p.Topology, (p, v) => p with { Topology = v },
            "What the servers are to each other: independent; nodes of a Redis Cluster, of which some are enough to begin with; or Sentinels, who know the server.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, string?>(
            "master", new TextKind(),
            p => p.Master, (p, v) => p with { Master = v },
            "The name by which the Sentinels know the master.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, string?>(
            "sentinel_user", new TextKind(),
            p => p.SentinelUser, (p, v) => p with { SentinelUser = v },
            "User name for AUTH at the Sentinels, the default user without it.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, string?>(
            "sentinel_password", Secret,
            p => p.SentinelPassword, (p, v) => p with { SentinelPassword = v },
            "Password for AUTH at the Sentinels.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, TimeSpan?>(
            "retry_budget", OptionalDuration,
            p => p.RetryBudget, (p, v) => p with { RetryBudget = v },
            "How long a request that a cluster or a master could not serve is tried again before the client is told.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, IReadOnlyList<AddressPair>>(
            "address_map", new ListKind<AddressPair>(new AddressPairKind(), "pairs announced=real", single: true),
            p => p.AddressMap, (p, v) => p with { AddressMap = v },
            "Where nodes are that announce other addresses than those that Keyway reaches them at.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, ClusterView>(
            "cluster_view", new NameKind<ClusterView>(("keyway", ClusterView.Keyway), ("real", ClusterView.Real)),
            p => p.ClusterView, (p, v) => p with { ClusterView = v },
            "What CLUSTER SLOTS and its kin tell clients: that Keyway is the one node, or the nodes that there are.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, ReadFrom>(
            "read_from", new NameKind<ReadFrom>(
                ("primary", ReadFrom.Primary), ("prefer-replica", ReadFrom.PreferReplica), ("replica", ReadFrom.Replica), ("nearest", ReadFrom.Nearest)),
            p => p.ReadFrom, (p, v) => p with { ReadFrom = v },
            "Which nodes answer reads; those of a replica can be out of date.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, string?>(
            "zone", new TextKind(),
            p => p.Zone, (p, v) => p with { Zone = v },
            "Where this Keyway runs: with `read_from: nearest`, nodes of the same zone go before all others.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, IReadOnlyList<ZonePair>>(
            "zones", new ListKind<ZonePair>(new ZonePairKind(), "pairs address=zone", single: true),
            p => p.Zones, (p, v) => p with { Zones = v },
            "In which zones the nodes are; Valkey's `availability-zone` is known without.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, TimeSpan?>(
            "max_replica_lag", OptionalDuration,
            p => p.MaxReplicaLag, (p, v) => p with { MaxReplicaLag = v },
            "How old a replica's data may be when it answers a read; it is measured, and in doubt the primary answers.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, HashKind>(
            "hash", HashNames,
            p => p.Hash, (p, v) => p with { Hash = v },
            "Hash of the key.") { Shapes = ConfigShape.Both, Only = WithServers },
        new TypedKey<PoolConfig, DistributionKind>(
            "distribution", DistributionNames,
            p => p.Distribution, (p, v) => p with { Distribution = v },
            "From hash to server.") { Shapes = ConfigShape.Both, Only = WithServers },
        new TypedKey<PoolConfig, string?>(
            "hash_tag", new HashTagKind(),
            p => p.HashTag, (p, v) => p with { HashTag = v },
            "Encloses the part of a key that is hashed.") { Shapes = ConfigShape.Both, Only = WithServers },
        new TypedKey<PoolConfig, TimeSpan?>(
            "timeout", OptionalDuration,
            p => p.Timeout, (p, v) => p with { Timeout = v },
            "Longest wait for a reply, from queuing to its end.") { Shapes = ConfigShape.Both, Only = WithServers },
        new TypedKey<PoolConfig, TimeSpan>(
            "connect_timeout", new DurationKind(TimeSpan.FromMilliseconds(1)),
            p => p.ConnectTimeout, (p, v) => p with { ConnectTimeout = v },
            "Longest wait for a server connection, AUTH and SELECT included.") { Only = WithServers },
        new TypedKey<PoolConfig, int>(
            "backlog", Number,
            p => p.Backlog, (p, v) => p with { Backlog = v },
            "Length of the kernel's queue of connections not yet accepted.") { Shapes = ConfigShape.Both },
        new TypedKey<PoolConfig, int>(
            "client_connections", Number,
            p => p.ClientConnections, (p, v) => p with { ClientConnections = v },
            "Most clients at a time; 0 leaves it to the descriptor limit.")
        { Shapes = ConfigShape.Both, IgnoredInNutcracker = "as in nutcracker, which resets it to 0" },
        new TypedKey<PoolConfig, TimeSpan?>(
            "client_idle_timeout", OptionalDuration,
            p => p.ClientIdleTimeout, (p, v) => p with { ClientIdleTimeout = v },
            "A client that has neither sent nor taken anything for so long is closed."),
        new TypedKey<PoolConfig, bool>(
            "preconnect", Boolean,
            p => p.Preconnect, (p, v) => p with { Preconnect = v },
            "Connect to every server before the first request.") { Shapes = ConfigShape.Both, Only = WithServers },
        new TypedKey<PoolConfig, bool>(
            "tcpkeepalive", Boolean,
            p => p.TcpKeepalive, (p, v) => p with { TcpKeepalive = v },
            "SO_KEEPALIVE on client and server sockets.") { Shapes = ConfigShape.Both },
        new TypedKey<PoolConfig, bool>(
            "reuseport", Boolean,
            p => p.Reuseport, (p, v) => p with { Reuseport = v },
            "SO_REUSEPORT on the listening sockets, so that several processes can share an address.") { Shapes = ConfigShape.Both },
        new TypedKey<PoolConfig, bool>(
            "auto_eject_hosts", Boolean,
            p => p.AutoEjectHosts, (p, v) => p with { AutoEjectHosts = v },
            "Take a failing server's keys to the others while it is away; otherwise its requests fail at once.") { Shapes = ConfigShape.Both, Only = WithServers },
        new TypedKey<PoolConfig, int>(
            "server_connections", new IntegerKind(1, 65536),
            p => p.ServerConnections, (p, v) => p with { ServerConnections = v },
            "Shared pipelined connections to each server, per reactor.") { Shapes = ConfigShape.Both, Only = WithServers },
        new TypedKey<PoolConfig, int>(
            "max_pinned", new IntegerKind(1, 65536),
            p => p.MaxPinned, (p, v) => p with { MaxPinned = v },
            "Most connections to one server that clients of one reactor have for themselves: commands that wait, WATCH.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, int>(
            "min_idle", new IntegerKind(0, 65536),
            p => p.MinIdle, (p, v) => p with { MinIdle = v },
            "Free ones that are kept open to each server, so that who needs one does not wait for it to connect.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, TimeSpan>(
            "pinned_wait", new DurationKind(TimeSpan.FromMilliseconds(1)),
            p => p.PinnedWait, (p, v) => p with { PinnedWait = v },
            "Longest wait for one of them when all are in use.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, TimeSpan>(
            "pinned_idle", new DurationKind(TimeSpan.FromMilliseconds(10)),
            p => p.PinnedIdle, (p, v) => p with { PinnedIdle = v },
            "A pinned connection that nobody has used for so long is closed.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, TimeSpan?>(
            "transaction_timeout", OptionalDuration,
            p => p.TransactionTimeout, (p, v) => p with { TransactionTimeout = v },
            "Longest time between WATCH and EXEC; after it the transaction is aborted.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, TimeSpan>(
            "server_retry_timeout", new DurationKind(TimeSpan.FromMilliseconds(10)),
            p => p.ServerRetryTimeout, (p, v) => p with { ServerRetryTimeout = v },
            "Time between probes of a server that is down.") { Shapes = ConfigShape.Both, Only = WithServers },
        new TypedKey<PoolConfig, int>(
            "server_failure_limit", Number,
            p => p.ServerFailureLimit, (p, v) => p with { ServerFailureLimit = Math.Max(v, 1) },
            "Failures in a row after which a server is down; 0 is taken as 1.") { Shapes = ConfigShape.Both, Only = WithServers },
        new TypedKey<PoolConfig, int>(
            "server_recovery_limit", new IntegerKind(1, int.MaxValue),
            p => p.ServerRecoveryLimit, (p, v) => p with { ServerRecoveryLimit = v },
            "Good probes in a row after which a server that was down is used again.") { Only = WithServers },
        new TypedKey<PoolConfig, bool>(
            "answer_when_down", Boolean,
            p => p.AnswerWhenDown, (p, v) => p with { AnswerWhenDown = v },
            "Answer PING, and INFO with Keyway's section, while all servers are down; otherwise they get an error that names the servers.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, TimeSpan?>(
            "health_interval", OptionalDuration,
            p => p.HealthInterval, (p, v) => p with { HealthInterval = v },
            "Time between health checks (PING) of a server that is up; without them only requests tell that it is not.") { Only = WithServers },
        new TypedKey<PoolConfig, TimeSpan?>(
            "connection_max_age", OptionalDuration,
            p => p.ConnectionMaxAge, (p, v) => p with { ConnectionMaxAge = v },
            "Age at which a server connection is replaced by a new one, without a request failing or overtaking another; a pinned one is not used again, one for subscriptions stays.") { Only = WithServers },
        new TypedKey<PoolConfig, string?>(
            "password", Secret,
            p => p.Password, (p, v) => p with { Password = v },
            "What clients must give with AUTH or HELLO; of memcached, with the first set.") { Instead = "write 'redis_auth' in a nutcracker file" },
        new TypedKey<PoolConfig, string?>(
            "server_user", new TextKind(),
            p => p.ServerUser, (p, v) => p with { ServerUser = v },
            "User name at the servers, Redis's default user without it.") { Only = WithServers },
        new TypedKey<PoolConfig, string?>(
            "server_password", Secret,
            p => p.ServerPassword, (p, v) => p with { ServerPassword = v },
            "Password at the servers.") { Instead = "write 'redis_auth' in a nutcracker file", Only = WithServers },
        new TypedKey<PoolConfig, string?>(
            "redis_auth", Secret,
            p => p.Password, (p, v) => p with { Password = v, ServerPassword = v },
            "Password of clients and servers.") { Shapes = ConfigShape.Nutcracker, Only = [PoolProtocol.Redis], Instead = "write 'password' for clients and 'server_password' for servers" },
        new TypedKey<PoolConfig, FlushPolicy>(
            "flush_all", new NameKind<FlushPolicy>(("all", FlushPolicy.All), ("forbid", FlushPolicy.Forbid)),
            p => p.FlushAll, (p, v) => p with { FlushAll = v },
            "Whether flush_all of memcached empties all servers.") { Only = [PoolProtocol.Memcached] },
        new TypedKey<PoolConfig, int>(
            "database", Number,
            p => p.Database, (p, v) => p with { Database = v },
            "Database that clients start in.") { Only = [PoolProtocol.Redis], Instead = "write 'redis_db' in a nutcracker file" },
        new TypedKey<PoolConfig, int>(
            "redis_db", Number,
            p => p.Database, (p, v) => p with { Database = v },
            "Database that clients start in.") { Shapes = ConfigShape.Nutcracker, Instead = "write 'database'" },
        new TypedKey<PoolConfig, ConfigAccess>(
            "config", new NameKind<ConfigAccess>(("refuse", ConfigAccess.Refuse), ("get", ConfigAccess.Get), ("all", ConfigAccess.All)),
            p => p.ConfigAccess, (p, v) => p with { ConfigAccess = v },
            "What clients may do with CONFIG: nothing, read settings, or also change them for everybody.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, IReadOnlyList<string>>(
            "allow", CommandRuleList,
            p => p.Allow, (p, v) => p with { Allow = v },
            "The only commands that clients may use; all without it.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, IReadOnlyList<string>>(
            "deny", CommandRuleList,
            p => p.Deny, (p, v) => p with { Deny = v },
            "Commands that clients may not use, even if `allow` has them.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, bool>(
            "debug", Boolean,
            p => p.Debug, (p, v) => p with { Debug = v },
            "Pass DEBUG to the server, which it can stop or damage; where the pool has one server.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, bool>(
            "open", Boolean,
            p => p.Open, (p, v) => p with { Open = v },
            "Allow an address that is open to the network without a password."),
        new TypedKey<PoolConfig, PoolMode>(
            "mode", new NameKind<PoolMode>(("sync", PoolMode.Sync), ("smart", PoolMode.Smart)),
            p => p.Mode, (p, v) => p with { Mode = v },
            "Whether clients wait for the server's answer to a write, or have one at once (smart-mode.md).") { Only = WithServers },
        new TypedKey<PoolConfig, Acknowledgement>(
            "acknowledge", new NameKind<Acknowledgement>(("memory", Acknowledgement.Memory), ("disk", Acknowledgement.Disk), ("fsync", Acknowledgement.Fsync)),
            p => p.Smart.Acknowledge, (p, v) => p with { Smart = p.Smart with { Acknowledge = v } },
            "Smart mode and relays: where a write or record must be before it is answered; a relay with a `journal_dir` has `disk` unless it says otherwise."),
        new TypedKey<PoolConfig, IReadOnlyList<string>>(
            "early", new ListKind<string>(new EarlyRuleKind(), "rules", single: true),
            p => p.Smart.Early, (p, v) => p with { Smart = p.Smart with { Early = v } },
            "Smart mode: commands that are answered at once besides the usual ones, or no longer.") { Only = WithServers },
        new TypedKey<PoolConfig, long>(
            "max_backlog", new SizeKind(1L << 20, 1L << 40),
            p => p.Smart.MaxBacklog, (p, v) => p with { Smart = p.Smart with { MaxBacklog = v } },
            "Smart mode and relays: most bytes that wait for one server or for the sink (`memory`), or of the pool's journal."),
        new TypedKey<PoolConfig, WhenFull>(
            "when_full", new NameKind<WhenFull>(("wait", WhenFull.Wait), ("error", WhenFull.Error), ("drop_oldest", WhenFull.DropOldest), ("drop_newest", WhenFull.DropNewest)),
            p => p.Smart.WhenFull, (p, v) => p with { Smart = p.Smart with { WhenFull = v } },
            "Smart mode and relays: what happens to a write or record when there is no room for it."),
        new TypedKey<PoolConfig, string?>(
            "journal_dir", new TextKind(),
            p => p.Smart.JournalDir, (p, v) => p with { Smart = p.Smart with { JournalDir = v } },
            "Smart mode and relays: the directory in which the pool has its journal; made where it is missing."),
        new TypedKey<PoolConfig, bool>(
            "dead_letters", Boolean,
            p => p.Smart.DeadLetters, (p, v) => p with { Smart = p.Smart with { DeadLetters = v } },
            "Smart mode and relays: keep writes and records that were refused after they were answered, for `keyway journal`."),
        new TypedKey<PoolConfig, TimeSpan>(
            "drain_timeout", new DurationKind(TimeSpan.FromMilliseconds(1)),
            p => p.Smart.DrainTimeout, (p, v) => p with { Smart = p.Smart with { DrainTimeout = v } },
            "Smart mode and relays: how long the end of the process waits until what was answered is delivered."),
        new TypedKey<PoolConfig, CompressionMethod>(
            "compress", new NameKind<CompressionMethod>(("none", CompressionMethod.None), ("gzip", CompressionMethod.Gzip), ("brotli", CompressionMethod.Brotli)),
            p => p.Compression.Method, (p, v) => p with { Compression = p.Compression with { Method = v } },
            "How values of strings and hashes are compressed on their way to the servers (compression.md).") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, long>(
            "compress_min", new SizeKind(32, 1L << 30),
            p => p.Compression.Min, (p, v) => p with { Compression = p.Compression with { Min = v } },
            "The shortest value that is compressed.") { Only = [PoolProtocol.Redis] },
        new TypedKey<PoolConfig, Decompression>(
            "decompress", new NameKind<Decompression>(("auto", Decompression.Auto), ("keyway", Decompression.Keyway), ("relayer", Decompression.Relayer)),
            p => p.Compression.Decompress, (p, v) => p with { Compression = p.Compression with { Decompress = v } },
            "Which values are decompressed: Keyway's own if the pool compresses; Keyway's own in any case; those of smart-relayer too.") { Only = [PoolProtocol.Redis] },
        .. RelayKeys.All,
        new TypedKey<PoolConfig, LimitsConfig>(
            "limits", LimitsKeys.Section,
            p => p.Limits, (p, v) => p with { Limits = v },
            "Bounds that protect the process and its neighbours."),
    ]);

    private static ListKind<string> CommandRuleList => new(new CommandRuleKind(), "commands", single: true);

    private static NameKind<HashKind> HashNames => new(
        ("one_at_a_time", HashKind.OneAtATime),
        ("md5", HashKind.Md5),
        ("crc16", HashKind.Crc16),
        ("crc32", HashKind.Crc32),
        ("crc32a", HashKind.Crc32a),
        ("fnv1_64", HashKind.Fnv1_64),
        ("fnv1a_64", HashKind.Fnv1a64),
        ("fnv1_32", HashKind.Fnv1_32),
        ("fnv1a_32", HashKind.Fnv1a32),
        ("hsieh", HashKind.Hsieh),
        ("murmur", HashKind.Murmur),
        ("jenkins", HashKind.Jenkins));

    private static NameKind<DistributionKind> DistributionNames => new(
        ("ketama", DistributionKind.Ketama),
        ("modula", DistributionKind.Modula),
        ("random", DistributionKind.Random),
        ("jump", DistributionKind.Jump),
        ("rendezvous", DistributionKind.Rendezvous),
        ("rmux", DistributionKind.Rmux));
}
