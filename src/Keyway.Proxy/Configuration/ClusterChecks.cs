using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration;

/// <summary>What contradicts <c>topology: cluster</c>, and what means something with it only.</summary>
internal static class ClusterChecks
{
    private static readonly string[] Placing = ["hash", "distribution", "hash_tag", "auto_eject_hosts"];
    private static readonly string[] OfClusters = ["retry_budget", "address_map", "cluster_view", "read_from", "zone", "zones", "max_replica_lag"];

    private static readonly string[] OfSentinels = ["master", "sentinel_user", "sentinel_password"];

    public static void Run(PoolConfig pool, MappingNode source, Reading reading)
    {
        CheckSentinels(pool, source, reading);
        if (pool.Topology == PoolTopology.Servers)
        {
            foreach (ConfigEntry entry in OfClusters.Select(source.Find).OfType<ConfigEntry>())
            {
                reading.Error(entry.Key, $"'{entry.Key.Value}' means nothing for independent servers", "remove it, or write 'topology: cluster' if they are nodes of a Redis Cluster");
            }
        }
        else
        {
            CheckZones(pool, source, reading);
        }

        if (pool.Topology != PoolTopology.Cluster)
        {
            return;
        }

        foreach (ConfigEntry entry in Placing.Select(source.Find).OfType<ConfigEntry>())
        {
            reading.Error(entry.Key, $"'{entry.Key.Value}' means nothing with 'topology: cluster', which places the keys itself", "remove it");
        }

        if (pool.Database != 0)
        {
            reading.Error(source.Find("database")!.Value, "a Redis Cluster has database 0 only", "remove 'database'");
        }

        if (pool.MaxReplicaLag is not null && pool.ReadFrom == ReadFrom.Primary)
        {
            reading.Error(source.Find("max_replica_lag")!.Key, "'max_replica_lag' without reads from replicas", "set read_from, or remove it");
        }

        foreach (ServerConfig server in pool.Servers)
        {
            CheckSeed(server, reading);
        }
    }

    private static void CheckZones(PoolConfig pool, MappingNode source, Reading reading)
    {
        if (pool.Zone is not null && pool.ReadFrom != ReadFrom.Nearest)
        {
            reading.Error(source.Find("zone")!.Key, "'zone' means something for 'read_from: nearest' only", "write 'read_from: nearest', or remove it");
        }

        if (pool.Zones.Count > 0 && pool.Zone is null)
        {
            reading.Error(source.Find("zones")!.Key, "'zones' without 'zone'", "add the zone in which this Keyway runs");
        }
    }

    private static void CheckSentinels(PoolConfig pool, MappingNode source, Reading reading)
    {
        if (pool.Topology != PoolTopology.Sentinel)
        {
            foreach (ConfigEntry entry in OfSentinels.Select(source.Find).OfType<ConfigEntry>())
            {
                reading.Error(entry.Key, $"'{entry.Key.Value}' means nothing without Sentinels", "remove it, or write 'topology: sentinel'");
            }

            return;
        }

        if (pool.Master is null)
        {
            reading.Error(source.Find("topology")!.Value, "'topology: sentinel' without 'master'", "add the name that the Sentinels have for the master, often mymaster");
        }

        if (pool.SentinelUser is not null && pool.SentinelPassword is null)
        {
            reading.Error(source.Find("sentinel_user")!.Key, "'sentinel_user' without 'sentinel_password'", "add the password, AUTH needs both");
        }

        foreach (ConfigEntry entry in Placing.Append("cluster_view").Select(source.Find).OfType<ConfigEntry>())
        {
            reading.Error(entry.Key, $"'{entry.Key.Value}' means nothing with 'topology: sentinel': one server has all keys", "remove it");
        }

        foreach (ServerConfig server in pool.Servers.Where(static server => server.IsMemory))
        {
            reading.Error(reading.SourceOf(server), "the memory server is no Sentinel", "write host:port of the Sentinels, usually port 26379");
        }
    }

    private static void CheckSeed(ServerConfig server, Reading reading)
    {
        if (server.IsMemory)
        {
            reading.Error(reading.SourceOf(server), "the memory server is no node of a cluster", "write host:port of some nodes");
        }
        else if (server.Weight != 1)
        {
            reading.Error(reading.SourceOf(server), "a node's share of the keys is the cluster's affair, a weight means nothing", "write host:port");
        }
    }
}
