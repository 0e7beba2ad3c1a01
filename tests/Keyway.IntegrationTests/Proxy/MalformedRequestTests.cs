using System.Text;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Requests that are none: the bytes that come back are Redis's, and then the connection ends.</summary>
public sealed class MalformedRequestTests(Rigs rigs) : IClassFixture<Rigs>
{
    private static readonly string[] Requests =
    [
        "*1\r\n:4\r\nPING\r\n",
        "*1\r\n$-1\r\n",
        "*1\r\n$x\r\n",
        "*1\r\n$\r\n",
        "*x\r\n",
        "*2147483648\r\n",
        "*99999999999999999999\r\n",
        "*1\r\n$99999999999999999999999\r\n",
        "*2\r\n$3\r\nGET\r\nkey\r\n",
        "*1\r\n\r\n",
        "\"a\r\n",
        "GET \"a\"b\r\n",
        "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n!1\r\nv\r\n",
        "*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPING\r\n*z\r\n*1\r\n$4\r\nPING\r\n",
    ];

    public static TheoryData<int, string> Shapes => Rigs.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Malformed_EachKind_IsAnsweredAndClosedAsByRedis(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);

        foreach (var request in Requests)
        {
            Assert.Equal((request, Answer(rig.Servers[0].Port, request)), (request, Answer(rig.Port, request)));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Garbage_From2000Connections_HarmsNobodyElse(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        var random = new Random(7);
        using var neighbour = rig.Connect();

        for (var i = 0; i < 2000; i++)
        {
            using var client = rig.Connect();
            client.SendRaw(Garbage(random));
            if (random.Next(2) == 0)
            {
                client.Reset();
            }

            if (i % 100 == 0)
            {
                Assert.Equal("+OK", neighbour.Call("SET", $"key{i}", $"value {i}").ToString());
                Assert.Equal($"$value {i}", neighbour.Call("GET", $"key{i}").ToString());
            }
        }

        Assert.Equal("+PONG", neighbour.Call("PING").ToString());
        Assert.DoesNotContain("fault", rig.Keyway.Log);
    }

    [Fact]
    public void Limits_OfBulkAndArguments_AreKept()
    {
        using var rig = ProxyRig.Start(1, "limits: {max_bulk: 1kb, max_args: 8}");

        using var client = rig.Connect();
        Assert.Equal("+OK", client.Call("SET", "key", new string('v', 1024)).ToString());
        Assert.Equal("*[$null, $null, $null, $null, $null, $null, $null]", client.Call("MGET", "1", "2", "3", "4", "5", "6", "7").ToString());
        Assert.Equal("-ERR Protocol error: invalid bulk length\r\n", Answer(rig.Port, "*2\r\n$3\r\nGET\r\n$1025\r\n"));
        Assert.Equal("-ERR Protocol error: invalid multibulk length\r\n", Answer(rig.Port, "*9\r\n"));
        Assert.Equal("+PONG", client.Call("PING").ToString());
    }

    /// <summary>Everything that comes back until the peer closes.</summary>
    private static string Answer(int port, string request)
    {
        using var client = RespClient.Connect(port);
        client.SendRaw(request);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        for (var count = client.Socket.Receive(buffer); count > 0; count = client.Socket.Receive(buffer))
        {
            answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return answer.ToString();
    }

    private static byte[] Garbage(Random random)
    {
        var bytes = new byte[random.Next(1, 600)];
        random.NextBytes(bytes);
        if (random.Next(2) == 0)
        {
            // Nearly right: the beginning of a request with bytes changed.
            var request = RespClient.Encode("MSET", "a", new string('b', random.Next(200)), "c", "d");
            for (var i = 0; i < 3; i++)
            {
                request[random.Next(request.Length)] = (byte)random.Next(256);
            }

            return request[..random.Next(1, request.Length)];
        }

        return bytes;
    }
}
