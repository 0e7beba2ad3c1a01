using System.Net.Sockets;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis;

/// <summary>Transactions with commands that Keyway answers itself.</summary>
public sealed class TransactionReplyTests
{
    [Fact]
    public void Exec_OwnCommandsBetween_AreAnsweredAtTheirPlaces()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("MULTI", "CLIENT SETNAME me", "GET a", "CLIENT GETNAME", "GET b", "EXEC", "GET c");
        Assert.Equal("+OK~+QUEUED~+QUEUED~+QUEUED~+QUEUED~", client.Replies());
        Assert.Equal(["MULTI", "GET a", "GET b", "EXEC"], rig.Server.Last.Requests());

        rig.Server.Last.SendText("+OK~+QUEUED~+QUEUED~*2~$1~x~*2~:1~");
        Assert.Equal("", client.Replies());
        rig.Server.Last.SendText(":2~");

        Assert.Equal("*4~+OK~$1~x~$2~me~*2~:1~:2~", client.Replies());
        Assert.Equal(["GET c"], rig.Server.Last.Requests());
        Assert.Single(rig.Server.Connections);
    }

    [Theory]
    [InlineData("*-1~")]
    [InlineData("-EXECABORT Transaction discarded because of previous errors.~")]
    public void Exec_NothingExecuted_LeavesOwnCommandsUndone(string answer)
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("MULTI", "CLIENT SETNAME me", "GET a", "EXEC", "CLIENT GETNAME", "MULTI", "ECHO x", "CLIENT GETNAME", "EXEC");

        rig.Server.Last.SendText("+OK~+QUEUED~" + answer);

        Assert.Equal($"+OK~+QUEUED~+QUEUED~{answer}$-1~+OK~+QUEUED~+QUEUED~", client.Replies());
        Assert.Equal(["MULTI", "GET a", "EXEC", "MULTI", "ECHO x", "EXEC"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("+OK~+QUEUED~*1~$1~x~");
        Assert.Equal("*2~$1~x~$-1~", client.Replies());
    }

    [Theory]
    [InlineData("*2~:1~:2~")]
    [InlineData("*0~")]
    public void Exec_AnsweredWithAnotherCount_Fails(string answer)
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("MULTI", "CLIENT SETNAME me", "GET a", "EXEC", "CLIENT GETNAME");

        rig.Server.Last.SendText("+OK~+QUEUED~" + answer);

        string replies = client.Replies();
        Assert.StartsWith("+OK~+QUEUED~+QUEUED~-ERR ", replies, StringComparison.Ordinal);
        Assert.EndsWith("~$-1~", replies, StringComparison.Ordinal);
    }

    [Fact]
    public void Exec_ServerLost_FailsAndTheClientIsServedOn()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("MULTI", "CLIENT SETNAME me", "GET a", "EXEC", "CLIENT GETNAME");
        rig.Server.Last.Dispose();

        string replies = client.Replies();
        Assert.StartsWith("+OK~+QUEUED~+QUEUED~-ERR connection to server s0 lost before the reply", replies, StringComparison.Ordinal);
        Assert.EndsWith("~$-1~", replies, StringComparison.Ordinal);
    }

    [Fact]
    public void Select_GoesOverAConnectionThatIsUsedNoMore_AndTheClientFollows()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("GET a");
        RigServerConnection shared = rig.Server.Last;
        Assert.Equal(["GET a"], shared.Requests());
        shared.SendText("$-1~");
        client.Ask("MULTI", "SELECT 3", "SET a 1", "EXEC", "GET a");
        Assert.Equal("$-1~+OK~+QUEUED~+QUEUED~", client.Replies());
        RigServerConnection pinned = rig.Server.Last;
        Assert.Equal(["MULTI", "SELECT 3", "SET a 1", "EXEC"], pinned.Requests());
        Assert.Empty(shared.Requests());

        pinned.SendText("+OK~+QUEUED~+QUEUED~*2~+OK~+OK~");

        Assert.Equal("*2~+OK~+OK~", client.Replies());
        Assert.Empty(pinned.Requests());
        Assert.True(pinned.IsClosed);
        Assert.Equal(0, rig.State.Servers[0].Pinned.InUse);
        Assert.Equal(["SELECT 3"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("+OK~");
        rig.Settle();
        Assert.Equal(["GET a"], rig.Server.Last.Requests());
    }

    [Fact]
    public void Select_RefusedByTheServer_LeavesTheClientWhereItWas()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("MULTI", "SELECT 99", "EXEC", "GET a");
        RigServerConnection pinned = rig.Server.Last;

        pinned.SendText("+OK~+QUEUED~*1~-ERR DB index is out of range~");

        Assert.Equal("+OK~+QUEUED~*1~-ERR DB index is out of range~", client.Replies());
        Assert.Equal(["GET a"], rig.Server.Last.Requests());
    }

    [Fact]
    public void Hello_SendsTheServerTheVersionOnly()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("HELLO");
        rig.Server.Last.SendText("$22~redis_version:7.0.15~~");
        _ = client.Replies();
        _ = rig.Server.Last.Requests();
        client.Ask("MULTI", "HELLO 3 AUTH default secret SETNAME me", "GET a", "EXEC");
        RigServerConnection pinned = rig.Server.Last;
        Assert.Equal(["MULTI", "HELLO 3", "GET a", "EXEC"], pinned.Requests());

        pinned.SendText("+OK~+QUEUED~+QUEUED~*2~%1~$6~server~$5~other~_~");

        string replies = client.Replies();
        Assert.StartsWith("+OK~+QUEUED~+QUEUED~*2~%7~$6~server~$5~redis~", replies, StringComparison.Ordinal);
        Assert.EndsWith("*0~_~", replies, StringComparison.Ordinal);
    }

    [Fact]
    public void Hello_WithoutAVersion_KeepsTheOneBeforeIt()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("HELLO");
        rig.Server.Last.SendText("$22~redis_version:7.0.15~~");
        _ = client.Replies();

        client.Ask("MULTI", "HELLO 3", "HELLO", "GET a", "EXEC");

        Assert.Equal(["MULTI", "HELLO 3", "GET a", "EXEC"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("+OK~+QUEUED~+QUEUED~*2~%1~$6~server~$5~other~_~");
        string replies = client.Replies();
        Assert.Equal(2, replies.Split("$5~proto~:3~").Length - 1);
        Assert.EndsWith("*0~_~", replies, StringComparison.Ordinal);
    }

    [Fact]
    public void Client_GoneBeforeTheReply_GivesItsConnectionBack()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("MULTI", "SELECT 3", "EXEC");
        RigServerConnection pinned = rig.Server.Last;
        Assert.Equal(["MULTI", "SELECT 3", "EXEC"], pinned.Requests());
        client.Dispose();
        rig.Settle();
        Assert.Equal(1, rig.State.Servers[0].Pinned.InUse);

        pinned.SendText("+OK~+QUEUED~*1~+OK~");
        rig.Settle();

        Assert.Equal(0, rig.State.Servers[0].Pinned.InUse);
        Assert.Empty(pinned.Requests());
        Assert.True(pinned.IsClosed);
        Assert.Empty(rig.Faults);
    }

    [Fact]
    public void Client_HalfCloses_GetsTheWholeReply()
    {
        using ProxyRig rig = new(reactors: 2);
        RigClient client = rig.Connect();
        client.Ask("MULTI", "GET a", "CLIENT LIST ID 0", "GET b", "CLIENT GETNAME", "EXEC");
        client.Socket.Shutdown(SocketShutdown.Send);
        rig.Settle();

        rig.Server.Last.SendText("+OK~+QUEUED~+QUEUED~*2~:1~:2~");

        Assert.EndsWith("*4~:1~$0~~:2~$-1~", client.Replies(), StringComparison.Ordinal);
    }

    [Fact]
    public void Transaction_OfOwnCommandsOverTheLimit_IsAborted()
    {
        using ProxyRig rig = new(change: static config => config with { Limits = config.Limits with { ClientTransaction = 1024 } });
        RigClient client = rig.Connect();

        client.Ask("MULTI", "CLIENT SETNAME " + new string('x', 600), "CLIENT SETNAME " + new string('x', 600), "EXEC");

        Assert.Equal("+OK~+QUEUED~-ERR transaction is larger than limits.client_transaction~-EXECABORT Transaction discarded because of previous errors.~", client.Replies());
        Assert.Equal(0, rig.State.Clients.Single().HeldBytes);
    }
}
