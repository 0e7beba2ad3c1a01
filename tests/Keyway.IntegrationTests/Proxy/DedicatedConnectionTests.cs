using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Commands that change their connection: the client has one for itself then. And CLIENT REPLY, which Keyway does itself.</summary>
public sealed class DedicatedConnectionTests(Rigs rigs) : IClassFixture<Rigs>
{
    public static TheoryData<int, string> Shapes => Rigs.Shapes;

    [Fact]
    public void Tracking_Resp3_InvalidatesWhatTheClientRead()
    {
        var rig = rigs.Get(1, ProxyRig.Epoll);
        using var client = rig.Connect();
        using var other = rig.Connect();
        client.Call("HELLO", "3");
        client.Call("SET", "before", "1");
        Assert.Equal("+OK", client.Call("CLIENT", "TRACKING", "ON").ToString());
        Assert.Equal("_null", client.Call("GET", "key").ToString());

        other.Call("SET", "key", "1");

        Assert.Equal(">[$invalidate, *[$key]]", client.ReadReply().ToString());
        Assert.Equal("$1", client.Call("GET", "key").ToString());
        Assert.Equal("+OK", client.Call("SELECT", "2").ToString());
        Assert.Equal("_null", client.Call("GET", "key").ToString());
        Assert.Equal("%", client.Call("CLIENT", "TRACKINGINFO").Type.ToString());

        client.SendRaw([.. RespClient.Encode("GET", "key"), .. RespClient.Encode("RESET"), .. RespClient.Encode("GET", "key")]);

        Assert.Equal("_null +RESET $1", string.Join(' ', client.ReadReply(), client.ReadReply(), client.ReadReply()));
        other.Call("SET", "key", "2");
        Assert.Equal("$2", client.Call("GET", "key").ToString());
    }

    [Fact]
    public void Tracking_ServerConnectionEnds_EndsTheClient()
    {
        var rig = rigs.Get(1, ProxyRig.Epoll);
        using var client = rig.Connect();
        client.Call("HELLO", "3");
        client.Call("CLIENT", "TRACKING", "ON");
        using var direct = rig.Servers[0].Connect();

        direct.Call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");

        Assert.True(client.IsClosedByPeer());
    }

    [Fact]
    public void Monitor_ShowsWhatOthersDo_UntilReset()
    {
        var rig = rigs.Get(1, ProxyRig.Epoll);
        using var client = rig.Connect();
        using var other = rig.Connect();
        Assert.Equal("+OK", client.Call("MONITOR").ToString());

        other.Call("SET", "key", new string('v', 100_000));
        other.Call("GET", "key");

        Assert.Contains("\"SET\" \"key\" \"vvv", client.ReadReply().ToString());
        Assert.Contains("\"GET\" \"key\"", client.ReadReply().ToString());
        Assert.Equal("-ERR Replica can't interact with the keyspace", client.Call("GET", "key").ToString());
        Assert.Equal("-ERR Replica can't interact with the keyspace", client.Call("EVAL", "return 1", "0").ToString());
        Assert.Equal("$x", client.Call("ECHO", "x").ToString());
        client.Send("INFO", "server");
        RespValue[] both = [client.ReadReply(), client.ReadReply()]; // the reply and the line about it, in any order
        Assert.Contains(both, static reply => reply.Text!.StartsWith("# Server", StringComparison.Ordinal));
        Assert.Contains(both, static reply => reply.Text!.Contains("\"INFO\" \"server\"", StringComparison.Ordinal));
        Assert.Equal("+RESET", client.Call("RESET").ToString());
        other.Call("SET", "key", "w");
        Assert.Equal("$w", client.Call("GET", "key").ToString());
    }

    [Fact]
    public void Dedicated_OfSeveralServers_IsRefused()
    {
        using var client = rigs.Get(4, ProxyRig.Epoll).Connect();

        Assert.StartsWith("-ERR MONITOR asks for a connection of its own to one server", client.Call("MONITOR").ToString());
        Assert.StartsWith("-ERR CLIENT TRACKING asks for a connection of its own to one server", client.Call("CLIENT", "TRACKING", "ON").ToString());
        Assert.Equal("+PONG", client.Call("PING").ToString());
    }

    [Fact]
    public void Debug_IfThePoolAllowsIt_IsPassedOn()
    {
        using var rig = ProxyRig.Start(1, "debug: true", serverArguments: ["--enable-debug-command", "yes"]);
        using var client = rig.Connect();

        Assert.Equal("+OK", client.Call("DEBUG", "SLEEP", "0").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ClientReply_AnyMode_SwallowsWhatRedisSwallows(int servers, string poller)
    {
        string[][] requests =
        [
            .. "SET a 1|CLIENT REPLY SKIP|GET a|ECHO 1|CLIENT REPLY OFF|GET a|ECHO 2|GET|NOSUCH|CLIENT REPLY X|CLIENT REPLY SKIP|CLIENT REPLY ON|GET a|CLIENT REPLY X|CLIENT REPLY SKIP|CLIENT REPLY ON|PING|CLIENT REPLY SKIP|CLIENT REPLY SKIP|GET a|ECHO 3|CLIENT REPLY SKIP|BLPOP b 0.01|ECHO 4|CLIENT REPLY OFF|MULTI|INCR a|EXEC|CLIENT REPLY ON|GET a|CLIENT REPLY OFF|RESET|CLIENT REPLY SKIP|SUBSCRIBE x|UNSUBSCRIBE x|CLIENT REPLY OFF|PSUBSCRIBE x*|RESET|GET a|ECHO end"
                .Split('|').Select(request => request.Split(' ')),
        ];
        var rig = rigs.Get(servers, poller);

        Assert.Equal(Answers(rig.Servers[0].Connect(), requests), Answers(rig.Connect(), requests));
    }

    private static string Answers(RespClient client, string[][] requests)
    {
        using (client)
        {
            client.SendRaw([.. requests.SelectMany(RespClient.Encode)]);
            var answers = new List<string>();
            do
            {
                answers.Add(client.ReadReply().ToString());
            }
            while (answers[^1] != "$end");

            // Where there are several servers, the one that is asked directly has its own keys.
            client.Call("DEL", "a");
            return string.Join(' ', answers);
        }
    }
}
