namespace Keyway.Proxy.Configuration;

/// <summary>What the servers of a pool are to each other.</summary>
public enum PoolTopology
{
    /// <summary>Independent servers, each with its share of the keys; Keyway places them.</summary>
    Servers,

    /// <summary>Nodes of a Redis Cluster, which places the keys itself; <c>servers</c> are where to ask first.</summary>
    Cluster,

    /// <summary>One server with replicas, which a group of Sentinels watches; <c>servers</c> are the Sentinels, who say which one is the master now.</summary>
    Sentinel,
}
