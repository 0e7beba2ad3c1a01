using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Pipelining;

public sealed class TimeoutTests
{
    private const string Late = "-ERR timeout: no reply from server s0 within 100 ms, outcome unknown~";

    [Fact]
    public void LateRequest_FailsAlone_AndItsReplyIsSwallowed()
    {
        using ProxyRig rig = Create();
        RigClient client = rig.Connect();
        client.Ask("GET a");
        rig.Advance(60);
        client.Ask("GET b");
        rig.Advance(50);
        Assert.Equal(Late, client.Replies());

        rig.Server.Last.SendText("$1~a~$1~b~");

        Assert.Equal("$1~b~", client.Replies());
        Assert.Equal(1, rig.State.Counters.FailuresOf(FailureKind.Timeout));
        Assert.Single(rig.Server.Connections);
    }

    [Fact]
    public void LateReply_InPieces_IsSwallowedWhole()
    {
        using ProxyRig rig = Create();
        RigClient client = rig.Connect();
        client.Ask("GET a");
        rig.Server.Last.SendText("$200000~");
        rig.Advance(110);
        Assert.Equal(Late, client.Replies());
        client.Ask("GET b");

        rig.Server.Last.SendText(new string('x', 100_000));
        rig.Settle();
        rig.Server.Last.SendText(new string('x', 100_000) + "~$1~b~");

        Assert.Equal("$1~b~", client.Replies());
    }

    [Fact]
    public void Silence_OfTwiceTheTimeout_ClosesTheConnection()
    {
        using ProxyRig rig = Create();
        RigClient client = rig.Connect();
        client.Ask("GET a");
        rig.Advance(150);
        client.Ask("GET b");
        rig.Advance(40);
        Assert.Single(rig.State.Servers);
        Assert.False(IsClosed(rig.Server.Connections[0]));

        rig.Advance(20);

        Assert.True(IsClosed(rig.Server.Connections[0]));
        Assert.StartsWith(Late + "-ERR connection to server s0 lost before the reply, outcome unknown (no byte for 2", client.Replies(), StringComparison.Ordinal);
    }

    [Fact]
    public void SlowCommand_WhileOthersAreAnswered_KeepsTheConnection()
    {
        using ProxyRig rig = Create();
        RigClient client = rig.Connect();
        client.Ask("GET a", "GET b");
        for (int i = 0; i < 10; i++)
        {
            rig.Advance(90);
            rig.Server.Last.SendText("$1~v~");
            client.Ask("GET c");
        }

        Assert.Single(rig.Server.Connections);
        Assert.False(IsClosed(rig.Server.Last));
    }

    // The timer then waits for the end of the silence, which is later than the new request's deadline.
    [Fact]
    public void Request_BehindALateOne_FailsInItsOwnTime()
    {
        using ProxyRig rig = Create();
        RigClient client = rig.Connect();
        client.Ask("GET a", "GET b");
        rig.Advance(96);
        rig.Server.Last.SendText("$1~a~");
        rig.Advance(14);
        Assert.Equal("$1~a~" + Late, client.Replies());
        client.Ask("GET c");

        rig.Advance(90);
        Assert.Equal("", client.Replies());
        rig.Advance(20);

        Assert.Equal(Late, client.Replies());
    }

    [Fact]
    public void LateReply_OfARequestThatFailedBeforeItsTurn_IsSwallowed()
    {
        using ProxyRig rig = new();
        RigClient socket = rig.Connect();
        ClientConnection client = Assert.Single(rig.State.Clients);
        (Request first, Request second) = (new Request(), new Request());
        client.Enqueue(first);
        client.Enqueue(second);

        client.Fail(second, Failure.Timeout("s0", 100));
        client.Deliver(second, "$1\r\nx\r\n"u8, isLast: true);
        client.Fail(second, Failure.ConnectionLost("s0", "gone"));
        client.Deliver(first, "+OK\r\n"u8, isLast: true);

        Assert.Equal("+OK~" + Late, socket.Replies());
        Assert.Equal(0, rig.State.Counters.FailuresOf(FailureKind.ConnectionLost));
    }

    [Fact]
    public void NoTimeout_WaitsForEver()
    {
        using ProxyRig rig = new(change: static config => config with { Timeout = null });
        RigClient client = rig.Connect();
        client.Ask("GET a");
        rig.Advance(10_000_000);
        rig.Server.Last.SendText("$1~a~");

        Assert.Equal("$1~a~", client.Replies());
    }

    private static ProxyRig Create() => new(change: static config => config with { Timeout = TimeSpan.FromMilliseconds(100) });

    private static bool IsClosed(RigServerConnection connection)
    {
        _ = connection.Requests();
        return connection.IsClosed;
    }
}
