using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Importing;

/// <summary>rmux's file and rmux's flags in front of real servers: the same keys on the same servers, and the same fail-over.</summary>
public sealed class RmuxTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly RedisProcess[] _servers = [RedisProcess.Start(), RedisProcess.Start(), RedisProcess.Start()];
    private readonly int _port = FreePorts.Next();

    public void Dispose() => Array.ForEach(_servers, server => server.Dispose());

    [Fact]
    public void Run_RmuxsFile_PlacesKeysAndRefusesAsRmux()
    {
        string servers = string.Join(", ", _servers.Select(s => $"\"{s.Address}\""));
        using KeywayProcess keyway = KeywayProcess.Start($$"""[{"host": "127.0.0.1", "port": {{_port}}, "poolSize": 2, "tcpConnections": [{{servers}}], "failover": true}]""");
        using RespClient client = RespClient.Connect(_port);

        AssertPlaces(client);
        Assert.Equal("-ERR This command is not supported", client.Call("MGET", "a", "b").ToString());
        Assert.Equal("-ERR This command is not supported", client.Call("CONFIG", "GET", "save").ToString());
        Assert.Equal("+PONG", client.Call("PING").ToString());

        // Of three servers, the table has 0,1,2,0,2,1,0,1; key1 is at the third entry, and 0 is the next.
        _servers[2].Kill();
        Wait.Until(() => client.Call("SET", "key1", "backup").ToString() == "+OK", "fail-over");
        Assert.Equal("$backup", client.Call("GET", "key1").ToString());
        AssertOn(0, "key1");
        AssertPlaceOf(client, "bar", 1);
    }

    [Fact]
    public void Rmux_ItsFlags_PlaceKeysAsRmux()
    {
        using ChildProcess keyway = ChildProcess.Start(
            KeywayProcess.Executable(),
            ["rmux", "-host", "127.0.0.1", "-port", $"{_port}", "-tcpConnections", string.Join(' ', _servers.Select(s => s.Address)), "-failover", "-remoteTimeout=2000"],
            Path.GetTempPath());
        keyway.WaitUntil(() => keyway.Log.Contains("ready", StringComparison.Ordinal), Limit, "ready");
        using RespClient client = RespClient.Connect(_port);

        AssertPlaces(client);
    }

    private void AssertPlaces(RespClient client)
    {
        foreach ((string key, int server) in new[] { ("a", 1), ("key1", 2), ("key2", 0), ("foo", 2), ("bar", 1), ("user:1000", 2), ("{tag}x", 2), ("0123456789", 1) })
        {
            AssertPlaceOf(client, key, server);
        }
    }

    private void AssertPlaceOf(RespClient client, string key, int server)
    {
        Assert.Equal("+OK", client.Call("SET", key, "v").ToString());
        AssertOn(server, key);
    }

    private void AssertOn(int server, string key)
    {
        using RespClient direct = _servers[server].Connect();
        Assert.Equal(":1", direct.Call("EXISTS", key).ToString());
    }
}
