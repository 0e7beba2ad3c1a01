using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>A server may close a connection on which nothing is asked: that is no failure.</summary>
public sealed class IdleServerConnectionTests
{
    [Theory]
    [InlineData(1, ProxyRig.Epoll)]
    [InlineData(4, ProxyRig.Epoll)]
    [InlineData(4, ProxyRig.Managed)]
    public void IdleConnections_ClosedByTheServers_CostNoErrorAndNoServer(int servers, string poller)
    {
        using var rig = ProxyRig.Start(servers, "server_failure_limit: 1\nserver_retry_timeout: 1m", poller);
        var clients = Enumerable.Range(0, 4).Select(_ => rig.Connect()).ToArray();

        for (var round = 0; round < 20; round++)
        {
            foreach (var client in clients)
            {
                for (var i = 0; i < 20; i++)
                {
                    Assert.Equal("+OK", client.Call("SET", $"key{i}", $"{round}").ToString());
                }
            }

            foreach (var server in rig.Servers)
            {
                Tool.RedisCli(server.Port, "CLIENT", "KILL", "TYPE", "normal");
                using var direct = server.Connect();
                Wait.Until(() => !direct.Call("CLIENT", "LIST").Text!.Contains("cmd=set", StringComparison.Ordinal), "closed at the server");
            }

            // Once a reactor has answered this, it has seen what its sockets had before.
            foreach (var client in clients)
            {
                Assert.Equal("+PONG", client.Call("PING").ToString());
            }
        }

        Assert.DoesNotContain("server is down", rig.Keyway.Log);
        foreach (var client in clients)
        {
            client.Dispose();
        }
    }
}
