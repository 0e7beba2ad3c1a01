using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Cluster;

/// <summary>The real keyway executable in front of a real Redis Cluster of three primaries with a replica each.</summary>
public sealed class ClusterRig : IDisposable
{
    /// <summary>Starts all, with what is the same for everybody.</summary>
    public ClusterRig()
        : this("")
    {
    }

    /// <summary>Starts all.</summary>
    /// <param name="settings">Further lines of the pool.</param>
    /// <param name="serverArguments">redis-server's arguments.</param>
    internal ClusterRig(string settings, params string[] serverArguments)
    {
        Cluster = RedisCluster.Start(primaries: 3, replicas: 1, serverArguments);
        Port = FreePorts.Next();
        Keyway = ProxyRig.StartKeyway(Port, [Cluster.Nodes[0].Address, Cluster.Nodes[4].Address], $"topology: cluster\n{settings}");
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
