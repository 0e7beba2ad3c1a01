namespace Keyway.IntegrationTests.Proxy;

/// <summary>Commands that Keyway does not know or does not offer: a clear error, and the connection goes on.</summary>
public sealed class UnknownAndRefusedCommandTests(Rigs rigs) : IClassFixture<Rigs>
{
    public static TheoryData<int, string> Shapes => Rigs.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Unknown_ToBoth_HasRedisText(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var client = rig.Connect();
        using var direct = rig.Servers[0].Connect();

        foreach (string[] command in new string[][]
        {
            ["NOSUCH"],
            ["nosuch", "a", "b"],
            ["NoSuch", new string('x', 200), "y"],
            [new string('n', 200), "a"],
            ["NOSUCH", .. Enumerable.Repeat("argument", 30)],
            ["MODULE.CMD", ""],
            [""],
        })
        {
            // Twice: the second time it has been learnt.
            Assert.Equal(direct.Call(command).ToString(), client.Call(command).ToString());
            Assert.Equal(direct.Call(command).ToString(), client.Call(command).ToString());
        }

        Assert.Equal("+PONG", client.Call("PING").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Refused_AnyCommand_SaysWhyAndKeepsTheConnection(int servers, string poller)
    {
        using var client = rigs.Get(servers, poller).Connect();

        foreach (string[] command in new string[][]
        {
            ["SHUTDOWN"], ["DEBUG", "SLEEP", "1"],
            ["CONFIG", "SET", "maxmemory", "1"], ["CLIENT", "PAUSE", "10"], ["REPLICAOF", "NO", "ONE"], ["SAVE"],
            ["SWAPDB", "0", "1"], ["ACL", "SETUSER", "x"],
        })
        {
            var reply = client.Call(command).ToString();
            Assert.Matches($"^-ERR {command[0]}[^.]* .{{20,}}", reply);
            Assert.Equal("+PONG", client.Call("PING").ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void WrongNumberOfArguments_AnyCommand_HasRedisText(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var client = rig.Connect();
        using var direct = rig.Servers[0].Connect();

        foreach (string[] command in new string[][]
        {
            ["GET"], ["GET", "a", "b"], ["SET", "a"], ["MGET"], ["MSET", "a"], ["MSET", "a", "1", "b"], ["DEL"], ["EXISTS"], ["DBSIZE", "x"], ["KEYS"],
            ["EVAL", "return 1"], ["SELECT"], ["HELLO", "3", "AUTH"], ["CLIENT"], ["OBJECT", "ENCODING"], ["PUBLISH", "a"], ["RENAME", "a"], ["SCAN"],
        })
        {
            Assert.Equal(direct.Call(command).ToString(), client.Call(command).ToString());
        }
    }
}
