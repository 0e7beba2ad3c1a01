using System.Globalization;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>HELLO, AUTH, SELECT and RESET in any order: replies and what they leave behind are those of a redis-server.</summary>
public sealed class HelloTests
{
    private static readonly string[][] Steps =
    [
        ["HELLO"], ["HELLO", "2"], ["HELLO", "3"], ["hello", "3"], ["HELLO", "4"], ["HELLO", "1"], ["HELLO", "-3"], ["HELLO", "03"], ["HELLO", "3.0"], ["HELLO", ""], ["HELLO", "99999999999999999999"],
        ["HELLO", "3", "SETNAME", "ada"], ["HELLO", "2", "setname", ""], ["HELLO", "3", "SETNAME", "a b"], ["HELLO", "3", "SETNAME"], ["HELLO", "AUTH", "default", "pw"],
        ["HELLO", "3", "SETNAME", "bob", "NONSENSE"], ["HELLO", "2", "NONSENSE", "SETNAME", "eve"], ["HELLO", "3", "SETNAME", "one", "SETNAME", "two"],
        ["HELLO", "3", "AUTH", "default", "wrong", "SETNAME", "late"], ["HELLO", "2", "SETNAME", "early", "AUTH", "default", "wrong"], ["HELLO", "3", "AUTH", "nobody", "pw"],
        ["HELLO", "3", "AUTH", "default"], ["HELLO", "3", "AUTH"], ["HELLO", "2", "AUTH", "default", "pw"], ["HELLO", "3", "AUTH", "default", "pw", "SETNAME", "in"],
        ["HELLO", "4", "AUTH", "default", "pw"], ["HELLO", "3", "AUTH", "default", "pw", "NONSENSE"],
        ["AUTH", "pw"], ["AUTH", "wrong"], ["AUTH", "default", "pw"], ["AUTH", "default", "wrong"], ["AUTH", "nobody", "pw"], ["AUTH"], ["AUTH", "a", "b", "c"],
        ["SELECT", "3"], ["SELECT", "0"], ["SELECT", "15"], ["SELECT", "16"], ["SELECT", "-1"], ["SELECT", "x"], ["SELECT", "2147483648"], ["SELECT", ""], ["SELECT"], ["SELECT", "1", "2"],
        ["RESET"], ["RESET", "x"], ["CLIENT", "SETNAME", "carl"], ["CLIENT", "SETNAME", ""], ["CLIENT", "SETNAME", "a b"],
    ];

    [Theory]
    [InlineData("", 1, ProxyRig.Epoll)]
    [InlineData("", 4, ProxyRig.Managed)]
    [InlineData("pw", 1, ProxyRig.Managed)]
    [InlineData("pw", 4, ProxyRig.Epoll)]
    public void Session_MadeAtRandom_IsAsByRedis(string password, int servers, string poller)
    {
        using var rig = ProxyRig.Start(servers, password.Length > 0 ? "password: " + password : "", poller);
        using var reference = RedisProcess.Start(password.Length > 0 ? ["--requirepass", password] : []);
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            using var client = rig.Connect();
            using var direct = reference.Connect();
            List<string> said = [];
            for (var step = 0; step < 25; step++)
            {
                var command = Steps[random.Next(Steps.Length)];
                said.Add(string.Join(' ', command));
                Same(said, Call(direct, command), Call(client, command));
                Same(said, Call(direct, "CLIENT", "GETNAME"), Call(client, "CLIENT", "GETNAME"));
                Same(said, Session(direct), Session(client));
            }
        }
    }

    [Theory]
    [InlineData(ProxyRig.Epoll)]
    [InlineData(ProxyRig.Managed)]
    public void Types_OfResp3_AreThoseOfTheServerForEachVersion(string poller)
    {
        using var rig = ProxyRig.Start(1, poller: poller);
        using var reference = RedisProcess.Start();
        using var two = rig.Connect();
        using var three = rig.Connect();
        three.Call("HELLO", "3");
        foreach (var version in new[] { "2", "3" })
        {
            using var direct = reference.Connect();
            direct.Call("HELLO", version);
            direct.Call("RPUSH", "list", "a");
            var client = version == "3" ? three : two;
            client.Call("RPUSH", "list", "a");
            foreach (var made in new[]
            {
                "{double=3.0e-7}", "{double=1/0}", "{double=-1/0}", "{map={a=1}}", "{map={}}", "{map={a={set={b=true}}}}", "{set={x=true}}", "{big_number='3492890328409238509324850943850943825024385'}",
                "{verbatim_string={format='txt',string='Some string'}}", "{verbatim_string={format='mkd',string=''}}", "true", "false", "nil", "{1,{nil}}", "{1,{2,{double=0.5}},'x'}",
                "{ok='fine'}", "{err='ERR bad'}", "redis.call('HGETALL','none')", "redis.call('ZADD','z','1.5','m')", "redis.call('ZRANGE','z',0,-1,'WITHSCORES')", "redis.call('ZSCORE','z','m')",
            })
            {
                string[] command = ["EVAL", $"redis.setresp(3) return {made}", "0"];
                Assert.Equal($"{version} {made} -> {direct.Call(command)}", $"{version} {made} -> {client.Call(command)}");
            }

            foreach (var line in new[]
            {
                "ZADD z 1.5 m", "ZSCORE z m", "ZSCORE z none", "ZMSCORE z m none", "ZINCRBY z 0.1 m", "ZRANGE z 0 -1 WITHSCORES", "ZPOPMIN none", "ZRANDMEMBER z 1 WITHSCORES", "HSET h f v", "HGETALL h",
                "HRANDFIELD h 1 WITHVALUES", "SADD s a", "SMEMBERS s", "SINTER s s", "INCRBYFLOAT f 0", "HINCRBYFLOAT i g 0", "GEOADD g 13.3 38.1 p", "GEOPOS g p none", "GEODIST g p p", "GET none",
                "LPOP none", "LPOP none 2", "LPOP list 0", "BITFIELD b OVERFLOW FAIL INCRBY u2 1 9", "SCAN 0 MATCH nothing*", "XRANGE none - +", "XREAD STREAMS none 0", "XINFO STREAM none", "OBJECT FREQ none",
                "CONFIG GET maxmemory", "MEMORY USAGE none", "COMMAND INFO nosuch", "COMMAND DOCS get", "FUNCTION STATS", "MEMORY DOCTOR", "LATENCY DOCTOR", "LOLWUT", "ACL GETUSERS", "SMISMEMBER s a b",
            })
            {
                var command = line.Split(' ');
                Assert.Equal($"{version} {line} -> {direct.Call(command)}", $"{version} {line} -> {client.Call(command)}");
            }
        }
    }

    [Fact]
    public void Attribute_BeforeAReply_ComesWithIt()
    {
        using var server = ScriptedServer.Answering(static request => request[0] switch
        {
            "GET" => $"|1\r\n+key-popularity\r\n,0.5\r\n${request[1].Length}\r\n{request[1]}\r\n",
            "HELLO" => "%0\r\n",
            _ => "+OK\r\n",
        });
        var port = FreePorts.Next();
        using var keyway = ProxyRig.StartKeyway(port, [server.Address], threads: 1);
        using var client = RespClient.Connect(port);
        client.Call("HELLO", "3");

        for (var i = 0; i < 10; i++)
        {
            client.SendRaw([.. RespClient.Encode("GET", "one"), .. RespClient.Encode("GET", "two")]);
            foreach (var key in new[] { "one", "two" })
            {
                Assert.Equal("|[+key-popularity, ,0.5]", client.ReadReply().ToString());
                Assert.Equal("$" + key, client.ReadReply().ToString());
            }
        }
    }

    [Fact]
    public void Select_OfManyClients_CostsTheServerOneForEachConnection()
    {
        using var rig = ProxyRig.Start(1);
        using var direct = rig.Servers[0].Connect();
        for (var i = 0; i < 100; i++)
        {
            using var client = rig.Connect();
            for (var j = 0; j < 10; j++)
            {
                var database = ((i + j) % 4).ToString(CultureInfo.InvariantCulture);
                client.SendRaw([.. RespClient.Encode("SELECT", database), .. RespClient.Encode("SET", "key", database), .. RespClient.Encode("GET", "key")]);
                Assert.Equal("+OK", client.ReadReply().ToString());
                Assert.Equal("+OK", client.ReadReply().ToString());
                Assert.Equal("$" + database, client.ReadReply().ToString());
            }
        }

        // Of two reactors: a connection for each of three databases other than 0, and one more with which each was tried out.
        Assert.InRange(Calls(direct, "select"), 1, 2 * 3 * 2);
        Assert.Equal(1000, Calls(direct, "set"));
    }

    private static long Calls(RespClient direct, string command)
    {
        var line = direct.Call("INFO", "commandstats").Text!.Split("\r\n").Single(line => line.StartsWith($"cmdstat_{command}:", StringComparison.Ordinal));
        return long.Parse(line.Split("calls=")[1].Split(',')[0], CultureInfo.InvariantCulture);
    }

    private static void Same(List<string> said, string expected, string actual) =>
        Assert.Equal($"{string.Join(" | ", said)} -> {expected}", $"{string.Join(" | ", said)} -> {actual}");

    /// <summary>The reply; ids differ between any two connections.</summary>
    private static string Call(RespClient client, params string[] command)
    {
        var reply = client.Call(command);
        return reply.Items.Count == 14
            ? $"{reply.Type}{string.Join(", ", reply.Items.Where((_, i) => i != 7).Select(static item => item.ToString()))}"
            : reply.ToString();
    }

    /// <summary>What is known of the session from CLIENT INFO, or the error.</summary>
    private static string Session(RespClient client)
    {
        var reply = client.Call("CLIENT", "INFO");
        return reply.IsError
            ? reply.ToString()
            : reply.Type + string.Join(' ', reply.Text!.TrimEnd().Split(' ').Where(static field => field.Split('=')[0] is "name" or "flags" or "db" or "cmd" or "user" or "resp" or "multi" or "sub"));
    }
}
