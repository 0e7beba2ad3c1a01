using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis;

/// <summary>Commands that wait, over connections of their own.</summary>
public sealed class PinningTests
{
    [Fact]
    public void Blocking_AnsweredRequestsFirst_ThenItsOwnConnectionAndTheRestBehindIt()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("GET a", "BLPOP q 0", "GET b", "PING");
        Assert.Equal(["GET a"], rig.Server.Last.Requests());
        RigServerConnection shared = rig.Server.Connections[0];
        Assert.Single(rig.Server.Connections);
        shared.SendText("$1~a~");
        Assert.Equal("$1~a~", client.Replies());

        RigServerConnection pinned = rig.Server.Last;
        Assert.Equal(["CLIENT ID", "BLPOP q 0"], pinned.Requests());
        Assert.Empty(shared.Requests());
        pinned.SendText(":7~*2~$1~q~$1~e~");

        Assert.Equal("*2~$1~q~$1~e~", client.Replies());
        Assert.Equal(["GET b"], shared.Requests());
        shared.SendText("$1~b~");
        Assert.Equal("$1~b~+PONG~", client.Replies());
        Assert.Equal((0, 1), (rig.State.Servers[0].Pinned.InUse, rig.State.Servers[0].Pinned.Idle));
    }

    [Fact]
    public void Blocking_Again_UsesTheSameConnectionWithoutAskingItsId()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        RigServerConnection pinned = Block(rig, client, "BLPOP q 0");
        pinned.SendText("*2~$1~q~$1~e~");
        Assert.NotEmpty(client.Replies());

        rig.Connect().Ask("BRPOP p 0");

        Assert.Single(rig.Server.Connections);
        Assert.Equal(["BRPOP p 0"], pinned.Requests());
    }

    [Fact]
    public void Idle_AsManyAsMinIdle_AreKeptOpenAndReplacedWhenLost()
    {
        using ProxyRig rig = new(change: static config => config with { MinIdle = 2, PinnedIdle = TimeSpan.FromSeconds(4) });
        rig.State.Begin();
        rig.Settle();
        Assert.Equal(2, rig.Server.Connections.Count);
        RigClient client = rig.Connect();
        client.Ask("BLPOP q 0");
        Assert.Equal(3, rig.Server.Connections.Count);
        Assert.Equal(["CLIENT ID", "BLPOP q 0"], rig.Server.Connections[1].Requests());
        rig.Server.Connections[1].SendText(":7~*2~$1~q~$1~e~");
        Assert.Equal("*2~$1~q~$1~e~", client.Replies());
        Assert.Equal(3, rig.State.Servers[0].Pinned.Idle);

        rig.Advance(6000);
        Assert.Equal(2, rig.State.Servers[0].Pinned.Idle);

        foreach (RigServerConnection connection in rig.Server.Connections)
        {
            connection.Dispose();
        }

        rig.Advance(6000);
        rig.Settle();
        Assert.Equal((2, 5), (rig.State.Servers[0].Pinned.Idle, rig.Server.Connections.Count));
    }

    [Fact]
    public void Blocking_ConnectionOlderThanItsAge_IsNotUsedAgain()
    {
        using ProxyRig rig = new(change: static config => config with { ConnectionMaxAge = TimeSpan.FromSeconds(60), PinnedIdle = TimeSpan.FromHours(1) });
        RigClient client = rig.Connect();
        RigServerConnection pinned = Block(rig, client, "BLPOP q 0");
        rig.Advance(30_000);
        pinned.SendText("*2~$1~q~$1~e~");
        Assert.NotEmpty(client.Replies());
        Assert.Equal(1, rig.State.Servers[0].Pinned.Idle);
        rig.Advance(31_000);

        client.Ask("BLPOP q 0");

        Assert.Equal(2, rig.Server.Connections.Count);
        rig.Server.Last.SendText(":8~*2~$1~q~$1~e~");
        Assert.NotEmpty(client.Replies());
        client.Ask("BLPOP q 0");
        rig.Advance(61_000);
        rig.Server.Last.SendText("*2~$1~q~$1~e~");
        Assert.NotEmpty(client.Replies());
        Assert.Equal(0, rig.State.Servers[0].Pinned.Idle);
    }

    [Fact]
    public void Blocking_Deadline_IsItsOwnTimeAndThePools()
    {
        using ProxyRig rig = new(change: static config => config with { Timeout = TimeSpan.FromMilliseconds(100) });
        RigClient forEver = rig.Connect();
        RigClient limited = rig.Connect();
        RigServerConnection one = Block(rig, forEver, "BLPOP q 0");
        RigServerConnection two = Block(rig, limited, "XREAD BLOCK 1000 STREAMS s 0");

        rig.Advance(1090);
        Assert.Equal("", limited.Replies());
        rig.Advance(30);

        Assert.Equal("", limited.Replies());
        Assert.True(limited.IsClosed);
        rig.Advance(1_000_000);
        Assert.Empty(two.Requests());
        Assert.True(two.IsClosed);
        Assert.Equal("", forEver.Replies());
        one.SendText("*-1~");
        Assert.Equal("*-1~", forEver.Replies());
    }

    [Fact]
    public void Client_GoneWhileItWaits_UnblocksAndUsesTheConnectionAgain()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        RigServerConnection pinned = Block(rig, client, "BLPOP q 0");
        client.Dispose();
        rig.Settle();
        RigServerConnection shared = rig.Server.Last;
        Assert.Equal(["CLIENT UNBLOCK 7"], shared.Requests());

        pinned.SendText("*-1~");
        rig.Settle();
        Assert.Equal(1, rig.State.Servers[0].Pinned.InUse);
        shared.SendText(":1~");
        rig.Settle();

        Assert.Equal((0, 1), (rig.State.Servers[0].Pinned.InUse, rig.State.Servers[0].Pinned.Idle));
        Assert.Empty(shared.Requests());
    }

    [Theory]
    [InlineData("BLPOP q 0", "*2~$1~q~$1~e~", "LPUSH q e")]
    [InlineData("BRPOP q 0", "*2~$1~q~$1~e~", "RPUSH q e")]
    [InlineData("BLMPOP 0 2 q r LEFT COUNT 2", "*2~$1~q~*2~$1~e~$1~f~", "LPUSH q f e")]
    [InlineData("BLMPOP 0 1 q right COUNT 2", "*2~$1~q~*2~$1~e~$1~f~", "RPUSH q f e")]
    [InlineData("BZPOPMIN q 0", "*3~$1~q~$1~m~$3~1.5~", "ZADD q 1.5 m")]
    [InlineData("BZPOPMAX q 0", "*3~$1~q~$1~m~,1.5~", "ZADD q 1.5 m")]
    [InlineData("BZMPOP 0 1 q MIN COUNT 2", "*2~$1~q~*2~*2~$1~m~$1~1~*2~$1~n~$1~2~", "ZADD q 1 m 2 n")]
    public void Client_GoneAndAnElementTaken_PutsItBack(string request, string reply, string back)
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        RigServerConnection pinned = Block(rig, client, request);
        client.Dispose();
        rig.Settle();
        RigServerConnection shared = rig.Server.Last;
        Assert.Equal(["CLIENT UNBLOCK 7"], shared.Requests());

        pinned.SendText(reply);
        shared.SendText(":0~");
        rig.Settle();

        Assert.Equal([back], shared.Requests());
        shared.SendText(":1~");
        rig.Settle();
        Assert.InRange(rig.State.Counters.ElementsPutBack, 1, 2);
        Assert.Contains("went back to 'q'", rig.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void Client_GoneBeforeTheCommandReachedTheServer_UnblocksUntilItHas()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        RigServerConnection pinned = Block(rig, client, "BLPOP q 0");
        client.Dispose();
        rig.Settle();
        RigServerConnection shared = rig.Server.Last;
        _ = shared.Requests();
        shared.SendText(":0~");
        rig.Settle();
        rig.Advance(20);
        Assert.Equal(["CLIENT UNBLOCK 7"], shared.Requests());

        shared.SendText(":1~");
        pinned.SendText("*-1~");
        rig.Settle();

        Assert.Equal(1, rig.State.Servers[0].Pinned.Idle);
    }

    [Fact]
    public void Client_GoneAndUnblockNotAllowed_ClosesTheConnection()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        RigServerConnection pinned = Block(rig, client, "BLPOP q 0");
        client.Dispose();
        rig.Settle();

        rig.Server.Last.SendText("-NOPERM this user has no permissions~");
        rig.Settle();

        Assert.Empty(pinned.Requests());
        Assert.True(pinned.IsClosed);
        Assert.Equal((0, 0), (rig.State.Servers[0].Pinned.InUse, rig.State.Servers[0].Pinned.Idle));
    }

    [Fact]
    public void Server_LostWhileItWaits_EndsTheClientAsAServerWould()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        Block(rig, client, "BLPOP q 0").Dispose();
        rig.Settle();

        Assert.Equal("", client.Replies());
        Assert.True(client.IsClosed);
        Assert.Equal(0, rig.State.Servers[0].Pinned.InUse);
    }

    [Fact]
    public void Pool_Full_ServesWaitingClientsInTurnAndFailsTheLate()
    {
        using ProxyRig rig = new(change: static config => config with { MaxPinned = 1, PinnedWait = TimeSpan.FromMilliseconds(500) });
        RigClient[] clients = [rig.Connect(), rig.Connect(), rig.Connect(), rig.Connect()];
        RigServerConnection pinned = Block(rig, clients[0], "BLPOP a 0");
        clients[1].Ask("BLPOP b 0");
        rig.Advance(300);
        clients[2].Ask("BLPOP c 0", "PING");
        clients[3].Ask("BLPOP d 0");
        Assert.Equal(3, rig.State.Servers[0].Pinned.Waiting);
        clients[3].Dispose();
        rig.Settle();
        Assert.Equal(2, rig.State.Servers[0].Pinned.Waiting);

        pinned.SendText("*-1~");
        rig.Settle();
        Assert.Equal(["BLPOP b 0"], pinned.Requests());
        rig.Advance(510);

        Assert.Equal("-ERR no connection of its own to server s0 within 500 ms: all 1 are in use (max_pinned)~+PONG~", clients[2].Replies());
        Assert.Equal(0, rig.State.Servers[0].Pinned.Waiting);
    }

    [Fact]
    public void Pool_WhoseServerGoes_LosesTheClientThatWaitsForAConnectionToo()
    {
        using ProxyRig rig = new(change: static config => config with { MaxPinned = 1 });
        RigClient first = rig.Connect();
        RigClient second = rig.Connect();
        Block(rig, first, "BLPOP a 0");
        second.Ask("BLPOP b 0", "PING");
        Assert.Equal(1, rig.State.Servers[0].Pinned.Waiting);

        rig.Server.Stop();
        rig.Settle();

        Assert.Equal(0, rig.State.ClientCount); // both are closed, as by the server
        Assert.Equal(0, rig.State.Servers[0].Pinned.InUse);
    }

    [Fact]
    public void Pool_IdleConnection_IsClosedAfterAWhile()
    {
        using ProxyRig rig = new(change: static config => config with { PinnedIdle = TimeSpan.FromSeconds(10) });
        RigClient client = rig.Connect();
        RigServerConnection pinned = Block(rig, client, "BLPOP q 0");
        pinned.SendText("*-1~");
        rig.Settle();
        rig.Advance(7_000);
        Assert.Equal(1, rig.State.Servers[0].Pinned.Idle);

        rig.Advance(3_000);
        rig.Advance(3_000);

        Assert.Empty(pinned.Requests());
        Assert.True(pinned.IsClosed);
        Assert.Equal(0, rig.State.Servers[0].Pinned.Idle);
    }

    [Fact]
    public void Drain_WhileItWaits_ClosesTheClientAndSettlesItsCall()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        RigServerConnection pinned = Block(rig, client, "BLPOP q 0");

        rig.State.Drain();
        rig.Settle();

        Assert.Equal("", client.Replies());
        Assert.True(client.IsClosed);
        RigServerConnection shared = rig.Server.Last;
        Assert.Equal(["CLIENT UNBLOCK 7"], shared.Requests());
        Assert.Equal(1, rig.State.Reactor.Load);
        pinned.SendText("*-1~");
        shared.SendText(":1~");
        rig.Settle();
        Assert.Equal(0, rig.State.Reactor.Load);
    }

    [Fact]
    public void Held_InputBeyondTheBound_IsNotReadAndServedLater()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        RigServerConnection pinned = Block(rig, client, "BLPOP q 0");
        client.Ask([.. Enumerable.Repeat("ECHO " + new string('x', 1000), 100)]);
        Assert.True(rig.State.Clients.Single().IsReadPaused);

        pinned.SendText("*-1~");

        Assert.Equal("*-1~".Length + (100 * "$1000~~".Length) + (100 * 1000), client.Replies().Length);
    }

    private static RigServerConnection Block(ProxyRig rig, RigClient client, string request)
    {
        client.Ask(request);
        RigServerConnection pinned = rig.Server.Last;
        Assert.Equal(["CLIENT ID", request], pinned.Requests());
        pinned.SendText(":7~");
        rig.Settle();
        return pinned;
    }
}
