using Keyway.Proxy.Configuration;
using static Keyway.Proxy.Tests.Configuration.Files;

namespace Keyway.Proxy.Tests.Configuration;

/// <summary>Pools with <c>topology: cluster</c>.</summary>
public sealed class ClusterCheckTests
{
    [Theory]
    [InlineData("hash: md5", "'hash' means nothing with 'topology: cluster'")]
    [InlineData("distribution: modula", "'distribution' means nothing with 'topology: cluster'")]
    [InlineData("hash_tag: '{}'", "'hash_tag' means nothing with 'topology: cluster'")]
    [InlineData("auto_eject_hosts: true", "'auto_eject_hosts' means nothing with 'topology: cluster'")]
    [InlineData("servers: ['h:1:2']", "a weight means nothing")]
    [InlineData("servers: [memory]", "the memory server is no node of a cluster")]
    [InlineData("database: 1", "a Redis Cluster has database 0 only")]
    [InlineData("max_replica_lag: 1s", "'max_replica_lag' without reads from replicas")]
    [InlineData("address_map: [a:1=b]", "has a port on one side only")]
    [InlineData("address_map: [a]", "is not two addresses")]
    [InlineData("zone: a", "'zone' means something for 'read_from: nearest' only")]
    [InlineData("zones: h=a", "'zones' without 'zone'")]
    [InlineData("zones: h", "is not an address and a zone")]
    [InlineData("zones: 10.0.0.0/99=a", "has an invalid network")]
    public void Cluster_WithAContradiction_IsRefused(string line, string problem) =>
        Assert.Contains(problem, Only(ReadPool("topology: cluster", line)), StringComparison.Ordinal);

    [Theory]
    [InlineData("read_from: replica")]
    [InlineData("cluster_view: real")]
    [InlineData("address_map: a=b")]
    [InlineData("max_replica_lag: 1s")]
    [InlineData("zone: a")]
    public void Servers_WithAClustersKey_AreRefused(string line) =>
        Assert.Contains("means nothing for independent servers", Only(ReadPool(line)), StringComparison.Ordinal);

    [Theory]
    [InlineData("a", 1, "a", 1)]
    [InlineData("10.0.0.1", 7, "real", 7)]
    [InlineData("10.0.0.1", 8, "other", 18)]
    [InlineData("fd00::1", 9, "::1", 19)]
    public void Translate_ExactPair_GoesFirst(string host, int port, string realHost, int realPort)
    {
        PoolConfig pool = Pool("topology: cluster", "address_map: ['10.0.0.1=real', '10.0.0.1:8=other:18', '[fd00::1]:9=[::1]:19']");

        Assert.Equal((realHost, realPort), AddressPair.Translate(pool.AddressMap, host, port));
    }

    [Theory]
    [InlineData("10.1.2.3", 7, "small")]
    [InlineData("10.2.0.1", 7, "large")]
    [InlineData("10.2.0.1", 8, "exact")]
    [InlineData("node", 7, "host")]
    [InlineData("fd00::1", 7, "six")]
    [InlineData("11.0.0.1", 7, null)]
    public void Zone_OfANode_IsWhatNamesItMostClosely(string host, int port, string? zone)
    {
        PoolConfig pool = Pool(
            "topology: cluster",
            "read_from: nearest",
            "zone: a",
            "zones: ['10.0.0.0/8=large', '10.1.0.0/16=small', '10.2.0.1:8=exact', 'node=host', 'fd00::/8=six']");

        Assert.Equal(zone, ZonePair.Find(pool.Zones, host, port));
    }
}
