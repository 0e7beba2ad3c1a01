using System.Net.Sockets;
using System.Text.RegularExpressions;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Cluster;

/// <summary>Requests that a node refused or lost: tried again as far as that is safe, told otherwise.</summary>
public sealed class RetryTests
{
    private const string Down = "-CLUSTERDOWN The cluster is down~";

    [Theory]
    [InlineData("TRYAGAIN Multiple keys request during rehashing of slot")]
    [InlineData("CLUSTERDOWN The cluster is down")]
    [InlineData("LOADING Redis is loading the dataset in memory")]
    [InlineData("MASTERDOWN Link with MASTER is down")]
    [InlineData("READONLY You can't write against a read only replica.")]
    public void Refusal_ThatPasses_IsNotSeen(string refusal)
    {
        int refusals = 3;
        using SlotRig rig = new((_, _) => refusals-- > 0 ? $"-{refusal}~" : "+OK~");

        Assert.Equal("", rig.Ask($"SET {rig.KeyOn(0)} 1"));

        Assert.Equal("+OK~", rig.Pass(200));
    }

    [Fact]
    public void Refusal_ThatStays_IsToldWhenTheBudgetIsOver()
    {
        using SlotRig rig = new(static (_, _) => Down, change: static config => config with { RetryBudget = TimeSpan.FromMilliseconds(200) });

        Assert.Equal("", rig.Ask($"SET {rig.KeyOn(0)} 1"));
        Assert.Equal("", rig.Pass(150));
        Assert.Equal(Down, rig.Pass(150));
    }

    [Fact]
    public void Refusals_OfVeryManyRequests_AreNotAskedForAllTheTime()
    {
        const int Keys = 4000;
        bool isUp = false;
        using SlotRig rig = new((_, _) => isUp ? ":1~" : Down);
        rig.Ask("UNLINK " + string.Join(' ', Enumerable.Range(0, Keys).Select(static i => $"k{i}")));
        int parts = rig.Seen.Count;

        rig.Pass(1000);

        Assert.InRange((double)(rig.Seen.Count - parts) / parts, 5, 20); // not 50
        isUp = true;
        Assert.Equal($":{parts}~", rig.Pass(200));
    }

    [Fact]
    public void Nodes_ThatDoNotTellTheMap_AreComplainedOfNowAndThen()
    {
        using SlotRig rig = new(static (_, _) => Down, isKnown: false);

        for (int i = 0; i < 100; i++)
        {
            rig.Rig.State.Cluster!.RequestRefresh();
            rig.Pass(150);
        }

        Assert.InRange(rig.Rig.Log.Split("no node told").Length - 1, 1, 2);
    }

    [Fact]
    public void WritesToOneSlot_WhoseNodeGoesWhileTheyWait_AreAllToldWhenTheBudgetIsOver()
    {
        using SlotRig rig = new(static (_, _) => Down, change: static config => config with { RetryBudget = TimeSpan.FromMilliseconds(200) });
        string key = rig.KeyOn(0);

        Assert.Equal("", rig.Ask($"SET {key} 1", $"SET {key} 2", $"MSET {key} 3 {rig.KeyOn(0, 1)} 3"));
        rig.Rig.Servers[0].Stop();
        string replies = rig.Pass(400);

        Assert.Equal(3, replies.Split('-').Length - 1);
        Assert.Equal("+PONG~", rig.Ask("PING"));
    }

    [Fact]
    public void Refusal_WithoutABudget_IsToldAtOnce()
    {
        using SlotRig rig = new(static (_, _) => Down, change: static config => config with { RetryBudget = null });

        Assert.Equal(Down, rig.Ask($"SET {rig.KeyOn(0)} 1"));
    }

    [Fact]
    public void RefusedWrite_ThatALaterOneOvertook_IsTold()
    {
        bool isFirst = true;
        using SlotRig rig = new((_, request) =>
        {
            bool refuse = isFirst;
            isFirst = false;
            return refuse ? Down : "+OK~";
        });
        string key = rig.KeyOn(0);

        Assert.Equal(Down + "+OK~", rig.Ask($"SET {key} 1", $"SET {key} 2"));
        rig.Pass(200);

        Assert.Equal([$"0:SET {key} 1", $"0:SET {key} 2"], rig.Seen);
    }

    [Fact]
    public void RefusedRead_ThatALaterReadOvertook_IsTriedAgain()
    {
        bool isFirst = true;
        using SlotRig rig = new((_, request) =>
        {
            bool refuse = isFirst;
            isFirst = false;
            return refuse ? Down : "$1~v~";
        });
        string key = rig.KeyOn(0);

        rig.Ask($"GET {key}", $"GET {key}");

        Assert.Equal("$1~v~$1~v~", rig.Pass(100));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("MGET")] // a part of it
    public void Read_ThatOvertookARefusedWrite_IsRepeatedBehindIt(string read)
    {
        // A moving slot: the new name is still here, the old one is not, so the write has to wait, and the read need not.
        int refusals = 3;
        string value = "old";
        using SlotRig rig = new((_, request) =>
        {
            if (!request.StartsWith("RENAME", StringComparison.Ordinal))
            {
                return read == "GET" ? $"$3~{value}~" : $"*1~$3~{value}~";
            }

            bool refuse = refusals-- > 0;
            value = refuse ? "old" : "new";
            return refuse ? "-TRYAGAIN Multiple keys request during rehashing of slot~" : "+OK~";
        });
        string key = rig.KeyOn(0);

        string replies = rig.Ask($"RENAME {{{key}}}x {key}", read == "GET" ? $"GET {key}" : $"MGET {key} {rig.KeyOn(1)}") + rig.Pass(300);

        Assert.StartsWith(read == "GET" ? "+OK~$3~new~" : "+OK~*2~$3~new~", replies, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ThatOvertookARefusedWrite_AndIsTooLongToBeRepeated_HasTheWriteTold()
    {
        const string Refused = "-TRYAGAIN Multiple keys request during rehashing of slot~";
        string value = $"$200000~{new string('v', 200_000)}~";
        using SlotRig rig = new((_, request) => request.StartsWith("RENAME", StringComparison.Ordinal) ? Refused : value);
        string key = rig.KeyOn(0);

        Assert.Equal(Refused + value, rig.Ask($"RENAME {{{key}}}x {key}", $"GET {key}") + rig.Pass(300));
    }

    [Fact]
    public void RefusedWrite_IsNotSentAgain_WhileALaterOneIsUnderWay()
    {
        bool isBusy = true;
        bool isFirst = true;
        using SlotRig rig = new((_, request) =>
        {
            if (isFirst)
            {
                isFirst = false;
                return Down;
            }

            return isBusy ? null : "+OK~";
        });
        string key = rig.KeyOn(0);

        rig.Ask($"SET {key} 1", $"SET {key} 2");
        rig.Pass(200);
        Assert.Equal([$"0:SET {key} 1", $"0:SET {key} 2"], rig.Seen);

        isBusy = false;
        rig.Rig.Servers[0].Last.SendText("+OK~");
        Assert.Equal(Down + "+OK~", rig.Pass(200));
    }

    [Fact]
    public void RefusedWrite_IsNotSentAgain_WhileALaterOneIsUnderWayOnAConnectionThatIsRenewed()
    {
        using SlotRig rig = new(static (_, request) => request.EndsWith(" 3", StringComparison.Ordinal) ? "+OK~" : null, change: static config => config with { ConnectionMaxAge = TimeSpan.FromSeconds(1) });
        string key = rig.KeyOn(0);
        rig.Ask($"SET {key} 1", $"SET {key} 2");
        rig.Pass(1100);
        Assert.Equal(2, rig.Rig.Servers[0].Connections.Count);
        RigServerConnection old = rig.Rig.Servers[0].Connections[0];

        old.SendText(Down);
        rig.Pass(100);
        old.SendText("+OK~");

        Assert.Equal(Down + "+OK~+OK~", rig.Pass(100) + rig.Ask($"SET {key} 3"));
        Assert.Equal([$"0:SET {key} 1", $"0:SET {key} 2", $"0:SET {key} 3"], rig.Seen);
    }

    [Fact]
    public void RefusedWrite_ThatLetsALaterOnePass_IsToldOnce()
    {
        bool isFirst = true;
        using SlotRig rig = new((node, _) =>
        {
            bool refuse = node == 0 && isFirst;
            isFirst &= node != 0;
            return refuse ? Down : null;
        });
        string key = rig.KeyOn(0);
        Assert.Equal("", rig.Ask($"GET {rig.KeyOn(1)}", $"SET {key} 1", $"SET {key} 2") + rig.Pass(100));

        rig.Rig.Servers[0].Last.SendText("+OK~");
        rig.Pass(10);
        rig.Rig.Servers[1].Last.SendText("$1~v~");

        Assert.Equal($"$1~v~{Down}+OK~", rig.Pass(100));
    }

    [Fact]
    public void LostConnection_ReadsAreRepeated_WritesAreTold()
    {
        bool isAnswering = false;
        using SlotRig rig = new((_, request) => !isAnswering ? null : "$1~v~");
        rig.Ask($"GET {rig.KeyOn(0)}", $"SET {rig.KeyOn(0, 1)} 1");
        isAnswering = true;

        rig.Rig.Servers[0].Last.Dispose();
        string replies = rig.Serve() + rig.Pass(100);

        Assert.StartsWith("$1~v~-ERR connection to server s0 lost before the reply, outcome unknown", replies, StringComparison.Ordinal);
        Assert.DoesNotContain($"0:SET {rig.KeyOn(0, 1)} 1", rig.Seen.Skip(2));
    }

    [Fact]
    public void LostConnection_AReadThatALostWriteMayHaveOvertaken_IsTold()
    {
        using SlotRig rig = new(static (_, _) => null);
        string key = rig.KeyOn(0);
        rig.Ask($"GET {key}", $"SET {key} 1");

        rig.Rig.Servers[0].Last.Dispose();
        string replies = rig.Serve() + rig.Pass(100);

        Assert.Equal(2, replies.Split("outcome unknown").Length - 1);
        Assert.Equal(2, rig.Seen.Count);
    }

    [Fact]
    public void NodeThatIsAway_WriteNotSent_WaitsForTheNode()
    {
        using SlotRig rig = new(static (_, _) => "+OK~");
        rig.Rig.Servers[0].Stop();
        rig.Rig.Settle();

        Assert.Equal("", rig.Ask($"SET {rig.KeyOn(0)} 1"));
        rig.Map = SlotRig.Shards(1, 1, 2);

        Assert.Equal("+OK~", rig.Pass(300));
    }

    [Fact]
    public void FailedNode_ThatKeepsItsConnections_IsLeftWhenItHasASuccessor()
    {
        using SlotRig rig = new(static (node, _) => node == 0 ? null : "$1~v~");
        rig.Ask($"GET {rig.KeyOn(0)}");

        rig.Map = SlotRig.Shards(1, 1, 2) + "";
        rig.Map = rig.Map.Replace("*2~*4~", "*3~*4~$5~slots~*0~$5~nodes~*1~*10~$2~id~$2~n0~$4~port~:7000~$8~endpoint~$8~10.0.0.1~$4~role~$6~master~$6~health~$4~fail~*4~", StringComparison.Ordinal);

        Assert.Equal("$1~v~", rig.Pass(1500));
    }

    [Fact]
    public void ClientGoneWhileItsRequestsWait_LeavesNothing()
    {
        using SlotRig rig = new(static (_, _) => Down, change: static config => config with { RetryBudget = TimeSpan.FromMilliseconds(100) });
        long before = rig.Rig.State.Reactor.Buffers.InUse;
        rig.Ask($"SET {rig.KeyOn(0)} 1", $"MGET {rig.KeyOn(0)} {rig.KeyOn(0, 1)}");

        rig.Client.Dispose();
        rig.Pass(300);

        Assert.Equal(0, rig.Rig.State.ClientCount);
        Assert.Equal(before, rig.Rig.State.Reactor.Buffers.InUse);
    }

    [Theory]
    [InlineData(SocketShutdown.Both)]
    [InlineData(SocketShutdown.Send)]
    public void ClientGoneWhileItsRequestsWait_IsNoticedAtOnce(SocketShutdown end)
    {
        using SlotRig rig = new(static (_, _) => Down, change: static config => config with { RetryBudget = TimeSpan.FromMinutes(10) });
        long before = rig.Rig.State.Reactor.Buffers.InUse;
        string key = rig.KeyOn(0);
        rig.Ask($"SET {key} {new string('v', 500)}", $"MGET {key} {rig.KeyOn(0, 1)}", $"GET {key}");
        rig.Client.Ask("PING"); // is not read before the others are answered
        int seen = rig.Seen.Count;

        rig.Client.Socket.Shutdown(end);
        string replies = rig.Pass(30);

        Assert.Equal(end == SocketShutdown.Send ? Down + Down + Down + "+PONG~" : "", replies);
        Assert.Equal(0, rig.Rig.State.ClientCount);
        Assert.Equal(before, rig.Rig.State.Reactor.Buffers.InUse);
        rig.Pass(100);
        Assert.Equal(seen, rig.Seen.Count);
    }

    [Fact]
    public void ClientThatHasClosedItsHalf_IsAnswered_ButItsRequestDoesNotWait()
    {
        string reply = "";
        using SlotRig rig = new((_, _) => reply);
        string key = rig.KeyOn(0);
        rig.Client.Ask($"GET {key}");
        rig.Client.Socket.Shutdown(SocketShutdown.Send);
        reply = SlotRig.Redirect("MOVED", key, 1);
        Assert.Equal("", Answer(0));

        reply = Down;
        Assert.Equal(Down, Answer(1));
        Assert.Equal(0, rig.Rig.State.ClientCount);

        string Answer(int node)
        {
            Assert.Equal([$"GET {key}"], rig.Rig.Servers[node].Last.Requests().Where(static request => request.StartsWith("GET", StringComparison.Ordinal)));
            Assert.True(rig.Rig.Servers[node].Last.TrySend(RigSocket.Bytes(reply)));
            return rig.Client.Replies();
        }
    }

    [Fact]
    public void ClientGone_WhileItsBlockingCommandIsTriedAgain_IsNoticedAtOnce()
    {
        using SlotRig rig = new(static (_, request) => request is "CLIENT ID" ? ":7~" : Down, change: static config => config with { RetryBudget = TimeSpan.FromMinutes(10) });
        rig.Ask($"BLPOP {rig.KeyOn(0)} 0");
        rig.Client.Ask("PING");

        rig.Client.Socket.Shutdown(SocketShutdown.Both);
        rig.Pass(30);

        Assert.Equal(0, rig.Rig.State.ClientCount);
        Assert.All(rig.Rig.State.Servers, static server => Assert.Equal(0, server.Pinned.InUse));
    }

    [Fact]
    public void ClientGone_WhileItWaitsForTheMap_IsNoticedAtOnce()
    {
        using SlotRig rig = new(static (_, _) => ":1~", isKnown: false);
        rig.Ask("DBSIZE");

        rig.Client.Socket.Shutdown(SocketShutdown.Both);
        rig.Serve();

        Assert.Equal(0, rig.Rig.State.ClientCount);
    }

    [Fact]
    public void Requests_BeforeTheMapIsKnown_WaitForIt()
    {
        using SlotRig rig = new(static (_, _) => ":1~", isKnown: false);

        Assert.Equal("+PONG~", rig.Ask("PING", "DBSIZE"));
        rig.IsTelling = true;

        Assert.Equal(":3~", rig.Pass(1200));
    }

    [Fact]
    public void Requests_WithoutAMapForTooLong_AreTold()
    {
        using SlotRig rig = new(static (_, _) => ":1~", isKnown: false);

        rig.Ask("DBSIZE");

        Assert.Contains("-ERR no server of pool cache has told yet which nodes its cluster has~", rig.Pass(3500), StringComparison.Ordinal);

        // Asked every second, and told now and then.
        Assert.Single(Regex.Matches(rig.Rig.Log, "no node told the cluster's slots"));
    }
}
