using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Pipelining;

/// <summary>Replies leave in the order of the requests, whoever answers and whenever.</summary>
public sealed class ReplyOrderTests
{
    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 0, 2)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 0)]
    public void Replies_OfServersInAnyOrder_LeaveInRequestOrder(params int[] order)
    {
        using ProxyRig rig = new(servers: 3);
        RigClient client = rig.Connect();
        client.Ask("PING first", $"GET {rig.KeyOn(0)}", "PING", $"GET {rig.KeyOn(1)}", $"GET {rig.KeyOn(2)}", "ECHO last");

        Assert.Equal("$5~first~", client.Replies());
        foreach (int server in order)
        {
            rig.Servers[server].Last.SendText($"$2~v{server}~");
            rig.Settle();
        }

        Assert.Equal("$2~v0~+PONG~$2~v1~$2~v2~$4~last~", client.Replies());
    }

    [Fact]
    public void Replies_ByteByByte_LeaveWhole()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("GET a", "GET b");

        string replies = "";
        foreach (char c in "$3\r\nabc\r\n*2\r\n:1\r\n$-1\r\n")
        {
            rig.Server.Last.SendText(c.ToString());
            string more = client.Replies();
            Assert.True(more.Length == 0 || (replies + more) is "$3~abc~" or "$3~abc~*2~:1~$-1~", more);
            replies += more;
        }

        Assert.Equal("$3~abc~*2~:1~$-1~", replies);
    }

    [Fact]
    public void Requests_ByteByByte_ArriveWhole()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        foreach (char c in "*2\r\n$3\r\nGET\r\n$1\r\na\r\nGET b\r\n")
        {
            client.SendText(c.ToString());
            rig.Settle();
        }

        Assert.Equal(["GET a", "GET b"], rig.Server.Last.Requests());
    }

    [Fact]
    public void LargeReply_AtItsTurn_IsPassedOnAsItComes()
    {
        using ProxyRig rig = new(servers: 2);
        RigClient client = rig.Connect();
        client.Ask($"GET {rig.KeyOn(0)}", $"GET {rig.KeyOn(1)}");
        string half = new('x', 100_000);

        rig.Servers[1].Last.SendText($"$200000~{half}");
        Assert.Equal("", client.Replies());
        rig.Servers[0].Last.SendText($"$200000~{half}");
        Assert.Equal($"$200000~{half}", client.Replies());
        rig.Servers[0].Last.SendText($"{half}~");
        Assert.Equal($"{half}~$200000~{half}", client.Replies());
        rig.Servers[1].Last.SendText($"{half}~");
        Assert.Equal($"{half}~", client.Replies());
    }

    [Fact]
    public void Reply_BeforeTheRequestHasLeft_IsGivenToNobody()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("GET a");
        RigServerConnection server = rig.Server.Last;
        Assert.Equal(["GET a"], server.Requests());
        server.SendText("$1~a~");
        Assert.Equal("$1~a~", client.Replies());

        client.SendText("*2~$3~GET~$1~b~");
        server.SendText("$1~x~");

        Assert.StartsWith("-ERR connection to server s0 lost", client.Replies(), StringComparison.Ordinal);
        Assert.Empty(server.Requests());
        Assert.True(server.IsClosed);
    }

    [Fact]
    public void LargeReply_CutOffInTheMiddle_EndsTheClient()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("GET a");
        rig.Server.Last.SendText("$200000~" + new string('x', 100_000));
        rig.Settle();

        rig.Server.Last.Dispose();

        Assert.StartsWith("$200000~x", client.Replies(), StringComparison.Ordinal);
        Assert.True(client.IsClosed);
    }

    [Fact]
    public void SmallReply_CutOffInTheMiddle_IsAnError()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("GET a");
        rig.Server.Last.SendText("$2000~" + new string('x', 1000));
        rig.Settle();

        Assert.Equal(["GET a"], rig.Server.Last.Requests());
        rig.Server.Last.Dispose();

        Assert.Equal("-ERR connection to server s0 lost before the reply, outcome unknown (connection closed by peer)~", client.Replies());
    }

    [Fact]
    public void Reply_ThatNobodyAskedFor_ClosesTheConnectionAndShiftsNothing()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("GET a");
        rig.Server.Last.SendText("$1~a~$1~x~");
        Assert.Equal("$1~a~", client.Replies());

        client.Ask("GET b");

        Assert.Equal(2, rig.Server.Connections.Count);
        rig.Server.Last.SendText("$1~b~");
        Assert.Equal("$1~b~", client.Replies());
    }

    [Fact]
    public void HalfClose_WithRequestsUnderWay_WaitsForTheirReplies()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();
        client.Ask("GET a", "PING");
        client.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        rig.Settle();

        rig.Server.Last.SendText("$1~a~");

        Assert.Equal("$1~a~+PONG~", client.Replies());
        Assert.True(client.IsClosed);
        Assert.Empty(rig.State.Clients);
    }
}
