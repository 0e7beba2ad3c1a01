using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis;

/// <summary>WATCH and the transactions that it guards.</summary>
public sealed class WatchTests
{
    [Fact]
    public void Exec_AfterWatch_GoesOverTheConnectionThatWatchesWithEverythingInOrder()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("WATCH a", "GET a", "MULTI", "SET a 2", "EXEC", "GET b");
        RigServerConnection pinned = rig.Server.Last;
        Assert.Equal(["WATCH a"], pinned.Requests());
        pinned.SendText("+OK~");
        Assert.Equal("+OK~", client.Replies());
        RigServerConnection shared = rig.Server.Last;
        Assert.Equal(["GET a"], shared.Requests());
        Assert.Empty(pinned.Requests());
        shared.SendText("$1~1~");
        Assert.Equal("$1~1~+OK~+QUEUED~", client.Replies());
        Assert.Equal(["MULTI", "SET a 2", "EXEC", "UNWATCH"], pinned.Requests());
        Assert.Empty(shared.Requests());

        pinned.SendText("+OK~+QUEUED~*-1~");
        Assert.Equal("*-1~", client.Replies());
        Assert.Equal(["GET b"], shared.Requests());
        Assert.Equal(1, rig.State.Servers[0].Pinned.InUse);
        pinned.SendText("+OK~");
        rig.Settle();
        Assert.Equal((0, 1), (rig.State.Servers[0].Pinned.InUse, rig.State.Servers[0].Pinned.Idle));
    }

    [Theory]
    [InlineData("UNWATCH", "+OK~")]
    [InlineData("MULTI|DISCARD", "+OK~+OK~")]
    [InlineData("MULTI|GET|EXEC", "+OK~-ERR wrong number of arguments for 'get' command~-EXECABORT Transaction discarded because of previous errors.~")]
    [InlineData("EXEC x", "-EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command~")]
    [InlineData("RESET", "+RESET~")]
    public void Watch_EndedWithoutExec_IsUndoneAtTheServer(string end, string replies)
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        RigServerConnection pinned = Watch(rig, client, "WATCH a b");

        client.Ask(end.Split('|'));

        Assert.Equal(replies, client.Replies());
        Assert.Equal(["UNWATCH"], pinned.Requests());
        pinned.SendText("+OK~");
        rig.Settle();
        Assert.Equal(1, rig.State.Servers[0].Pinned.Idle);
    }

    [Fact]
    public void Client_GoneWhileItWatches_IsUndoneAtTheServer()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        RigServerConnection pinned = Watch(rig, client, "WATCH a");
        client.Dispose();
        rig.Settle();
        Assert.Equal(["UNWATCH"], pinned.Requests());

        pinned.SendText("-ERR no~");
        rig.Settle();

        Assert.Empty(pinned.Requests());
        Assert.True(pinned.IsClosed);
    }

    [Fact]
    public void Watch_OfAnotherServersKey_IsRefusedByName()
    {
        using ProxyRig rig = new(servers: 2);
        RigClient client = rig.Connect();
        client.Ask($"WATCH {rig.KeyOn(1)}");
        rig.Servers[1].Last.SendText("+OK~");
        Assert.Equal("+OK~", client.Replies());

        client.Ask($"WATCH {rig.KeyOn(0)}", "MULTI", $"SET {rig.KeyOn(0)} 1", "EXEC");

        string replies = client.Replies();
        Assert.StartsWith("-CROSSSLOT Keys in request don't hash to the same server: a transaction needs its keys together, but they are on s1 and s0 ", replies, StringComparison.Ordinal);
        Assert.EndsWith("~-EXECABORT Transaction discarded because of previous errors.~", replies, StringComparison.Ordinal);
        Assert.Equal([$"WATCH {rig.KeyOn(1)}", "UNWATCH"], rig.Servers[1].Last.Requests());
        Assert.Empty(rig.Servers[0].Connections);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Watch_HeldForTooLong_AbortsTheTransaction(bool isInMulti)
    {
        using ProxyRig rig = new(change: static config => config with { TransactionTimeout = TimeSpan.FromSeconds(2) });
        RigClient client = rig.Connect();
        RigServerConnection pinned = Watch(rig, client, "WATCH a");
        string[] rest = ["MULTI", "SET a 1", "EXEC", "MULTI", "SET a 2", "EXEC"];
        client.Ask(isInMulti ? rest[..2] : []);
        rig.Advance(2010);
        Assert.Equal(["UNWATCH"], pinned.Requests());

        client.Ask(isInMulti ? rest[2..] : rest);

        Assert.StartsWith(
            "+OK~+QUEUED~-EXECABORT Transaction discarded because of: more than 2000 ms between WATCH and EXEC (transaction_timeout)~+OK~+QUEUED~",
            client.Replies(),
            StringComparison.Ordinal);
        Assert.Equal(["MULTI", "SET a 2", "EXEC"], rig.Server.Last.Requests());
    }

    [Fact]
    public void Watch_ConnectionLost_AbortsTheTransactionAlsoAfterAnotherWatch()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        Watch(rig, client, "WATCH a").Dispose();
        rig.Settle();
        Watch(rig, client, "WATCH b");

        client.Ask("MULTI", "SET a 1", "EXEC");

        Assert.StartsWith("+OK~+QUEUED~-EXECABORT Transaction discarded because of: the connection to server s0 that watched its keys was lost", client.Replies(), StringComparison.Ordinal);
        Assert.Equal(["UNWATCH"], rig.Server.Last.Requests());
    }

    [Fact]
    public void Exec_AfterSelectSinceWatch_RunsInTheNewDatabaseOnAConnectionUsedNoMore()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        RigServerConnection pinned = Watch(rig, client, "WATCH a");
        client.Ask("SELECT 3");
        rig.Server.Last.SendText("+OK~+PONG~");
        Assert.Equal("+OK~", client.Replies());

        client.Ask("MULTI", "SET a 1", "EXEC");

        Assert.Equal(["HELLO 2", "SELECT 3", "MULTI", "SET a 1", "EXEC", "UNWATCH"], pinned.Requests());
        pinned.SendText("*0~+OK~+OK~+QUEUED~*1~+OK~+OK~");
        Assert.Equal("+OK~+QUEUED~*1~+OK~", client.Replies());
        Assert.Empty(pinned.Requests());
        Assert.True(pinned.IsClosed);
    }

    private static RigServerConnection Watch(ProxyRig rig, RigClient client, string request)
    {
        client.Ask(request);
        RigServerConnection pinned = rig.Server.Last;
        Assert.Equal([request], pinned.Requests());
        pinned.SendText("+OK~");
        Assert.Equal("+OK~", client.Replies());
        return pinned;
    }
}
