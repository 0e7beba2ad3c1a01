using Keyway.Proxy.Pools;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis;

/// <summary>Commands whose answer decides how the next one is treated: what is pipelined behind them waits.</summary>
public sealed class BarrierTests
{
    private const string Info = "*1~*6~$7~mod.get~:2~*1~+readonly~:1~:1~:1~";

    [Fact]
    public void Client_EndedWithItsRepliesOff_IsGoneWhenTheLastIsSwallowed()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("CLIENT REPLY OFF", "GET a", "MULTI", "INCR b", "EXEC");
        client.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        rig.Settle();
        Assert.Equal(1, rig.State.ClientCount);

        rig.Server.Last.SendText("$1~x~+OK~+QUEUED~*1~:1~");
        rig.Settle();

        Assert.Equal(0, rig.State.ClientCount);
        Assert.Empty(rig.Faults);
    }

    [Fact]
    public void Select_OfANewDatabase_IsTriedOutFirst()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("GET a", "SELECT 3", "GET b", "PING");
        Assert.Equal(2, rig.Server.Connections.Count);
        Assert.Equal(["GET a"], rig.Server.Connections[0].Requests());
        RigServerConnection trial = rig.Server.Last;
        Assert.Equal(["SELECT 3"], trial.Requests());

        trial.SendText("+OK~");
        rig.Settle();
        Assert.Equal(["PING"], trial.Requests());
        trial.SendText("+PONG~");
        Assert.Equal("", client.Replies());
        rig.Server.Connections[0].SendText("$1~a~");
        Assert.Equal("$1~a~+OK~", client.Replies());

        RigServerConnection lane = rig.Server.Last;
        Assert.Equal(["SELECT 3"], lane.Requests());
        lane.SendText("+OK~");
        rig.Settle();
        Assert.Equal(["GET b"], lane.Requests());
        lane.SendText("$1~b~");
        Assert.Equal("$1~b~+PONG~", client.Replies());
        Assert.Equal([], trial.Requests());
        Assert.True(trial.IsClosed);
    }

    [Fact]
    public void Select_Refused_LeavesTheDatabaseAsItWas()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("SELECT 99", "GET a");
        rig.Server.Last.SendText("-ERR DB index is out of range~");

        Assert.Equal("-ERR DB index is out of range~", client.Replies());
        Assert.Equal(["GET a"], rig.Server.Last.Requests());
        Assert.Equal(0, rig.State.Counters.ServerFailures);
    }

    [Fact]
    public void Select_OfAKnownDatabase_AsksNobody()
    {
        using ProxyRig rig = new();
        RigClient one = rig.Connect();
        one.Ask("SELECT 3");
        rig.Server.Last.SendText("+OK~+PONG~");
        Assert.Equal("+OK~", one.Replies());
        RigClient two = rig.Connect();

        two.Ask("SELECT 3");

        Assert.Equal("+OK~", two.Replies());
        Assert.Single(rig.Server.Connections);
    }

    [Fact]
    public void Hello_First_AsksForTheServersVersion()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("HELLO 3", "GET a");
        RigServerConnection first = rig.Server.Last;
        Assert.Equal(["INFO server"], first.Requests());

        first.SendText("$31~# Server~redis_version:9.8.7~~");
        string reply = client.Replies();

        Assert.Contains("$7~version~$5~9.8.7~$5~proto~:3~", reply, StringComparison.Ordinal);
        Assert.StartsWith("%7~", reply, StringComparison.Ordinal);
        RigServerConnection lane = rig.Server.Last;
        Assert.Equal(["HELLO 3"], lane.Requests());
        lane.SendText("%1~+proto~:3~");
        rig.Settle();
        Assert.Equal(["GET a"], lane.Requests());
        lane.SendText("_~");
        Assert.Equal("_~", client.Replies());
    }

    [Fact]
    public void UnknownCommand_IsAskedForOnce_AndThenRouted()
    {
        using ProxyRig rig = new(servers: 2);
        RigClient client = rig.Connect();
        string key = rig.KeyOn(1);
        client.Ask($"MOD.GET {key}", "PING");
        Assert.Equal("", client.Replies());
        Assert.Equal(["COMMAND INFO MOD.GET"], rig.Servers[0].Last.Requests());

        rig.Servers[0].Last.SendText(Info);
        rig.Settle();

        Assert.Equal([$"MOD.GET {key}"], rig.Servers[1].Last.Requests());
        rig.Servers[1].Last.SendText(":1~");
        Assert.Equal(":1~+PONG~", client.Replies());
        client.Ask($"mod.get {key}");
        Assert.Equal([$"mod.get {key}"], rig.Servers[1].Last.Requests());
        Assert.Empty(rig.Servers[0].Last.Requests());
    }

    [Fact]
    public void UnknownCommand_ThatNoServerKnows_IsAnError()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("NOSUCH a", "PING");
        rig.Server.Last.SendText("*1~*-1~");

        Assert.Equal("-ERR unknown command 'NOSUCH', with args beginning with: 'a' ~+PONG~", client.Replies());
    }

    [Fact]
    public void UnknownCommand_WhenTheServerIsLost_FailsWithThat()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("MOD.GET a", "PING");
        _ = rig.Server.Last.Requests();
        rig.Server.Last.Dispose();

        string replies = client.Replies();

        Assert.StartsWith("-ERR connection to server s0 lost", replies, StringComparison.Ordinal);
        Assert.EndsWith("~+PONG~", replies, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownCommand_WithAnEndlessName_IsAskedOfNobody()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask(new string('x', 10_000));

        Assert.StartsWith("-ERR unknown command 'xxx", client.Replies(), StringComparison.Ordinal);
        Assert.Empty(rig.Server.Connections);
    }

    [Fact]
    public void UnknownCommand_WhenTheServerAnswersWithAnError_IsAskedForAgain()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("MOD.GET a", "PING");
        Assert.Equal(["COMMAND INFO MOD.GET"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("-LOADING Redis is loading the dataset in memory~");
        Assert.Equal("-ERR server s0 did not say what the command is: LOADING Redis is loading the dataset in memory~+PONG~", client.Replies());

        client.Ask("MOD.GET a");

        Assert.Equal(["COMMAND INFO MOD.GET"], rig.Server.Last.Requests());
    }

    [Fact]
    public void Hello_WhenTooManyDatabasesAreInUse_IsRefused()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        for (int database = 0; rig.State.LaneOf(new Lane(database, 2)) >= 0; database++)
        {
        }

        client.Ask("HELLO 3", "GET a");

        Assert.Equal("-ERR too many databases are in use through this pool~", client.Replies());
        Assert.Equal(["GET a"], rig.Server.Last.Requests());
    }

    [Fact]
    public void Select_TrialAnsweredTooLate_LeavesNoConnection()
    {
        using ProxyRig rig = new(change: static config => config with { Timeout = TimeSpan.FromMilliseconds(100) });
        RigClient client = rig.Connect();
        client.Ask("SELECT 3");
        RigServerConnection trial = rig.Server.Last;
        trial.SendText("+OK~");
        rig.Settle();
        rig.Advance(104);
        Assert.StartsWith("-ERR timeout", client.Replies(), StringComparison.Ordinal);

        Assert.Equal(["SELECT 3", "PING"], trial.Requests());
        Assert.True(trial.IsClosed);
    }

    [Fact]
    public void Client_GoneWhileAskedFor_IsForgotten()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("SELECT 3");
        client.Dispose();
        rig.Settle();

        rig.Server.Last.SendText("+OK~+PONG~");
        rig.Settle();
        Assert.Empty(rig.State.Clients);

        RigClient other = rig.Connect();
        other.Ask("PING");
        Assert.Equal("+PONG~", other.Replies());
    }
}
