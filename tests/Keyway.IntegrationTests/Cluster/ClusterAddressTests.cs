using System.Net;
using System.Net.Sockets;
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

    [Fact]
    public void NodesThatAnnounceIPv6_AreFound_AndFollowed()
    {
        Assert.SkipUnless(HasIPv6(), "the host has no IPv6");
        using RedisCluster cluster = RedisCluster.Start(3, 0, "--bind", "::1", "127.0.0.1", "--cluster-announce-ip", "::1");
        int port = FreePorts.Next();
        using KeywayProcess keyway = ProxyRig.StartKeyway(port, [$"'[::1]:{cluster.Nodes[0].Port}'"], "topology: cluster");
        using RespClient client = RespClient.Connect(port);
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal("+OK", client.Call("SET", $"key{i}", "v").ToString());
        }

        // To a slot of the first node that moves to the last one a redirect leads, whose address is IPv6 too.
        string slot = RedisCluster.Ask(cluster.Nodes[0], "CLUSTER", "KEYSLOT", "{b}");
        RedisProcess target = cluster.Nodes[^1];
        string id = RedisCluster.Ask(target, "CLUSTER", "MYID");
        foreach (RedisProcess node in cluster.Nodes.Reverse())
        {
            RedisCluster.Ask(node, "CLUSTER", "SETSLOT", slot, "NODE", id);
        }

        Assert.Equal("+OK", client.Call("SET", "{b}moved", "v").ToString());
        Assert.Equal("v", RedisCluster.Ask(target, "GET", "{b}moved"));
        Assert.All(cluster.Nodes, static node => Assert.Contains("addr=[::1]:", RedisCluster.Ask(node, "CLIENT", "LIST")));
    }

    private static bool HasIPv6()
    {
        try
        {
            using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
