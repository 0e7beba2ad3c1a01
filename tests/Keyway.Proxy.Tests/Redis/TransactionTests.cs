using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis;

/// <summary>Transactions without WATCH: queued by Keyway, sent as one block over the shared connection.</summary>
public sealed class TransactionTests
{
    [Fact]
    public void Exec_AfterSeveralReads_SendsOneBlockAndGivesItsReply()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("GET before");
        RigServerConnection server = rig.Server.Last;
        client.Ask("MULTI");
        client.Ask("SET a 1");
        client.Ask("PING");
        Assert.Equal(["GET before"], server.Requests());
        Assert.Equal("", client.Replies());
        server.SendText("$1~x~");
        Assert.Equal("$1~x~+OK~+QUEUED~+QUEUED~", client.Replies());

        client.Ask("EXEC", "GET after");

        Assert.Equal(["MULTI", "SET a 1", "PING", "EXEC", "GET after"], server.Requests());
        server.SendText("+OK~+QUEUED~+QUEUED~*2~+OK~+PONG~$1~y~");
        Assert.Equal("*2~+OK~+PONG~$1~y~", client.Replies());
    }

    [Fact]
    public void Exec_OtherClientsBetween_DoNotComeIntoTheBlock()
    {
        using ProxyRig rig = new();
        RigClient one = rig.Connect();
        RigClient other = rig.Connect();
        one.Ask("MULTI", "INCR a");
        other.Ask("INCR b");
        one.Ask("INCR c");
        other.Ask("MULTI", "INCR d", "EXEC");
        one.Ask("EXEC");

        Assert.Equal(["INCR b", "MULTI", "INCR d", "EXEC", "MULTI", "INCR a", "INCR c", "EXEC"], rig.Server.Last.Requests());
        rig.Server.Last.SendText(":1~+OK~+QUEUED~*1~:2~+OK~+QUEUED~+QUEUED~*2~:3~:4~");
        Assert.Equal("+OK~+QUEUED~+QUEUED~*2~:3~:4~", one.Replies());
        Assert.Equal(":1~+OK~+QUEUED~*1~:2~", other.Replies());
    }

    [Fact]
    public void Exec_ServerRefusedACommand_GivesTheServersAbort()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("MULTI", "SET a 1", "EXEC");

        rig.Server.Last.SendText("+OK~-OOM command not allowed when used memory > 'maxmemory'.~-EXECABORT Transaction discarded because of previous errors.~");

        Assert.Equal("+OK~+QUEUED~-EXECABORT Transaction discarded because of previous errors.~", client.Replies());
    }

    [Fact]
    public void Exec_FirstAtAServer_TriesItOutOnceAndThenSendsTheBlock()
    {
        using ProxyRig rig = new();
        rig.State.Servers[0].Transactions.IsPassed = false;
        RigClient one = rig.Connect();
        RigClient other = rig.Connect();
        one.Ask("GET a");
        one.Ask("MULTI", "INCR a", "EXEC", "GET b");
        other.Ask("MULTI", "INCR c", "EXEC");
        Assert.Equal(2, rig.Server.Connections.Count);
        Assert.Equal(["GET a"], rig.Server.Connections[0].Requests());
        Assert.Equal(["MULTI", "EXEC"], rig.Server.Last.Requests());

        rig.Server.Last.SendText("+OK~*0~");
        rig.Settle();

        _ = rig.Server.Last.Requests();
        Assert.True(rig.Server.Last.IsClosed);
        Assert.Equal(["MULTI", "INCR a", "EXEC", "GET b", "MULTI", "INCR c", "EXEC"], rig.Server.Connections[0].Requests());
        other.Ask("MULTI", "EXEC");
        Assert.Equal(["MULTI", "EXEC"], rig.Server.Connections[0].Requests());
        Assert.Equal(2, rig.Server.Connections.Count);
    }

    [Theory]
    [InlineData("-NOPERM no multi~-ERR EXEC without MULTI~", "server s0 refused MULTI: NOPERM no multi")]
    [InlineData("+OK~-ERR unknown command 'EXEC'~", "server s0 refused EXEC: ERR unknown command 'EXEC'")]
    public void Exec_ServerTakesNoTransactions_IsAnErrorAndNothingIsSent(string answers, string reason)
    {
        using ProxyRig rig = new();
        rig.State.Servers[0].Transactions.IsPassed = false;
        RigClient client = rig.Connect();
        client.Ask("GET a");
        client.Ask("MULTI", "INCR a", "EXEC", "GET b");
        rig.Server.Connections[0].SendText("$1~x~");

        rig.Server.Last.SendText(answers);

        Assert.Equal($"$1~x~+OK~+QUEUED~-EXECABORT Transaction discarded because of: {reason}~", client.Replies());
        Assert.Equal(["GET a", "GET b"], rig.Server.Connections[0].Requests());
    }

    [Fact]
    public void Exec_ServerHasChangedItsMind_IsTriedOutAgain()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("MULTI", "INCR a", "EXEC");
        rig.Server.Last.SendText("-NOPERM no multi~:1~-ERR EXEC without MULTI~");
        Assert.Equal("+OK~+QUEUED~-ERR EXEC without MULTI~", client.Replies());
        _ = rig.Server.Last.Requests();

        client.Ask("MULTI", "INCR a", "EXEC");

        Assert.Equal(2, rig.Server.Connections.Count);
        Assert.Equal(["MULTI", "EXEC"], rig.Server.Last.Requests());
        Assert.Empty(rig.Server.Connections[0].Requests());
    }

    [Fact]
    public void Queue_KeysOnTwoServers_NamesBothAndAborts()
    {
        using ProxyRig rig = new(servers: 2);
        RigClient client = rig.Connect();
        client.Ask("MULTI", $"SET {rig.KeyOn(0)} 1", $"SET {rig.KeyOn(1)} 2", $"SET {rig.KeyOn(0)} 3", "EXEC", "PING");

        string replies = client.Replies();

        Assert.StartsWith("+OK~+QUEUED~-CROSSSLOT Keys in request don't hash to the same server: a transaction needs its keys together, but they are on s0 and s1 ", replies, StringComparison.Ordinal);
        Assert.EndsWith("~+QUEUED~-EXECABORT Transaction discarded because of previous errors.~+PONG~", replies, StringComparison.Ordinal);
        Assert.Empty(rig.Servers[0].Connections);
    }

    [Fact]
    public void Queue_KeysOnOneOfSeveralServers_GoesThere()
    {
        using ProxyRig rig = new(servers: 2);
        RigClient client = rig.Connect();
        client.Ask("MULTI", "PING", $"MGET {rig.KeyOn(1)} {rig.KeyOn(1, 1)}", $"BLPOP {rig.KeyOn(1)} 0", "EVAL return 0", "EXEC");

        Assert.Equal(["MULTI", "PING", $"MGET {rig.KeyOn(1)} {rig.KeyOn(1, 1)}", $"BLPOP {rig.KeyOn(1)} 0", "EXEC"], rig.Servers[1].Last.Requests().Where(static r => r[0] != 'E' || r == "EXEC"));
    }

    [Theory]
    [InlineData("DBSIZE", "-ERR DBSIZE asks all servers")]
    [InlineData("SCAN 0", "-ERR SCAN asks all servers")]
    [InlineData("CLIENT TRACKING ON", "-ERR CLIENT TRACKING asks for a connection of its own to one server")]
    [InlineData("SHUTDOWN", "-ERR Command not allowed inside a transaction")]
    [InlineData("CONFIG SET a b", "-ERR CONFIG SET changes")]
    [InlineData("GET", "-ERR wrong number of arguments for 'get' command")]
    public void Queue_NotOffered_AbortsTheTransaction(string request, string error)
    {
        using ProxyRig rig = new(servers: 2);
        RigClient client = rig.Connect();
        client.Ask("MULTI", request, "EXEC", "PING");

        string replies = client.Replies();

        Assert.StartsWith("+OK~" + error, replies, StringComparison.Ordinal);
        Assert.EndsWith("~-EXECABORT Transaction discarded because of previous errors.~+PONG~", replies, StringComparison.Ordinal);
    }

    [Fact]
    public void Queue_BeyondTheLimit_AbortsTheTransactionAndKeepsNothing()
    {
        using ProxyRig rig = new(change: static config => config with { Limits = config.Limits with { ClientTransaction = 1024 } });
        RigClient client = rig.Connect();
        client.Ask("MULTI", "SET a " + new string('x', 500));
        Assert.NotEqual(0, rig.State.Clients.Single().HeldBytes);
        client.Ask("SET b " + new string('x', 500));

        Assert.Equal("+OK~+QUEUED~-ERR transaction is larger than limits.client_transaction~", client.Replies());
        Assert.Equal(0, rig.State.Clients.Single().HeldBytes);
        client.Ask("EXEC");
        Assert.StartsWith("-EXECABORT", client.Replies(), StringComparison.Ordinal);
    }

    [Fact]
    public void Client_GoneWithinATransaction_LeavesNothing()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("MULTI", "SET a " + new string('x', 50_000));
        long before = rig.State.Reactor.Buffers.InUse;
        client.Dispose();
        rig.Settle();

        Assert.True(rig.State.Reactor.Buffers.InUse < before - 50_000);
        Assert.Empty(rig.Server.Connections);
    }

    [Fact]
    public void Exec_ServerLost_SaysSoAndTheNextTransactionWorks()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("MULTI", "SET a 1", "EXEC");
        rig.Server.Last.Dispose();
        Assert.StartsWith("+OK~+QUEUED~-ERR connection to server s0 lost before the reply, outcome unknown", client.Replies(), StringComparison.Ordinal);

        client.Ask("MULTI", "SET a 1", "EXEC");

        // It may have come back as another.
        Assert.Equal(["MULTI", "EXEC"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("+OK~*0~");
        rig.Settle();
        Assert.Equal(["MULTI", "SET a 1", "EXEC"], rig.Server.Last.Requests());
    }
}
