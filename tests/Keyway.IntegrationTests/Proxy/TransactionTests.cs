using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>MULTI and its kin, compared with a direct connection.</summary>
public sealed class TransactionTests(Rigs rigs) : IClassFixture<Rigs>
{
    public static TheoryData<int, string> Shapes => Rigs.Shapes;

    /// <summary>Whole dialogues, a request a line part: what the server says to each of them is what Keyway must say.</summary>
    public static TheoryData<string> Dialogues =>
    [
        "MULTI|SET a 1|INCR a|GET a|EXEC|GET a",
        "MULTI|EXEC",
        "MULTI|DISCARD|GET a",
        "EXEC|DISCARD|UNWATCH|UNWATCH x|DISCARD x|MULTI x|EXEC x|WATCH",
        "MULTI|MULTI|SET a 1|EXEC",
        "MULTI|WATCH a|SET a 1|EXEC",
        "MULTI|WATCH|SET a 1|EXEC",
        "MULTI|MULTI x|EXEC",
        "MULTI|EXEC x|EXEC",
        "MULTI|DISCARD x|EXEC",
        "MULTI|NOSUCH a b|SET a 1|EXEC|GET a",
        "MULTI|GET|SET a 1|EXEC|GET a",
        "MULTI|CONFIG FOO|EXEC|MULTI|CONFIG|EXEC|MULTI|CONFIG GET|EXEC",
        "MULTI|SAVE|EXEC",
        "MULTI|SET a x|INCR a|LPUSH a 1|SET a y|EXEC|GET a",
        "MULTI|PING|PING hi|ECHO x|UNWATCH|EXEC",
        "MULTI|BLPOP a 0|BRPOP a 1|XREAD BLOCK 0 STREAMS a $|BZPOPMIN a 0|EXEC",
        "MULTI|RPUSH a 1 2 3|BLPOP a 0|LRANGE a 0 -1|EXEC",
        "MULTI|SET a 1|RESET|EXEC|GET a",
        "MULTI|SET a 1|QUIT",
        "MULTI|EVAL x|EXEC|MULTI|EVAL return{KEYS[1],1} 1 a|EXEC",
        "MULTI|SUBSTR a 0|EXEC|DISCARD",
        "MULTI|HSET a f v|HGETALL a|EXEC",
    ];

    [Theory]
    [MemberData(nameof(Dialogues))]
    public void Dialogue_OneServer_IsAsDirect(string dialogue) => Compare(rigs.Get(1, ProxyRig.Epoll), dialogue);

    [Theory]
    [MemberData(nameof(Dialogues))]
    public void Dialogue_FourServers_IsAsDirect(string dialogue) => Compare(rigs.Get(4, ProxyRig.Epoll), dialogue);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Exec_ManyClientsIncrementingTogether_LosesNothing(int servers, string poller)
    {
        const int Clients = 8;
        const int Rounds = 200;
        var rig = rigs.Get(servers, poller);
        var threads = Enumerable.Range(0, Clients).Select(_ => new Thread(() =>
        {
            using var client = rig.Connect();
            for (var i = 0; i < Rounds; i++)
            {
                client.SendRaw([.. RespClient.Encode("MULTI"), .. RespClient.Encode("INCR", "n"), .. RespClient.Encode("INCR", "n"), .. RespClient.Encode("EXEC")]);
                Assert.Equal("+OK +QUEUED +QUEUED", string.Join(' ', client.ReadReply(), client.ReadReply(), client.ReadReply()));
                var reply = client.ReadReply();
                Assert.Equal(long.Parse(reply.Items[0].ToString()[1..]) + 1, long.Parse(reply.Items[1].ToString()[1..]));
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        using var reader = rig.Connect();
        Assert.Equal($"${2 * Clients * Rounds}", reader.Call("GET", "n").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Exec_LargeValues_ArePartOfTheTransaction(int servers, string poller)
    {
        using var client = rigs.Get(servers, poller).Connect();
        var value = new string('v', 3 << 20);

        Assert.Equal("+OK", client.Call("MULTI").ToString());
        Assert.Equal("+QUEUED", client.Call("SET", "large", value).ToString());
        Assert.Equal("+QUEUED", client.Call("GET", "large").ToString());
        var reply = client.Call("EXEC");

        Assert.Equal("+OK", reply.Items[0].ToString());
        Assert.Equal(value, reply.Items[1].Text);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Exec_InResp3AndAnotherDatabase_IsAnsweredInKind(int servers, string poller)
    {
        using var client = rigs.Get(servers, poller).Connect();
        client.Call("HELLO", "3");
        client.Call("SELECT", "5");
        client.Call("MULTI");
        client.Call("HSET", "hash", "f", "v");
        client.Call("HGETALL", "hash");
        client.Call("HGET", "hash", "none");

        Assert.Equal("*[:1, %[$f, $v], _null]", client.Call("EXEC").ToString());
        client.Call("SELECT", "0");
        Assert.Equal(":0", client.Call("EXISTS", "hash").ToString());
    }

    private static void Compare(ProxyRig rig, string dialogue)
    {
        using var client = rig.Connect();
        using var direct = rig.Servers[0].Connect();
        var requests = dialogue.Split('|').Select(request => request.Split(' ')).ToArray();

        var expected = requests.Select(request => direct.Call(request).ToString()).ToArray();
        rig.Clear();
        var actual = requests.Select(request => client.Call(request).ToString()).ToArray();

        Assert.Equal(expected, actual);
    }
}
