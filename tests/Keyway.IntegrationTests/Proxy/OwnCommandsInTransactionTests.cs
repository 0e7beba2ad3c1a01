using System.Text;
using System.Text.RegularExpressions;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Commands about the connection inside of a transaction: each byte that comes back is what a redis-server of 7.0 gives to a direct client.</summary>
public sealed partial class OwnCommandsInTransactionTests(Rigs rigs) : IClassFixture<Rigs>
{
    private const string End = "PING end-of-dialogue";

    /// <summary>Whole dialogues, a request a line part.</summary>
    public static TheoryData<string> Dialogues =>
    [
        "MULTI|SELECT 1|SET a 1|EXEC|GET a|SELECT 0|GET a",
        "SET a 0|MULTI|GET a|SELECT 1|SET a 1|SELECT 2|GET a|SELECT 1|GET a|EXEC|GET a|SELECT 0|GET a",
        "MULTI|SELECT 99|SELECT x|SELECT -1|SET a 1|EXEC|GET a",
        "MULTI|SELECT|EXEC",
        "MULTI|SELECT 3|DISCARD|SET a 1|SELECT 3|GET a",
        "MULTI|SELECT 3|GET|EXEC|SET a 1|SELECT 3|GET a",
        "MULTI|SELECT 1|EXEC|MULTI|SET a 1|EXEC|SELECT 0|GET a",
        "MULTI|CLIENT SETNAME foo|CLIENT GETNAME|PING|PING hi|ECHO x|EXEC|CLIENT GETNAME",
        "MULTI|CLIENT SETNAME foo|DISCARD|CLIENT GETNAME",
        "MULTI|CLIENT SETNAME foo|NOSUCH|EXEC|CLIENT GETNAME",
        "MULTI|CLIENT SETNAME|CLIENT NOSUCH|CLIENT|EXEC|CLIENT GETNAME",
        "CLIENT SETNAME a|MULTI|CLIENT GETNAME|SET a 1|CLIENT SETNAME|EXEC",
        "MULTI|HELLO 3|GET no|HGETALL no|CLIENT GETNAME|EXEC|GET no",
        "HELLO 3|MULTI|HELLO 2|GET no|EXEC|GET no",
        "HELLO 3|MULTI|GET no|HELLO 2|GET no|HELLO 3|GET no|EXEC|GET no",
        "MULTI|HELLO 4|HELLO x|HELLO 3 AUTH default|HELLO 3 SETNAME a\tb|GET no|EXEC|GET no",
        "MULTI|HELLO|HELLO 2|HELLO 3 SETNAME me AUTH default x|CLIENT GETNAME|GET no|EXEC|GET no",
        "MULTI|HELLO 3|SELECT 2|HSET h f v|HGETALL h|EXEC|HGETALL h|SELECT 0|HGETALL h",
        "MULTI|HELLO 3|GET a|DISCARD|GET a",
        "MULTI|AUTH default x|AUTH x|AUTH other x|SET a 1|EXEC",
        "MULTI|SET a 1|RESET|EXEC|GET a",
        "MULTI|SUBSCRIBE a b|SET x 1|EXEC|SET x 1|UNSUBSCRIBE a b",
        "HELLO 3|MULTI|SUBSCRIBE a b|SET x 1|EXEC|SET x 1|UNSUBSCRIBE a b",
        "MULTI|UNSUBSCRIBE|PSUBSCRIBE p*|SSUBSCRIBE s|GET x|EXEC|PUNSUBSCRIBE",
        "SUBSCRIBE a|MULTI|EXEC|UNSUBSCRIBE",
        "HELLO 3|SUBSCRIBE a|MULTI|SET x 1|UNSUBSCRIBE a|GET x|EXEC",
        "MULTI|SUBSCRIBE a|DISCARD|SET x 1|GET x",
        "MULTI|CLIENT REPLY OFF|SET a 1|EXEC|GET a|CLIENT REPLY ON|GET a",
        "MULTI|CLIENT REPLY SKIP|SET a 1|EXEC|PING|GET a",
        "MULTI|CLIENT REPLY ON|CLIENT REPLY x|SET a 1|EXEC|PING",
        "CLIENT REPLY OFF|MULTI|SET a 1|CLIENT REPLY ON|GET a|EXEC|GET a",
        "CLIENT REPLY SKIP|MULTI|CLIENT SETNAME x|SET a 1|EXEC|GET a",
        "MULTI|CLIENT SETNAME x|CLIENT REPLY SKIP|EXEC|EXEC|GET a",
        "MULTI|PUBSUB NUMPAT|ACL WHOAMI|CLIENT UNBLOCK 99999|CLIENT KILL ID 99999|CLIENT LIST ID 99999|GET a|EXEC",
        "MULTI|CLIENT LIST TYPE replica|CLIENT KILL 1.2.3.4:5|CLIENT LIST ID x|SELECT 1|CLIENT LIST TYPE nosuch|EXEC",
        "MULTI|CLUSTER INFO|READONLY|ASKING|SET a 1|EXEC",
        "MULTI|QUIT|EXEC",
        "WATCH a|MULTI|SELECT 1|SET a 1|EXEC|GET a|SELECT 0|GET a",
        "WATCH a|SET a 0|MULTI|SELECT 1|CLIENT SETNAME n|SET a 1|EXEC|GET a|CLIENT GETNAME",
        "HELLO 3|WATCH a|SET a 0|MULTI|CLIENT SETNAME n|SET a 1|EXEC|GET a|CLIENT GETNAME",
        "WATCH a|MULTI|CLIENT SETNAME n|SET a 1|EXEC|CLIENT GETNAME|GET a",
    ];

    /// <summary>Those that need one server.</summary>
    public static TheoryData<string> DialoguesWithOneServer =>
    [
        "MULTI|MONITOR|SET a 1|EXEC|GET a",
        "MULTI|CLIENT TRACKING ON|SET a 1|EXEC|PING",
        "HELLO 3|MULTI|CLIENT TRACKING ON|GET a|EXEC|CLIENT TRACKINGINFO|SET a 2|GET b",
        "HELLO 3|WATCH b|MULTI|CLIENT TRACKING ON NOLOOP|GET a|EXEC|SET a 2|CLIENT GETREDIR|WATCH a|MULTI|SET a 3|GET a|EXEC|SET a 4|GET a",
        "HELLO 3|CLIENT TRACKING ON NOLOOP|GET a|WATCH a|GET a|MULTI|SET a 3|GET a|EXEC|SET a 4|GET a|UNWATCH|GET a",
        "HELLO 3|CLIENT TRACKING ON|GET a|MULTI|SELECT 2|SET a 1|SELECT 0|HELLO 2|GET a|EXEC|GET a",
        "MULTI|CLIENT NO-EVICT on|CLIENT REPLY x|CLIENT CACHING yes|EXEC",
        "MULTI|CLIENT TRACKING ON|DISCARD|CLIENT GETREDIR",
        "WATCH a|SET a 1|MULTI|CLIENT TRACKING ON|EXEC|CLIENT GETREDIR",
    ];

    [Theory]
    [MemberData(nameof(Dialogues))]
    [MemberData(nameof(DialoguesWithOneServer))]
    public void Dialogue_OneServer_IsAsDirect(string dialogue) => Compare(rigs.Get(1, ProxyRig.Epoll), dialogue);

    [Theory]
    [MemberData(nameof(Dialogues))]
    public void Dialogue_FourServers_IsAsDirect(string dialogue) => Compare(rigs.Get(4, ProxyRig.Epoll), dialogue);

    [Fact]
    public void Select_InManyTransactions_LeavesNoConnectionBehind()
    {
        var rig = rigs.Get(1, ProxyRig.Epoll);
        using var client = rig.Connect();
        for (var i = 0; i < 100; i++)
        {
            client.SendRaw([.. RespClient.Encode("MULTI"), .. RespClient.Encode("SELECT", "5"), .. RespClient.Encode("INCR", "n"), .. RespClient.Encode("SELECT", "0"), .. RespClient.Encode("EXEC")]);
            Assert.Equal("+OK +QUEUED +QUEUED +QUEUED", string.Join(' ', Enumerable.Range(0, 4).Select(_ => client.ReadReply())));
            Assert.Equal("*[+OK, :" + (i + 1) + ", +OK]", client.ReadReply().ToString());
        }

        Assert.Equal("$null", client.Call("GET", "n").ToString());
        Assert.Contains("keyway_pinned_in_use:0\r\n", client.Call("INFO", "keyway").Text);
    }

    private static void Compare(ProxyRig rig, string dialogue)
    {
        byte[] requests = [.. dialogue.Split('|').Append(End).SelectMany(static request => RespClient.Encode(request.Split(' ')))];
        var expected = Answers(rig.Servers[0].Connect(), requests);
        rig.Clear();
        Assert.Equal(expected, Answers(rig.Connect(), requests));
    }

    /// <summary>All that comes up to the answer to the last request, or to the end of the connection.</summary>
    private static string Answers(RespClient client, byte[] requests)
    {
        using (client)
        {
            client.SendRaw(requests);
            var text = new StringBuilder();
            var end = End.Split(' ')[1] + "\r\n";
            while (!text.ToString().EndsWith(end, StringComparison.Ordinal) && client.ReadSome() is { Length: > 0 } piece)
            {
                text.Append(piece);
            }

            return Id().Replace(text.ToString(), "id :N");
        }
    }

    [GeneratedRegex(@"id\r\n:\d+")]
    private static partial Regex Id();
}
