using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Cluster;

/// <summary>The real keyway executable in front of a real Redis Cluster of three primaries with a replica each.</summary>
public sealed class ClusterRig : IDisposable
{
    public ClusterRig()
    {
        Cluster = RedisCluster.Start(primaries: 3, replicas: 1);
        Port = FreePorts.Next();
        Keyway = ProxyRig.StartKeyway(Port, [Cluster.Nodes[0].Address, Cluster.Nodes[4].Address], "topology: cluster");
    }

    /// <summary>The servers.</summary>
    public RedisCluster Cluster { get; }

    /// <summary>The proxy; its seeds are one primary and one replica.</summary>
    public KeywayProcess Keyway { get; }

    /// <summary>Where clients connect.</summary>
    public int Port { get; }

    /// <summary>A new client of the proxy.</summary>
    public RespClient Connect(TimeSpan? timeout = null) => RespClient.Connect(Port, timeout);

    /// <inheritdoc/>
    public void Dispose()
    {
        Keyway.Dispose();
        Cluster.Dispose();
    }
}
