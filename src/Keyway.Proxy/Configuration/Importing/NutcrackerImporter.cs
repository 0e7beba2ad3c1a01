using Keyway.Proxy.Configuration.Keys;
using Keyway.Proxy.Configuration.Values;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>
/// A nutcracker.yml in Keyway's own words: its defaults written out where they are not Keyway's, its keys under Keyway's names. It runs as
/// it is, too; this is for those who want to go on from it.
/// </summary>
internal static class NutcrackerImporter
{
    /// <summary>Keys that mean the same in both.</summary>
    private static readonly HashSet<string> Same = new(StringComparer.Ordinal)
    {
        "hash", "distribution", "hash_tag", "backlog", "preconnect", "reuseport", "auto_eject_hosts", "server_connections",
    };

    /// <summary>The file as Keyway's own.</summary>
    /// <param name="root">The file.</param>
    /// <param name="config">What it says, free of mistakes.</param>
    /// <param name="reading">Gets the warnings.</param>
    public static ImportedFile Import(MappingNode root, KeywayConfig config, Reading reading)
    {
        ImportedFile file = new(ConfigFormat.Nutcracker, root);
        foreach (PoolConfig each in config.Pools)
        {
            ConfigEntry entry = root.Find(each.Name)!;
            var table = (MappingNode)entry.Value;
            var pool = new ImportedPool(PoolNames.Plain(each.Name), table, reading);
            file.Pools.Add(pool);
            Translate(table, each, pool);
        }

        return file;
    }

    private static void Translate(MappingNode table, PoolConfig config, ImportedPool pool)
    {
        if (config.Protocol == PoolProtocol.Memcached)
        {
            pool.Set("protocol", table.Find("redis")?.Value ?? table, "memcached", table.Find("redis") is null ? "nutcracker's default" : "redis");
        }

        pool.Listen(table.Find("listen")!.Value, [.. config.Listen.Select(Address)], config.Password is not null);
        var servers = (SequenceNode)table.Find("servers")!.Value;
        pool.SetList("servers", servers, servers.Items.Select(static s => (s, ((ScalarNode)s).Value)));
        foreach (ConfigEntry entry in table.Entries.Where(e => Same.Contains(e.Key.Value)))
        {
            pool.Set(entry.Key.Value, entry.Value, ((ScalarNode)entry.Value).Value);
        }

        Written("timeout", config.Timeout is { } limit ? Durations.Format(limit) : "none");
        Written("tcpkeepalive", config.TcpKeepalive ? "true" : "false");
        Written("server_retry_timeout", Durations.Format(config.ServerRetryTimeout));
        if (config.ServerFailureLimit != PoolKeys.Defaults.ServerFailureLimit)
        {
            pool.Set("server_failure_limit", table.Find("server_failure_limit")!.Value, config.ServerFailureLimit);
        }

        if (config.Password is { } password)
        {
            ConfigNode auth = table.Find("redis_auth")!.Value;
            pool.Set("password", auth, password, "redis_auth; ${NAME} would take it from the environment");
            pool.Set("server_password", auth, password, "redis_auth");
        }

        if (config.Database != 0)
        {
            pool.Set("database", table.Find("redis_db")!.Value, config.Database, "redis_db");
        }

        if (table.Find("client_connections") is not null)
        {
            pool.Remark("client_connections: without effect in nutcracker, which resets it to 0");
        }

        void Written(string key, string value)
        {
            ConfigEntry? entry = table.Find(key);
            pool.Set(key, entry?.Value ?? table, value, entry is null ? "nutcracker's default" : null);
        }
    }

    /// <summary>The address without what nutcracker lets pass and ignores, such as a mode that is none.</summary>
    private static string Address(ListenConfig listen) => listen switch
    {
        { UnixPath: { } path, UnixMode: { } mode } => $"{path} 0{Convert.ToString((int)mode, 8)}",
        { UnixPath: { } path } => path,
        _ => listen.Text,
    };
}
