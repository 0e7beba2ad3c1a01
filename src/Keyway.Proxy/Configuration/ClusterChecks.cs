using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration;

/// <summary>What contradicts <c>topology: cluster</c>, and what means something with it only.</summary>
internal static class ClusterChecks
{
    private static readonly string[] Placing = ["hash", "distribution", "hash_tag", "auto_eject_hosts"];
    private static readonly string[] OfClusters = ["address_map", "cluster_view", "read_from", "max_replica_lag"];

    public static void Run(PoolConfig pool, MappingNode source, Reading reading)
    {
        if (pool.Topology == PoolTopology.Servers)
        {
            foreach (ConfigEntry entry in OfClusters.Select(source.Find).OfType<ConfigEntry>())
            {
                reading.Error(entry.Key, $"'{entry.Key.Value}' means nothing for independent servers", "remove it, or write 'topology: cluster' if they are nodes of a Redis Cluster");
            }
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
