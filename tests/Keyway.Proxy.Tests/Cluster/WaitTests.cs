using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Cluster;

/// <summary>WAIT where a client's writes are on several nodes.</summary>
public sealed class WaitTests
{
    [Fact]
    public void Wait_AsksTheNodesThatWereWrittenTo_AndGivesTheLeast()
    {
        using SlotRig rig = new(static (node, request) => Answer(node, request, $":{node + 1}~"));
        rig.Ask($"SET {rig.KeyOn(1)} v", $"MSET {rig.KeyOn(2)} v {rig.KeyOn(2, 1)} v");
        rig.Ask($"GET {rig.KeyOn(0)}");

        Assert.Equal(":2~", rig.Ask("WAIT 3 100"));

        Assert.Equal(["1:WAIT 3 100", "2:WAIT 3 100"], rig.Seen.Where(static seen => seen.Contains("WAIT", StringComparison.Ordinal)));
    }

    [Fact]
    public void Wait_OfAClientThatWroteNothing_AsksAll()
    {
        using SlotRig rig = new(static (node, request) => Answer(node, request, $":{node + 1}~"));

        Assert.Equal(":1~", rig.Ask("WAIT 1 100"));
    }

    [Fact]
    public void Wait_BehindAScriptWithoutKeys_AsksAll()
    {
        using SlotRig rig = new(static (node, request) => Answer(node, request, $":{node + 1}~"));
        rig.Ask($"SET {rig.KeyOn(2)} v", "EVAL x 0");

        Assert.Equal(":1~", rig.Ask("WAIT 1 100"));
    }

    [Fact]
    public void Wait_BehindATransactionOverAConnectionOfItsOwn_AsksItsNodeToo()
    {
        using SlotRig rig = new(static (node, request) => request switch
        {
            "HELLO 2" or "HELLO 3" => "%0~",
            "INFO server" => "$22~redis_version:7.0.15~~",
            _ => Answer(node, request, $":{node + 1}~"),
        });
        rig.Ask($"SET {rig.KeyOn(2)} v");
        rig.Ask("MULTI", "HELLO 3", $"SET {rig.KeyOn(1)} v", "EXEC");

        Assert.Equal(":2~", rig.Ask("WAIT 1 100"));
    }

    [Fact]
    public void WaitAof_GivesTheLeastOfBothNumbers()
    {
        using SlotRig rig = new(static (node, request) => Answer(node, request, node == 0 ? "*2~:0~:2~" : "*2~:1~:1~"));

        Assert.Equal("*2~:0~:1~", rig.Ask("WAITAOF 1 1 100"));
    }

    [Fact]
    public void Wait_BehindWritesUnderWay_WaitsForThem_AndWhatFollowsWaitsForIt()
    {
        string? reply = null;
        using SlotRig rig = new((node, request) => Answer(node, request, reply));
        string key = rig.KeyOn(0);

        Assert.Equal("+OK~", rig.Ask($"SET {key} v", "WAIT 1 0", $"SET {key} w"));
        rig.Pass(10_000);
        Assert.DoesNotContain($"0:SET {key} w", rig.Seen);
        reply = ":1~";
        rig.Rig.Servers[0].Last.TrySend(RigSocket.Bytes(":1~"));

        Assert.Equal(":1~+OK~", rig.Serve());
    }

    [Fact]
    public void Wait_ThatANodeRefuses_IsToldTruthfully_AndTheNextOneServed()
    {
        string refusal = "-EXECABORT Transaction discarded because of previous errors.~";
        using SlotRig rig = new((node, request) => request is "EXEC" && node == 2 ? refusal : Answer(node, request, ":1~"));

        Assert.Equal(refusal, rig.Ask("WAIT 1 0"));
        refusal = "*2~+OK~:1~";

        Assert.Equal(":1~", rig.Ask("WAIT 1 0"));
    }

    [Theory]
    [InlineData("ASK")]
    [InlineData("MOVED")]
    public void Wait_WhoseSlotIsOnTheMove_AsksWithAnother(string word)
    {
        string? lowest = null;
        int execs = 0;
        using SlotRig rig = new((node, request) =>
        {
            if (request.StartsWith("SET keyway:wait", StringComparison.Ordinal))
            {
                string key = request.Split(' ')[1];
                lowest ??= key;
                return key == lowest ? SlotRig.Redirect(word, key, 1) : "+QUEUED~";
            }

            return request is "EXEC" && lowest is not null && node == 0 ? Exec() : Answer(node, request, $":{node + 4}~");
        });
        rig.Ask($"SET {rig.KeyOn(0)} v");

        Assert.Equal(":4~", rig.Ask("WAIT 1 0") + rig.Pass(200));

        string Exec() => execs++ == 0 ? "-EXECABORT Transaction discarded because of previous errors.~" : "*2~+OK~:1~";
    }

    [Fact]
    public void Wait_WhoseSlotsMoveForEver_IsToldWhenTheBudgetIsOver()
    {
        using SlotRig rig = new(static (node, request) =>
            request.StartsWith("SET keyway:wait", StringComparison.Ordinal) ? "-TRYAGAIN moving~"
            : request is "EXEC" ? "-EXECABORT Transaction discarded because of previous errors.~" : Answer(node, request, null));

        Assert.Equal("", rig.Ask("WAIT 1 0") + rig.Pass(2900));
        Assert.Equal("-TRYAGAIN moving~", rig.Pass(200));
        Assert.Equal("+PONG~", rig.Ask("PING"));
    }

    [Fact]
    public void Wait_AtANodeOutOfMemory_WritesByAScriptThatMay()
    {
        using SlotRig rig = new(static (node, request) => AnswerFull(node, request, ":0~"));

        Assert.Equal(":5~", rig.Ask("WAIT 1 0") + rig.Pass(100));
        Assert.Equal(3, rig.Seen.Count(static seen => seen.Contains("flags=allow-oom", StringComparison.Ordinal)));
    }

    [Fact]
    public void Wait_AtANodeOutOfMemory_ThatTakesNoScript_IsToldSo()
    {
        using SlotRig rig = new(static (node, request) => AnswerFull(node, request, "-NOPERM this user has no permissions to run the 'eval' command~"));

        Assert.Equal("-OOM command not allowed when used memory > 'maxmemory'.~", rig.Ask("WAIT 1 0") + rig.Pass(100));
    }

    [Fact]
    public void ClientUnblock_WithError_IsTheAnswer()
    {
        using SlotRig rig = new(static (node, request) => Answer(node, request, null));
        string id = rig.Ask("CLIENT ID")[1..^1];
        Assert.Equal("", rig.Ask("WAIT 1 0"));
        RigClient other = rig.Rig.Connect();

        other.Ask($"CLIENT UNBLOCK {id} ERROR", $"CLIENT UNBLOCK {id} ERROR");

        Assert.Equal(":1~:0~", other.Replies());
        Assert.Equal("-UNBLOCKED client unblocked via CLIENT UNBLOCK~", rig.Serve());
        Assert.Equal("+PONG~", rig.Ask("PING"));
    }

    [Fact]
    public void ClientUnblock_AsksTheNodes_AlsoWhenItComesTooEarly_AndGivesWhatTheyHaveCounted()
    {
        int early = 1;
        SlotRig? rig = null;
        using SlotRig made = rig = new((node, request) => request switch
        {
            "CLIENT ID" => $":{node + 70}~",
            "CLIENT UNBLOCK 70" when early-- > 0 => ":0~",
            _ when request.StartsWith("CLIENT UNBLOCK", StringComparison.Ordinal) => Unblock(node),
            _ => Answer(node, request, null),
        });
        string id = rig.Ask("CLIENT ID")[1..^1];
        rig.Ask($"SET {rig.KeyOn(0)} v", $"SET {rig.KeyOn(1)} v");
        Assert.Equal("", rig.Ask("WAIT 3 0"));
        RigClient other = rig.Rig.Connect();

        other.Ask($"CLIENT UNBLOCK {id}");

        Assert.Equal(":1~", other.Replies());
        Assert.Equal(":1~", rig.Pass(100));
        Assert.All(rig.Rig.State.Servers, static server => Assert.Equal(0, server.Pinned.InUse + server.Pinned.Idle));

        string Unblock(int node)
        {
            RigServerConnection waiting = rig!.Rig.Servers[node].Connections.Last(connection => connection != rig.Rig.Servers[node].Connections[0] && !connection.Socket.SafeHandle.IsClosed);
            Assert.True(waiting.TrySend(RigSocket.Bytes($":{node + 1}~")));
            return ":1~";
        }
    }

    [Fact]
    public void ClientGoneWhileItWaits_LeavesNothing()
    {
        using SlotRig rig = new(static (node, request) => Answer(node, request, null));
        Assert.Equal("", rig.Ask("WAIT 1 0"));

        rig.Client.Dispose();
        rig.Serve();

        Assert.Equal(0, rig.Rig.State.ClientCount);
        Assert.All(rig.Rig.State.Servers, static server => Assert.Equal(0, server.Pinned.InUse));
    }

    private static string? AnswerFull(int node, string request, string script) => request switch
    {
        "EXEC" => "-EXECABORT Transaction discarded because of previous errors.~",
        _ when request.StartsWith("SET keyway:wait", StringComparison.Ordinal) => "-OOM command not allowed when used memory > 'maxmemory'.~",
        _ when request.StartsWith("EVAL", StringComparison.Ordinal) => script,
        _ => Answer(node, request, ":5~"),
    };

    private static string? Answer(int node, string request, string? wait) => request.Split(' ')[0] switch
    {
        "WAIT" or "WAITAOF" => wait,
        "EXEC" => "*2~+OK~:1~",
        "GET" => "$1~v~",
        _ => "+OK~",
    };
}
