using System.Net;
using System.Net.Sockets;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Where clients connect, how many, and how it ends.</summary>
public sealed class ListeningTests
{
    public static TheoryData<string> Pollers => [ProxyRig.Epoll, ProxyRig.Managed];

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Listen_OnSeveralAddresses_ServesOnAll(string poller)
    {
        using var redis = RedisProcess.Start();
        var (four, six, path) = (FreePorts.Next(), FreePorts.Next(), Path.Combine(redis.Directory, "keyway.sock"));
        using var keyway = Start($"[127.0.0.1:{four}, '[::1]:{six}', '{path} 0640']", redis, poller);

        using var tcp = RespClient.Connect(four);
        using var unix = RespClient.ConnectUnix(path);
        using var v6 = new TcpClient("::1", six);

        Assert.Equal("+OK", tcp.Call("SET", "key", "value").ToString());
        Assert.Equal("$value", unix.Call("GET", "key").ToString());
        v6.GetStream().Write("PING\r\n"u8);
        var pong = new byte[7];
        v6.GetStream().ReadExactly(pong);
        Assert.Equal("+PONG\r\n"u8, pong);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, new FileInfo(path).UnixFileMode);
        Assert.Contains($"ready cache=127.0.0.1:{four} cache=[::1]:{six} cache={path}", keyway.Log);

        Assert.Equal(0, keyway.Stop());
        Assert.False(File.Exists(path));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Listen_OnAPathOfAKilledProcess_TakesItOver(string poller)
    {
        using var redis = RedisProcess.Start();
        var path = Path.Combine(redis.Directory, "keyway.sock");
        using (var killed = Start(path, redis, poller))
        {
            killed.Kill();
        }

        Assert.True(File.Exists(path));
        using var keyway = Start(path, redis, poller);
        using var client = RespClient.ConnectUnix(path);
        Assert.Equal("+PONG", client.Call("PING").ToString());
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Listen_OnATakenAddress_EndsWithAClearError(string poller)
    {
        using var redis = RedisProcess.Start();
        using var other = RedisProcess.Start();

        var taken = Assert.Throws<InvalidOperationException>(() => Start($"127.0.0.1:{other.Port}", redis, poller));

        Assert.Contains("Ended with code 1", taken.Message);
        Assert.Contains($"pool cache: cannot listen on 127.0.0.1:{other.Port}", taken.Message);
        Assert.Contains("in use", taken.Message);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void ClientConnections_AtTheLimit_RefusesNewOnesUntilOneLeaves(string poller)
    {
        using var rig = ProxyRig.Start(1, "client_connections: 3", poller);
        var clients = Enumerable.Range(0, 3).Select(_ => rig.Connect()).ToArray();
        foreach (var client in clients)
        {
            Assert.Equal("+PONG", client.Call("PING").ToString());
        }

        for (var i = 0; i < 20; i++)
        {
            using var surplus = rig.Connect();
            Assert.Equal("-ERR max number of clients reached", surplus.ReadReply().ToString());
            Assert.True(surplus.IsClosedByPeer());
        }

        Assert.Equal("+PONG", clients[1].Call("PING").ToString());
        clients[0].Dispose();

        Wait.Until(
            () =>
            {
                using var next = rig.Connect();
                return IsServed(next);
            },
            "served after a client left");
        clients[1].Dispose();
        clients[2].Dispose();
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public async Task Sigterm_WithRequestsUnderWay_AnswersThemAndEndsWith0(string poller)
    {
        using var gate = new ManualResetEventSlim();
        using var server = new ScriptedServer(connection =>
        {
            connection.ReadRequest();
            ScriptedConnection.WaitFor(gate);
            connection.Write("$5\r\nvalue\r\n");
            connection.WaitForClose();
        });
        var port = FreePorts.Next();
        using var keyway = ProxyRig.StartKeyway(port, [server.Address], poller: poller);
        using var client = RespClient.Connect(port);
        using var idle = RespClient.Connect(port);
        Assert.Equal("+PONG", idle.Call("PING").ToString());
        client.Send("GET", "key");
        server.NextRequest();

        var stopping = Task.Run(keyway.Stop);

        Assert.True(idle.IsClosedByPeer());
        Assert.ThrowsAny<SocketException>(() => RespClient.Connect(port));
        gate.Set();
        Assert.Equal("$value", client.ReadReply().ToString());
        Assert.True(client.IsClosedByPeer());
        Assert.Equal(0, await stopping);
    }

    [Fact]
    public void Sigterm_WithARequestThatIsNeverAnswered_EndsAllTheSame()
    {
        using var server = new ScriptedServer(static connection =>
        {
            connection.ReadRequest();
            connection.WaitForClose();
        });
        var port = FreePorts.Next();
        using var keyway = ProxyRig.StartKeyway(port, [server.Address], "timeout: 200ms");
        using var client = RespClient.Connect(port);
        client.Send("GET", "key");
        server.NextRequest();

        Assert.Equal(0, keyway.Stop());
        Assert.StartsWith("-ERR timeout", client.ReadReply().ToString());
    }

    private static bool IsServed(RespClient client)
    {
        try
        {
            client.Send("PING");
            return client.ReadReply().ToString() == "+PONG";
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return false;
        }
    }

    private static KeywayProcess Start(string listen, RedisProcess redis, string poller) => KeywayProcess.StartWith(
        new Dictionary<string, string> { ["KEYWAY_POLLER"] = poller },
        $"pools:\n  cache:\n    listen: {listen}\n    servers: [{redis.Address}]\n");
}
