using Keyway.Testing;

namespace Keyway.IntegrationTests;

/// <summary>The tests' own client and servers: what other tests conclude rests on them.</summary>
public sealed class HarnessTests
{
    [Fact]
    public void RespClient_Resp2Replies_AreReadAsTrees()
    {
        using var redis = RedisProcess.Start();
        using var client = redis.Connect();

        Assert.Equal("+OK", client.Call("SET", "key", "a\r\nb\0\u00ff").ToString());
        Assert.Equal("$a\r\nb\0\u00ff", client.Call("GET", "key").ToString());
        Assert.Equal("$null", client.Call("GET", "none").ToString());
        Assert.Equal(":2", client.Call("RPUSH", "list", "1", "2").ToString());
        Assert.Equal("*[$1, $2]", client.Call("LRANGE", "list", "0", "-1").ToString());
        Assert.Equal("*null", client.Call("BLPOP", "empty", "0.01").ToString());
        Assert.True(client.Call("NOSUCH").IsError);
    }

    [Fact]
    public void RespClient_Resp3Replies_AreReadAsTrees()
    {
        using var redis = RedisProcess.Start();
        using var client = redis.Connect();

        Assert.Equal('%', client.Call("HELLO", "3").Type);
        Assert.Equal("_null", client.Call("GET", "none").ToString());
        client.Call("HSET", "hash", "field", "value");
        Assert.Equal("%[$field, $value]", client.Call("HGETALL", "hash").ToString());
        client.Call("ZADD", "sorted", "1.5", "member");
        Assert.Equal(",1.5", client.Call("ZSCORE", "sorted", "member").ToString());
        Assert.Equal(">[$subscribe, $news, :1]", client.Call("SUBSCRIBE", "news").ToString());
    }

    [Fact]
    public void RespClient_ClosedByPeer_IsSeen()
    {
        using var redis = RedisProcess.Start();
        using var client = redis.Connect();

        client.SendRaw("PING\r\n");
        client.HalfClose();

        Assert.Equal("+PONG", client.ReadReply().ToString());
        Assert.True(client.IsClosedByPeer());
    }

    [Fact]
    public void RedisProcess_KilledAndRestarted_AnswersOnTheSamePort()
    {
        using var redis = RedisProcess.Start();
        redis.Kill();
        Assert.ThrowsAny<System.Net.Sockets.SocketException>(() => redis.Connect());

        redis.Restart();

        using var client = redis.Connect();
        Assert.Equal("+PONG", client.Call("PING").ToString());
    }

    [Fact]
    public void RedisProcess_StoppedAndContinued_AnswersLate()
    {
        using var redis = RedisProcess.Start();
        using var client = redis.Connect();

        redis.Stop();
        client.Send("PING");
        Assert.False(client.Socket.Poll(TimeSpan.FromMilliseconds(50), System.Net.Sockets.SelectMode.SelectRead));
        redis.Continue();

        Assert.Equal("+PONG", client.ReadReply().ToString());
    }

    [Fact]
    public void NutcrackerProcess_OverRedis_PassesRequests()
    {
        using var redis = RedisProcess.Start();
        using var nutcracker = NutcrackerProcess.Start($"redis: true\nservers:\n - {redis.Address}:1");
        using var client = RespClient.Connect(nutcracker.Port);

        Assert.Equal("+OK", client.Call("SET", "key", "value").ToString());

        using var direct = redis.Connect();
        Assert.Equal("$value", direct.Call("GET", "key").ToString());
        Assert.True(nutcracker.Process.CpuNanoseconds > 0);
        Assert.True(nutcracker.Process.ResidentBytes > 0);
    }

    [Fact]
    public void NutcrackerProcess_OverMemcached_PassesRequests()
    {
        using var memcached = MemcachedProcess.Start("-m", "16");
        using var nutcracker = NutcrackerProcess.Start($"servers:\n - {memcached.Address}:1");
        using var client = RespClient.Connect(nutcracker.Port);

        client.SendRaw("set key 0 0 5\r\nvalue\r\nget key\r\n");

        Assert.Equal("STORED\r\nVALUE key 0 5\r\nvalue\r\nEND\r\n", client.ReadRaw(8 + 17 + 7 + 5 - 2));
    }

    [Fact]
    public void ScriptedServer_Script_ControlsEveryByte()
    {
        using var gate = new ManualResetEventSlim();
        using var server = new ScriptedServer(connection =>
        {
            connection.ReadRequest();
            connection.Write("$5\r\nhe");
            ScriptedConnection.WaitFor(gate);
            connection.WritePieces("llo\r\n", 1);
            connection.Reset();
        });
        using var client = RespClient.Connect(server.Port);

        client.Send("GET", "key");
        Assert.Equal("$5\r\nhe", client.ReadRaw(6));
        Assert.Equal(["GET", "key"], server.NextRequest());
        gate.Set();

        Assert.Equal("llo\r\n", client.ReadRaw(5));
        Assert.True(client.IsClosedByPeer());
        Assert.Equal(1, server.Connections);
        Assert.Empty(server.Failures);
    }
}
