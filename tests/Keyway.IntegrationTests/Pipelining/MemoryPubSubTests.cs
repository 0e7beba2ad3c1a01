using System.Globalization;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Pipelining;

/// <summary>With the server in the process, messages go from client to client whichever reactors they are on.</summary>
public sealed class MemoryPubSubTests
{
    private const int Clients = 16;
    private const int Messages = 300;

    [Fact]
    public void Messages_AcrossReactors_ReachEveryoneInOrder()
    {
        var port = FreePorts.Next();
        using var keyway = ProxyRig.StartKeyway(port, ["memory"], threads: 3);
        using var all = new Disposables();
        var clients = Enumerable.Range(0, Clients).Select(_ => all.Add(RespClient.Connect(port))).ToArray();
        using var publisher = RespClient.Connect(port);
        foreach (var client in clients)
        {
            Assert.Equal("*[$subscribe, $news, :1]", client.Call("SUBSCRIBE", "news").ToString());
            Assert.Equal("*[$psubscribe, $n?ws, :2]", client.Call("PSUBSCRIBE", "n?ws").ToString());
        }

        Assert.Equal($"*[$news, :{Clients}]", publisher.Call("PUBSUB", "NUMSUB", "news").ToString());
        Assert.Equal("*[$news]", publisher.Call("PUBSUB", "CHANNELS").ToString());
        Assert.Equal(":1", publisher.Call("PUBSUB", "NUMPAT").ToString());
        for (var i = 0; i < Messages; i++)
        {
            Assert.Equal($":{2 * Clients}", publisher.Call("PUBLISH", "news", i.ToString(CultureInfo.InvariantCulture)).ToString());
        }

        foreach (var client in clients)
        {
            for (var i = 0; i < Messages; i++)
            {
                Assert.Equal($"*[$message, $news, ${i}]", client.ReadReply().ToString());
                Assert.Equal($"*[$pmessage, $n?ws, $news, ${i}]", client.ReadReply().ToString());
            }
        }

        Assert.Equal("*[$unsubscribe, $news, :1]", clients[0].Call("UNSUBSCRIBE", "news").ToString());
        Assert.Equal($":{(2 * Clients) - 1}", publisher.Call("PUBLISH", "news", "last").ToString());
        Assert.Equal(":0", publisher.Call("SPUBLISH", "news", "nobody").ToString());
    }
}
