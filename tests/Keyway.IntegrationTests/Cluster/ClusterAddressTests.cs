using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Cluster;

/// <summary>Nodes announce themselves in several ways; each has to be found.</summary>
public sealed class ClusterAddressTests
{
    [Theory]
    [InlineData("hostname", "localhost", "")]
    [InlineData("hostname", "node.invalid", "address_map: node.invalid=127.0.0.1")]
    [InlineData("unknown-endpoint", "node.invalid", "")]
    public void Nodes_AreFoundWhereTheyAnnounceThemselves(string type, string host, string settings)
    {
        using RedisCluster cluster = RedisCluster.Start(3, 0, "--cluster-preferred-endpoint-type", type, "--cluster-announce-hostname", host);
        int port = FreePorts.Next();
        using KeywayProcess keyway = ProxyRig.StartKeyway(port, [cluster.Nodes[0].Address], $"topology: cluster\n{settings}");
        using RespClient client = RespClient.Connect(port);

        for (int i = 0; i < 30; i++)
        {
            Assert.Equal("+OK", client.Call("SET", $"key{i}", "v").ToString());
        }

        Assert.Equal(":30", client.Call("DBSIZE").ToString());
    }
}
