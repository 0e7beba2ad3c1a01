using System.Collections.Frozen;

namespace Keyway.Proxy.Merging.Info;

/// <summary>Which rule a field falls under; names as in the INFO of Redis 7 and 8 and Valkey 8, https://redis.io/docs/latest/commands/info/.</summary>
internal static class InfoRules
{
    internal const string HumanSuffix = "_human";

    private static readonly FrozenSet<string> Sums = new[]
    {
        // Clients
        "connected_clients", "cluster_connections", "maxclients", "blocked_clients", "tracking_clients", "pubsub_clients", "watching_clients",
        "clients_in_timeout_table", "total_watched_keys", "total_blocking_keys", "total_blocking_keys_on_nokey",

        // Memory
        "maxmemory", "lazyfree_pending_objects", "lazyfreed_objects", "mem_fragmentation_bytes", "mem_not_counted_for_evict",
        "mem_replication_backlog", "mem_total_replication_buffers", "mem_replica_full_sync_buffer", "mem_clients_slaves", "mem_clients_normal",
        "mem_cluster_links", "mem_aof_buffer", "mem_overhead_db_hashtable_rehashing", "allocator_allocated", "allocator_active", "allocator_resident",
        "allocator_muzzy", "allocator_frag_bytes", "allocator_rss_bytes", "rss_overhead_bytes",

        // Persistence, Stats, Replication
        "rdb_changes_since_last_save", "instantaneous_ops_per_sec", "instantaneous_input_kbps", "instantaneous_output_kbps",
        "instantaneous_input_repl_kbps", "instantaneous_output_repl_kbps", "rejected_connections", "sync_full", "sync_partial_ok", "sync_partial_err",
        "expired_keys", "expired_subkeys", "expired_fields", "expired_time_cap_reached_count", "expire_cycle_cpu_milliseconds", "evicted_keys",
        "evicted_clients", "evicted_scripts", "current_eviction_exceeded_time", "keyspace_hits", "keyspace_misses", "pubsub_channels",
        "pubsub_patterns", "pubsubshard_channels", "migrate_cached_sockets", "slave_expires_tracked_keys", "active_defrag_hits",
        "active_defrag_misses", "active_defrag_key_hits", "active_defrag_key_misses", "current_active_defrag_time", "tracking_total_keys",
        "tracking_total_items", "tracking_total_prefixes", "unexpected_error_replies", "dump_payload_sanitizations", "io_threaded_reads_processed",
        "io_threaded_writes_processed", "client_query_buffer_limit_disconnections", "client_output_buffer_limit_disconnections",
        "reply_buffer_shrinks", "reply_buffer_expands", "acl_access_denied_auth", "acl_access_denied_cmd", "acl_access_denied_key",
        "acl_access_denied_channel", "connected_slaves",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly string[] SumPrefixes = ["used_memory", "used_cpu_", "total_"];

    private static readonly string[] DroppedEnds = ["_perc", "_ratio"];

    internal static InfoRule For(string name)
    {
        if (name.EndsWith(HumanSuffix, StringComparison.Ordinal))
        {
            return InfoRule.Human;
        }

        if (IsDropped(name))
        {
            return InfoRule.Drop;
        }

        if (IsDatabase(name) || name.StartsWith("cmdstat_", StringComparison.Ordinal) || name.StartsWith("errorstat_", StringComparison.Ordinal))
        {
            return InfoRule.Counts;
        }

        return IsSum(name) && !IsFact(name) ? InfoRule.Sum : InfoRule.First;
    }

    private static bool IsSum(string name) =>
        Sums.Contains(name) || Array.Exists(SumPrefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Facts of the machine that begin like counts; servers may share it.</summary>
    private static bool IsFact(string name) => name is "total_system_memory";

    private static bool IsDropped(string name) =>
        name.StartsWith("latency_percentiles_", StringComparison.Ordinal)
        || Array.Exists(DroppedEnds, end => name.EndsWith(end, StringComparison.Ordinal));

    /// <summary><c>db</c> and digits.</summary>
    private static bool IsDatabase(string name) =>
        name.Length > 2 && name.StartsWith("db", StringComparison.Ordinal) && !name.AsSpan(2).ContainsAnyExceptInRange('0', '9');
}
