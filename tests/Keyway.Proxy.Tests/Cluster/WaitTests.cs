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

    private static string? Answer(int node, string request, string? wait) => request.Split(' ')[0] switch
    {
        "WAIT" or "WAITAOF" => wait,
        "EXEC" => "*2~+OK~:1~",
        "GET" => "$1~v~",
        _ => "+OK~",
    };
}
