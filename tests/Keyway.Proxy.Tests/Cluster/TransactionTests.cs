using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Cluster;

/// <summary>Transactions, WATCH and commands that wait, when their slot is elsewhere.</summary>
public sealed class TransactionTests
{
    private const string Unblocked = "-UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)~";

    [Theory]
    [InlineData("MOVED", false)]
    [InlineData("ASK", true)]
    public void Transaction_OfASlotThatIsElsewhere_IsSentThereAsAWhole(string word, bool asks)
    {
        string key = "";
        using SlotRig rig = new((node, request) => Node(request, node == 1 ? "+QUEUED~" : SlotRig.Redirect(word, key, 1), node == 1 ? "*1~+OK~" : "-EXECABORT Transaction discarded~"));
        key = rig.KeyOn(0);

        Assert.Equal("+OK~+QUEUED~*1~+OK~", rig.Ask("MULTI", $"SET {key} 1", "EXEC"));

        string[] there = ["1:MULTI", $"1:SET {key} 1", "1:EXEC"];
        Assert.Equal(["0:MULTI", $"0:SET {key} 1", "0:EXEC", .. asks ? ["1:ASKING", .. there] : there], rig.Seen);
    }

    [Fact]
    public void Transaction_WhoseExecIsRedirected_IsSentThereAsAWhole()
    {
        string key = "";
        using SlotRig rig = new((node, request) => Node(request, "+QUEUED~", node == 1 ? "*1~+OK~" : SlotRig.Redirect("MOVED", key, 1)));
        key = rig.KeyOn(0);

        Assert.Equal("+OK~+QUEUED~*1~+OK~", rig.Ask("MULTI", $"SET {key} 1", "EXEC"));
    }

    [Fact]
    public void NodeThatRefusesMultiAllOfASudden_IsTriedOutBeforeTheNextOne()
    {
        using SlotRig rig = new(static (_, request) => request switch { "MULTI" => "-NOPERM no multi~", "EXEC" => "-ERR EXEC without MULTI~", _ => "+OK~" });
        string key = rig.KeyOn(0);

        Assert.Equal("+OK~+QUEUED~-ERR EXEC without MULTI~", rig.Ask("MULTI", $"SET {key} 1", "EXEC"));
        Assert.StartsWith("+OK~+QUEUED~-EXECABORT Transaction discarded because of: server ", rig.Ask("MULTI", $"SET {key} 2", "EXEC"), StringComparison.Ordinal);

        Assert.DoesNotContain($"0:SET {key} 2", rig.Seen);
    }

    [Theory]
    [InlineData("+OK~", "*1~+OK~")]
    [InlineData("-NOPERM no multi~", "-EXECABORT Transaction discarded because of: server ")]
    public void Transaction_RedirectedToANodeNotYetTriedOut_TriesItOutFirst(string multi, string reply)
    {
        string key = "";
        using SlotRig rig = new((node, request) => node == 0
            ? Node(request, SlotRig.Redirect("MOVED", key, 1), "-EXECABORT Transaction discarded~")
            : request == "MULTI" ? multi : Node(request, "+QUEUED~", "*1~+OK~"));
        key = rig.KeyOn(0);
        rig.Rig.State.Servers[1].Transactions.IsPassed = false;

        Assert.StartsWith("+OK~+QUEUED~" + reply, rig.Ask("MULTI", $"SET {key} 1", "EXEC"), StringComparison.Ordinal);

        string[] sent = multi[0] == '+' ? ["1:MULTI", $"1:SET {key} 1", "1:EXEC"] : [];
        Assert.Equal(["0:MULTI", $"0:SET {key} 1", "0:EXEC", "1:MULTI", "1:EXEC", .. sent], rig.Seen);
    }

    [Fact]
    public void Transaction_WithAMistake_IsAbortedAsTheServerSays()
    {
        using SlotRig rig = new((_, request) => Node(request, "-ERR out of luck~", "-EXECABORT Transaction discarded because of previous errors.~"));

        Assert.Equal(
            "+OK~+QUEUED~-EXECABORT Transaction discarded because of previous errors.~",
            rig.Ask("MULTI", $"SET {rig.KeyOn(0)} 1", "EXEC"));
    }

    [Fact]
    public void Transaction_OfTwoSlots_IsRefused()
    {
        using SlotRig rig = new(static (_, _) => null);

        string replies = rig.Ask("MULTI", $"SET {rig.KeyOn(0)} 1", $"SET {rig.KeyOn(0, 1)} 1", "EXEC");

        Assert.StartsWith("+OK~+QUEUED~-CROSSSLOT Keys in request don't hash to the same slot", replies, StringComparison.Ordinal);
        Assert.EndsWith("-EXECABORT Transaction discarded because of previous errors.~", replies, StringComparison.Ordinal);
    }

    [Fact]
    public void Watch_OfASlotThatIsElsewhere_WatchesThere()
    {
        string key = "";
        using SlotRig rig = new((node, request) => node == 0 ? SlotRig.Redirect("MOVED", key, 1) : Node(request, "+QUEUED~", "*1~+OK~"));
        key = rig.KeyOn(0);

        Assert.Equal("+OK~+OK~+QUEUED~*1~+OK~", rig.Ask($"WATCH {key}", "MULTI", $"SET {key} 1", "EXEC"));

        Assert.Equal([$"0:WATCH {key}", $"1:WATCH {key}", "1:MULTI", $"1:SET {key} 1", "1:EXEC", "1:UNWATCH"], rig.Seen);
        Assert.Equal((0, 0), (rig.Rig.State.Servers[0].Pinned.InUse, rig.Rig.State.Servers[1].Pinned.InUse));
    }

    [Fact]
    public void WatchedTransaction_WhoseSlotMovesBeforeExec_IsNotExecuted()
    {
        string key = "";
        using SlotRig rig = new((node, request) => request.StartsWith("WATCH", StringComparison.Ordinal)
            ? "+OK~"
            : Node(request, SlotRig.Redirect("MOVED", key, 1), "-EXECABORT Transaction discarded~"));
        key = rig.KeyOn(0);

        Assert.Equal("+OK~+OK~+QUEUED~*-1~", rig.Ask($"WATCH {key}", "MULTI", $"SET {key} 1", "EXEC"));
    }

    [Fact]
    public void CommandThatWaits_IsRedirected_OverAConnectionOfItsOwn()
    {
        string key = "";
        using SlotRig rig = new((node, request) => request is "CLIENT ID" ? ":7~" : node == 0 ? SlotRig.Redirect("MOVED", key, 1) : $"*2~${key.Length}~{key}~$1~v~");
        key = rig.KeyOn(0);

        Assert.Equal($"*2~${key.Length}~{key}~$1~v~", rig.Ask($"BLPOP {key} 5"));

        Assert.Contains($"1:BLPOP {key} 5", rig.Seen);
        Assert.Equal((0, 0), (rig.Rig.State.Servers[0].Pinned.InUse, rig.Rig.State.Servers[1].Pinned.InUse));
    }

    [Fact]
    public void CommandThatWaits_EndedByAFailOver_IsSentAgain()
    {
        string key = "";
        int ended = 1;
        using SlotRig rig = new((_, request) => request is "CLIENT ID" ? ":7~" : ended-- > 0 ? Unblocked : $"*2~${key.Length}~{key}~$1~v~");
        key = rig.KeyOn(0);

        Assert.Equal("", rig.Ask($"BLPOP {key} 5"));
        Assert.Equal($"*2~${key.Length}~{key}~$1~v~", rig.Pass(50));
    }

    [Fact]
    public void CommandThatWaits_EndedManyTimes_EachTimeHasTheWholeBudget()
    {
        using SlotRig rig = new(static (_, request) => request is "CLIENT ID" ? ":7~" : null);
        string replies = rig.Ask($"BLPOP {rig.KeyOn(0)} 0");
        RigServerConnection pinned = rig.Rig.Servers[0].Last;
        for (int i = 0; i < 3; i++)
        {
            replies += rig.Pass(3500);
            pinned.SendText(Unblocked);
            replies += rig.Pass(50);
        }

        Assert.Equal("", replies);
        Assert.Equal(4, rig.Seen.Count(static seen => seen.Contains("BLPOP", StringComparison.Ordinal)));
    }

    [Fact]
    public void CommandThatWaits_WhileItsNodeIsAway_CanBeUnblocked()
    {
        using SlotRig rig = new(static (_, request) => request is "CLIENT ID" ? ":7~" : "-CLUSTERDOWN The cluster is down~");
        Assert.Equal("", rig.Ask($"BLPOP {rig.KeyOn(0)} 0"));

        using RigClient other = rig.Rig.Connect();
        other.Ask($"CLIENT UNBLOCK {rig.Rig.State.Clients.First().Number}");

        Assert.Equal(":1~", other.Replies());
        Assert.Equal("*-1~", rig.Serve());
    }

    [Fact]
    public void ClientGone_WhileItsWaitIsRefused_GivesItsConnectionBack()
    {
        using SlotRig rig = new(
            static (_, request) => request is "CLIENT ID" ? ":7~" : "-CLUSTERDOWN The cluster is down~",
            change: static config => config with { RetryBudget = TimeSpan.FromMilliseconds(100) });
        rig.Ask($"BLPOP {rig.KeyOn(0)} 5");

        rig.Client.Dispose();
        rig.Pass(300);

        Assert.Equal(0, rig.Rig.State.Servers[0].Pinned.InUse);
    }

    private static string Node(string request, string queued, string exec) => request switch
    {
        "MULTI" or "UNWATCH" => "+OK~",
        "EXEC" => exec,
        _ when request.StartsWith("WATCH", StringComparison.Ordinal) => "+OK~",
        _ => queued,
    };
}
