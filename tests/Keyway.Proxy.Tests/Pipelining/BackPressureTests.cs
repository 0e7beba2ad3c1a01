using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Pipelining;

/// <summary>At a limit Keyway stops reading from the side that causes it, and goes on when there is room.</summary>
public sealed class BackPressureTests
{
    private static readonly string[] Numbers = [.. Enumerable.Range(0, 10).Select(static i => $"GET {i}")];

    [Fact]
    public void ClientRequest_LargerThanTheLimit_IsRefused()
    {
        using ProxyRig rig = Create(static limits => limits with { ClientRequest = 70_000 });
        RigClient client = rig.Connect();
        client.SendText("PING~*3~$3~SET~$1~a~$90000~" + new string('v', 80_000));

        Assert.Equal("+PONG~-ERR request is larger than limits.client_request~", client.Replies());
        Assert.True(client.IsClosed);
        Assert.Empty(rig.State.Clients);
    }

    [Fact]
    public void ClientRequests_AtTheLimit_WaitUntilHalfAreAnswered()
    {
        using ProxyRig rig = Create(static limits => limits with { ClientRequests = 4 });
        RigClient client = rig.Connect();
        client.Ask(Numbers);
        RigServerConnection server = rig.Server.Last;
        Assert.Equal(Numbers[..4], server.Requests());

        server.SendText(":0~");
        Assert.Equal(":0~", client.Replies());
        Assert.Empty(server.Requests());
        server.SendText(":1~");
        Assert.Equal(":1~", client.Replies());

        Assert.Equal(Numbers[4..6], server.Requests());
        server.SendText(":2~:3~:4~:5~");
        rig.Settle();
        Assert.Equal(Numbers[6..], server.Requests());
        server.SendText(":6~:7~:8~:9~");
        Assert.Equal(":2~:3~:4~:5~:6~:7~:8~:9~", client.Replies());
    }

    [Fact]
    public void ClientOutput_AboveTheLimit_StopsReadingUntilItIsTaken()
    {
        using ProxyRig rig = Create(static limits => limits with { ClientOutput = 10_000 });
        RigClient client = rig.Connect();
        string value = new('v', 50_000);
        int asked = FillOutput(rig, client, value);

        client.Ask("GET later");
        Assert.Empty(rig.Server.Last.Requests());
        string replies = client.Replies();

        Assert.Equal(asked * (value.Length + "$50000~~".Length), replies.Length);
        Assert.Equal(["GET later"], rig.Server.Last.Requests());
    }

    [Fact]
    public void ClientOutput_OfKeywaysOwnReplies_StopsReading()
    {
        using ProxyRig rig = Create(static limits => limits with { ClientOutput = 10_000 });
        RigClient client = rig.Connect();
        byte[] request = Testing.RespClient.Encode("ECHO", new string('v', 5_000));
        int sent = 0;
        while (client.TrySend(request))
        {
            sent++;
            rig.Turn();
        }

        rig.Settle();

        ClientConnection inside = Assert.Single(rig.State.Clients);
        Assert.True(inside.IsReadPaused);
        Assert.InRange(inside.Out.Length, 10_000, 10_000 + (64 * 1024));
        Assert.True(client.Replies().Length > sent * 4_000);
    }

    [Fact]
    public void ClientOutput_AboveTheHardLimit_ClosesTheClient()
    {
        using ProxyRig rig = Create(static limits => limits with { ClientOutput = 10_000, ClientOutputHard = 200_000 });
        RigClient client = rig.Connect();
        client.Ask([.. Enumerable.Repeat("GET a", 20)]);
        string reply = "$50000~" + new string('v', 50_000) + "~";
        for (int i = 0; i < 20; i++)
        {
            rig.Server.Last.SendText(reply);
            rig.Settle();
        }

        Assert.Empty(rig.State.Clients);
        Assert.Equal(1, rig.State.Counters.ClientsTooSlow);
        Assert.Contains("bytes of replies not taken (limits.client_output_hard)", rig.Log, StringComparison.Ordinal);
        RigClient other = rig.Connect();
        other.Ask("GET b");
        rig.Server.Last.SendText("$1~b~");
        Assert.Equal("$1~b~", other.Replies());
    }

    [Fact]
    public void ClientOutput_OfRepliesThatWaitForTheirTurn_Counts()
    {
        using ProxyRig rig = Create(static limits => limits with { ClientOutput = 10_000, ClientOutputHard = 200_000 }, servers: 2);
        RigClient client = rig.Connect();
        ClientConnection inside = Assert.Single(rig.State.Clients);
        string reply = "$20000~" + new string('v', 20_000) + "~";
        client.Ask($"GET {rig.KeyOn(0)}", $"GET {rig.KeyOn(1)}");
        rig.Servers[1].Last.SendText(reply);
        Assert.Equal("", client.Replies());
        Assert.Equal(reply.Length + 2, inside.Backlog);
        Assert.True(inside.IsReadPaused);

        rig.Servers[0].Last.SendText("$1~a~");

        Assert.Equal("$1~a~" + reply, client.Replies());
        Assert.Equal(0, inside.Backlog);
        Assert.False(inside.IsReadPaused);
    }

    [Fact]
    public void ClientOutput_OfPartsThatWaitForOthers_Counts()
    {
        using ProxyRig rig = Create(static limits => limits with { ClientOutput = 10_000, ClientOutputHard = 50_000 }, servers: 2);
        RigClient client = rig.Connect();
        ClientConnection inside = Assert.Single(rig.State.Clients);
        string mget = $"MGET {rig.KeyOn(0)} {rig.KeyOn(1)}";
        string reply = "*1~$20000~" + new string('v', 20_000) + "~";
        client.Ask(mget, mget, mget, mget);
        rig.Servers[1].Last.SendText(reply);
        rig.Settle();
        Assert.Equal(20_014, inside.Backlog);
        Assert.True(inside.IsReadPaused);

        rig.Servers[0].Last.SendText("*1~$-1~");
        Assert.Equal("*2~$-1~" + reply[3..], client.Replies());
        Assert.Equal(0, inside.Backlog);
        Assert.False(inside.IsReadPaused);

        rig.Servers[1].Last.SendText(reply + reply + reply);
        rig.Settle();
        Assert.Equal(1, rig.State.Counters.ClientsTooSlow);
        Assert.Empty(rig.State.Clients);
        rig.Servers[0].Last.SendText("*1~$-1~*1~$-1~*1~$-1~");
        rig.Settle();
        Assert.Equal(0, rig.State.Reactor.Buffers.InUse);
    }

    [Fact]
    public void ClientOutput_OfRepliesThatWaitForTheirTurn_AboveTheHardLimit_ClosesTheClient()
    {
        using ProxyRig rig = Create(static limits => limits with { ClientOutput = 10_000, ClientOutputHard = 30_000 }, servers: 2);
        RigClient client = rig.Connect();
        client.Ask($"GET {rig.KeyOn(0)}", $"GET {rig.KeyOn(1)}", $"GET {rig.KeyOn(1)}");
        string reply = "$20000~" + new string('v', 20_000) + "~";
        rig.Servers[1].Last.SendText(reply + reply);
        rig.Settle();

        Assert.Empty(rig.State.Clients);
        Assert.Equal(1, rig.State.Counters.ClientsTooSlow);
        Assert.Equal("", client.Replies());
        rig.Servers[0].Last.SendText("$1~a~");
        RigClient other = rig.Connect();
        other.Ask($"GET {rig.KeyOn(0)}");
        rig.Servers[0].Last.SendText("$1~b~");
        Assert.Equal("$1~b~", other.Replies());
    }

    [Fact]
    public void ServerRequests_AtTheLimit_ClientsWaitUntilThereIsRoom()
    {
        using ProxyRig rig = Create(static limits => limits with { ServerRequests = 3 });
        RigClient one = rig.Connect();
        RigClient two = rig.Connect();
        one.Ask("GET a", "GET b", "GET c", "GET d");
        two.Ask("GET x", "GET y");
        RigServerConnection server = rig.Server.Last;
        Assert.Equal(["GET a", "GET b", "GET c", "GET x"], server.Requests());

        server.SendText("$1~a~$1~b~");
        Assert.Equal("$1~a~$1~b~", one.Replies());

        Assert.Equal(["GET d"], server.Requests().Take(1));
        server.SendText("$1~c~$1~x~$1~d~");
        Assert.Equal("$1~c~$1~d~", one.Replies());
        server.SendText("$1~y~");
        Assert.Equal("$1~x~$1~y~", two.Replies());
    }

    [Fact]
    public void ServerRequests_WhenTheConnectionIsLost_WaitingClientsGoOn()
    {
        using ProxyRig rig = Create(static limits => limits with { ServerRequests = 1 });
        RigClient client = rig.Connect();
        client.Ask("GET a", "GET b");
        Assert.Equal(["GET a"], rig.Server.Last.Requests());

        rig.Server.Last.Dispose();

        Assert.StartsWith("-ERR connection to server s0 lost", client.Replies(), StringComparison.Ordinal);
        Assert.Equal(["GET b"], rig.Server.Last.Requests());
    }

    [Fact]
    public void ServerOutput_NotTaken_ClientsWait()
    {
        using ProxyRig rig = Create(static limits => limits with { ServerOutput = 10_000 });
        RigClient client = rig.Connect();
        byte[] request = Testing.RespClient.Encode("SET", "a", new string('v', 20_000));
        int sent = 0;
        while (client.TrySend(request))
        {
            sent++;
            rig.Turn();
        }

        ClientConnection inside = Assert.Single(rig.State.Clients);
        Assert.True(inside.IsReadPaused);
        int seen = 0;
        for (int i = 0; i < 1000 && seen < sent; i++)
        {
            seen += rig.Server.Last.Requests().Count(static part => part.Length > 0 && part[0] == 'S');
            rig.Settle();
        }

        Assert.True(seen >= sent, $"{seen} of {sent}");
        Assert.False(inside.IsReadPaused);
    }

    private static ProxyRig Create(Func<LimitsConfig, LimitsConfig> change, int servers = 1) =>
        new(servers, config => config with { Limits = change(config.Limits) });

    /// <summary>Asks for values that the client does not read until Keyway holds more than it may; returns how many.</summary>
    private static int FillOutput(ProxyRig rig, RigClient client, string value)
    {
        ClientConnection inside = Assert.Single(rig.State.Clients);
        int asked = 0;
        while (!inside.IsReadPaused)
        {
            client.Ask("GET a");
            Assert.Equal(["GET a"], rig.Server.Last.Requests());
            rig.Server.Last.SendText($"${value.Length}~{value}~");
            rig.Settle();
            asked++;
        }

        return asked;
    }
}
