using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis;

/// <summary>One command over several servers.</summary>
public sealed class SplittingTests
{
    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 2, 0)]
    public void Mget_PartsInAnyOrder_ValuesInKeyOrder(params int[] order)
    {
        using ProxyRig rig = new(servers: 3);
        RigClient client = rig.Connect();
        string[] keys = [rig.KeyOn(2), rig.KeyOn(0), rig.KeyOn(1), rig.KeyOn(0, 1), rig.KeyOn(2)];
        client.Ask("MGET " + string.Join(' ', keys));
        Assert.Equal([$"MGET {keys[1]} {keys[3]}"], rig.Servers[0].Last.Requests());
        Assert.Equal([$"MGET {keys[2]}"], rig.Servers[1].Last.Requests());
        Assert.Equal([$"MGET {keys[0]} {keys[4]}"], rig.Servers[2].Last.Requests());

        string[] replies = ["*2~$2~01~$2~03~", "*1~$-1~", "*2~$2~20~$2~24~"];
        foreach (int server in order)
        {
            Assert.Equal("", client.Replies());
            rig.Servers[server].Last.SendText(replies[server]);
        }

        Assert.Equal("*5~$2~20~$2~01~$-1~$2~03~$2~24~", client.Replies());
    }

    [Fact]
    public void Mset_Split_KeepsValuesWithTheirKeys()
    {
        using ProxyRig rig = new(servers: 2);
        RigClient client = rig.Connect();
        client.Ask($"MSET {rig.KeyOn(1)} v1 {rig.KeyOn(0)} v0 {rig.KeyOn(1, 1)} w1");

        Assert.Equal([$"MSET {rig.KeyOn(0)} v0"], rig.Servers[0].Last.Requests());
        Assert.Equal([$"MSET {rig.KeyOn(1)} v1 {rig.KeyOn(1, 1)} w1"], rig.Servers[1].Last.Requests());
        rig.Servers[0].Last.SendText("+OK~");
        rig.Servers[1].Last.SendText("+OK~");
        Assert.Equal("+OK~", client.Replies());
    }

    [Fact]
    public void AllKeysOnOneServer_GoesAsItCame()
    {
        using ProxyRig rig = new(servers: 2);
        RigClient client = rig.Connect();
        string request = $"DEL {rig.KeyOn(1)} {rig.KeyOn(1, 1)}";
        client.Ask(request);

        Assert.Equal([request], rig.Servers[1].Last.Requests());
        rig.Servers[1].Last.SendText(":2~");
        Assert.Equal(":2~", client.Replies());
    }

    [Fact]
    public void OnePartFails_TheCommandFails_AfterAllParts()
    {
        using ProxyRig rig = new(servers: 2);
        RigClient client = rig.Connect();
        client.Ask($"DEL {rig.KeyOn(0)} {rig.KeyOn(1)}", "PING");
        rig.Servers[0].Last.Dispose();
        Assert.Equal("", client.Replies());

        rig.Servers[1].Last.SendText(":1~");

        string replies = client.Replies();
        Assert.StartsWith("-ERR connection to server s0 lost before the reply, outcome unknown", replies, StringComparison.Ordinal);
        Assert.EndsWith("~+PONG~", replies, StringComparison.Ordinal);
    }

    [Fact]
    public void ServersError_IsTheReply()
    {
        using ProxyRig rig = new(servers: 2);
        RigClient client = rig.Connect();
        client.Ask($"DEL {rig.KeyOn(0)} {rig.KeyOn(1)}");
        rig.Servers[0].Last.SendText(":1~");
        rig.Servers[1].Last.SendText("-OOM no room~");

        Assert.Equal("-OOM no room~", client.Replies());
    }

    [Theory]
    [InlineData("+WHAT~", 1)]
    [InlineData("*1~$1~x~", 100)]
    [InlineData("*1~$1~x~", 1)]
    public void ReplyThatDoesNotFit_ClosesItsConnections_AndFailsTheCommand(string reply, int pieceLength)
    {
        using ProxyRig rig = new(servers: 2);
        RigClient client = rig.Connect();
        client.Ask($"DEL {rig.KeyOn(0)} {rig.KeyOn(1)}", "PING");
        rig.Servers[0].Last.SendText(":1~");
        foreach (char[] piece in reply.Replace("~", "\r\n", StringComparison.Ordinal).Chunk(pieceLength))
        {
            rig.Servers[1].Last.SendText(new string(piece));
            rig.Settle();
        }

        Assert.Equal("-ERR unexpected reply of server s1 to DEL~+PONG~", client.Replies());
        Assert.Equal(1, rig.State.Counters.FailuresOf(FailureKind.UnexpectedReply));
        Assert.All(rig.Servers, static server =>
        {
            _ = server.Last.Requests();
            Assert.True(server.Last.IsClosed);
        });
    }

    [Fact]
    public void LatePart_FailsTheCommand_AndItsReplyIsSwallowed()
    {
        using ProxyRig rig = new(servers: 2, static config => config with { Timeout = TimeSpan.FromMilliseconds(100) });
        RigClient client = rig.Connect();
        client.Ask($"DEL {rig.KeyOn(0)} {rig.KeyOn(1)}");
        rig.Servers[0].Last.SendText(":1~");
        rig.Advance(110);
        Assert.StartsWith("-ERR timeout: no reply from server s1", client.Replies(), StringComparison.Ordinal);
        client.Ask($"DEL {rig.KeyOn(0)} {rig.KeyOn(1)}");

        rig.Servers[1].Last.SendText(":7~:1~");
        rig.Servers[0].Last.SendText(":1~");

        Assert.Equal(":2~", client.Replies());
    }

    [Fact]
    public void KeysOnDifferentServers_OfACommandThatNeedsThemTogether_AreRefused()
    {
        using ProxyRig rig = new(servers: 2);
        RigClient client = rig.Connect();
        client.Ask($"RENAME {rig.KeyOn(0)} {rig.KeyOn(1)}", "PING");

        Assert.Equal(
            "-CROSSSLOT Keys in request don't hash to the same server: RENAME needs its keys together, but they are on s0 and s1 (a hash tag keeps keys together)~+PONG~",
            client.Replies());
    }

    [Fact]
    public void Scan_GoesThroughTheServers()
    {
        using ProxyRig rig = new(servers: 2);
        RigClient client = rig.Connect();
        List<string> found = [];
        string cursor = "0";
        for (int server = 0; server < 2; server++)
        {
            client.Ask($"SCAN {cursor} COUNT 5");
            Assert.Equal(["SCAN 0 COUNT 5"], rig.Servers[server].Last.Requests());
            rig.Servers[server].Last.SendText($"*2~$1~0~*1~$2~k{server}~");
            string[] lines = client.Replies().Split('~');
            cursor = lines[2];
            found.Add(lines[^2]);
        }

        Assert.Equal("0", cursor);
        Assert.Equal(["k0", "k1"], found);
    }

    [Fact]
    public void Scan_WithEjectedServers_GoesThroughTheOthers()
    {
        using ProxyRig rig = new(servers: 4, change: static config => config with { AutoEjectHosts = true });
        RigClient client = rig.Connect();
        rig.Servers[0].Stop();
        rig.Servers[3].Stop();
        client.Ask($"MGET {rig.KeyOn(0)} {rig.KeyOn(3)}");
        client.Ask($"MGET {rig.KeyOn(0)} {rig.KeyOn(3)}");
        _ = client.Replies();
        Assert.Equal([true, false, false, true], rig.State.Servers.Select(static server => server.Health.IsDown));

        client.Ask("SCAN 0");
        Assert.Equal(["SCAN 0"], rig.Servers[1].Last.Requests());
        rig.Servers[1].Last.SendText("*2~$1~7~*1~$1~a~");
        Assert.Equal("*2~$2~29~*1~$1~a~", client.Replies());
        client.Ask("SCAN 29");
        rig.Servers[1].Last.SendText("*2~$1~0~*0~");
        Assert.Equal("*2~$1~2~*0~", client.Replies());
        client.Ask("SCAN 2");
        rig.Servers[2].Last.SendText("*2~$1~0~*0~");
        Assert.Equal("*2~$1~3~*0~", client.Replies());
        client.Ask("SCAN 3");

        Assert.Equal("*2~$1~0~*0~", client.Replies());
    }
}
