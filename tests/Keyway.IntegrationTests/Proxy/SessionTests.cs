using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>What belongs to a connection: protocol version, database, name. It is each client's own, and nobody else's.</summary>
public sealed class SessionTests(Rigs rigs) : IClassFixture<Rigs>
{
    public static TheoryData<int, string> Shapes => Rigs.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Hello3_OneClientOfTwo_GetsMapsAloneWhileTheOtherKeepsArrays(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var three = rig.Connect();
        using var two = rig.Connect();
        using var direct = rig.Servers[0].Connect();

        var hello = three.Call("HELLO", "3");
        Assert.Equal('%', hello.Type);
        Assert.Equal(direct.Call("HELLO", "2").Items[3].Text, hello.Items[3].Text);
        Assert.Equal("$proto, :3", $"{hello.Items[4]}, {hello.Items[5]}");
        three.Call("HSET", "hash", "field", "value");

        Assert.Equal("%[$field, $value]", three.Call("HGETALL", "hash").ToString());
        Assert.Equal("*[$field, $value]", two.Call("HGETALL", "hash").ToString());
        Assert.Equal("_null", three.Call("GET", "none").ToString());
        Assert.Equal("$null", two.Call("GET", "none").ToString());
        Assert.Equal("*[_null, _null]", three.Call("MGET", "none", "neither").ToString());
        Assert.Equal("_null", three.Call("CLIENT", "GETNAME").ToString());
        Assert.Equal('=', three.Call("INFO").Type);
        Assert.Equal('*', three.Call("HELLO", "2").Type);
        Assert.Equal("*[$field, $value]", three.Call("HGETALL", "hash").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Hello_OddArguments_AreAnsweredAsByRedis(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var client = rig.Connect();
        using var direct = rig.Servers[0].Connect();

        foreach (string[] hello in new string[][] { ["HELLO", "4"], ["HELLO", "x"], ["HELLO", "3", "NONSENSE"], ["HELLO", "2", "SETNAME", "a b"] })
        {
            Assert.Equal(direct.Call(hello).ToString(), client.Call(hello).ToString());
        }

        Assert.Equal('*', client.Call("HELLO", "2", "SETNAME", "me").Type);
        Assert.Equal("$me", client.Call("CLIENT", "GETNAME").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Select_TwoClients_HaveTheirOwnDatabases(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var one = rig.Connect();
        using var nine = rig.Connect();

        Assert.Equal("+OK", nine.Call("SELECT", "9").ToString());
        Assert.Equal('%', nine.Call("HELLO", "3").Type);
        one.Call("SET", "key", "in 0");
        nine.Call("SET", "key", "in 9");

        Assert.Equal("$in 0", one.Call("GET", "key").ToString());
        Assert.Equal("$in 9", nine.Call("GET", "key").ToString());
        Assert.Equal("-ERR DB index is out of range", nine.Call("SELECT", "16").ToString());
        Assert.Equal("-ERR DB index is out of range", nine.Call("SELECT", "-1").ToString());
        Assert.Equal("-ERR value is not an integer or out of range", nine.Call("SELECT", "x").ToString());
        Assert.Equal("$in 9", nine.Call("GET", "key").ToString());
        Assert.Equal("+OK", nine.Call("SELECT", "0").ToString());
        Assert.Equal("$in 0", nine.Call("GET", "key").ToString());
        Assert.Equal(":1", one.Call("DBSIZE").ToString());
        Assert.Equal("+OK", one.Call("FLUSHDB").ToString());
        Assert.Equal(":0", one.Call("DBSIZE").ToString());
        nine.Call("SELECT", "9");
        Assert.Equal(":1", nine.Call("DBSIZE").ToString());
        Assert.Equal("+OK", one.Call("FLUSHALL").ToString());
        Assert.Equal(":0", nine.Call("DBSIZE").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void HelloAndSelect_AmongPipelinedCommands_KeepTheOrderOfTheirEffects(int servers, string poller)
    {
        using var client = rigs.Get(servers, poller).Connect();
        var value = new string('v', 200_000);

        for (var i = 0; i < 20; i++)
        {
            client.SendRaw(
            [
                .. RespClient.Encode("DEL", "key"), .. RespClient.Encode("SET", "key", value), .. RespClient.Encode("HELLO", i % 2 == 0 ? "3" : "2"), .. RespClient.Encode("STRLEN", "key"),
                .. RespClient.Encode("SELECT", "1"), .. RespClient.Encode("FLUSHALL"), .. RespClient.Encode("SELECT", "0"), .. RespClient.Encode("SET", "key", "v"), .. RespClient.Encode("GET", "key"),
            ]);
            var replies = Enumerable.Range(0, 9).Select(_ => client.ReadReply()).ToArray();

            Assert.Equal(":200000", replies[3].ToString());
            Assert.Equal("$v", replies[8].ToString());
            Assert.Equal("$v", client.Call("GET", "key").ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ClientCommands_SpeakOfTheConnectionToKeyway(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var one = rig.Connect();
        using var other = rig.Connect();

        Assert.NotEqual(one.Call("CLIENT", "ID").ToString(), other.Call("CLIENT", "ID").ToString());
        Assert.Equal("$null", one.Call("CLIENT", "GETNAME").ToString());
        Assert.Equal("+OK", one.Call("CLIENT", "SETNAME", "worker").ToString());
        Assert.Equal("$worker", one.Call("CLIENT", "GETNAME").ToString());
        Assert.Equal("$null", other.Call("CLIENT", "GETNAME").ToString());
        Assert.Equal("-ERR Client names cannot contain spaces, newlines or special characters.", one.Call("CLIENT", "SETNAME", "a b").ToString());
        Assert.Equal("+OK", one.Call("CLIENT", "SETINFO", "LIB-NAME", "tests").ToString());
        Assert.Contains("name=worker", one.Call("CLIENT", "INFO").Text);
        Assert.StartsWith("-ERR", one.Call("CLIENT", "NOSUCH").ToString());
        Assert.Equal("+RESET", one.Call("RESET").ToString());
        Assert.Equal("$null", one.Call("CLIENT", "GETNAME").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Reset_AfterHelloAndSelect_IsAsANewConnection(int servers, string poller)
    {
        using var client = rigs.Get(servers, poller).Connect();
        client.Call("HELLO", "3");
        client.Call("SELECT", "5");
        client.Call("SET", "key", "in 5");

        Assert.Equal("+RESET", client.Call("RESET").ToString());

        Assert.Equal("$null", client.Call("GET", "key").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Quit_AfterRequests_AnswersThemAndCloses(int servers, string poller)
    {
        using var client = rigs.Get(servers, poller).Connect();

        client.SendRaw([.. RespClient.Encode("SET", "key", "value"), .. RespClient.Encode("GET", "key"), .. RespClient.Encode("QUIT"), .. RespClient.Encode("GET", "key")]);

        Assert.Equal("+OK", client.ReadReply().ToString());
        Assert.Equal("$value", client.ReadReply().ToString());
        Assert.Equal("+OK", client.ReadReply().ToString());
        Assert.True(client.IsClosedByPeer());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void PingEchoTime_AnyArguments_AreAnsweredAsByRedis(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var client = rig.Connect();
        using var direct = rig.Servers[0].Connect();

        foreach (string[] command in new string[][] { ["PING"], ["ping", "a b"], ["PING", "a", "b"], ["ECHO", ""], ["ECHO"], ["ECHO", "a", "b"], ["TIME", "x"] })
        {
            Assert.Equal(direct.Call(command).ToString(), client.Call(command).ToString());
        }

        var time = client.Call("TIME");
        Assert.InRange(long.Parse(time.Items[0].Text!) - long.Parse(direct.Call("TIME").Items[0].Text!), -1, 1);
    }
}
