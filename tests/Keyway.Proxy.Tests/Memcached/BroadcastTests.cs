using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Memcached;

public sealed class BroadcastTests
{
    [Fact]
    public void FlushAll_GoesToAllServers()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2);
        RigClient client = rig.Connect();

        client.Say("flush_all 10~");

        Assert.All(rig.Servers, static server => Assert.Equal("flush_all 10~", server.Last.ReceiveText()));
        rig.Servers[0].Last.SendText("OK~");
        Assert.Equal("", client.Replies());
        rig.Servers[1].Last.SendText("OK~");
        Assert.Equal("OK~", client.Replies());
    }

    [Fact]
    public void FlushAll_WithNoReply_IsAnsweredByNothing()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2);
        RigClient client = rig.Connect();

        client.Say("flush_all noreply~mn~");

        Assert.All(rig.Servers, static server => Assert.Equal("flush_all~", server.Last.ReceiveText()));
        Assert.Equal("MN~", client.Replies());
    }

    [Fact]
    public void FlushAll_WithNoReplyWhileAServerIsFull_Waits()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2, static config => config with { Limits = config.Limits with { ServerRequests = 2 } });
        RigClient client = rig.Connect();

        client.Say(string.Concat(Enumerable.Repeat("flush_all noreply~", 5)));

        Assert.All(rig.Servers, static server => Assert.Equal("flush_all~flush_all~", server.Last.ReceiveText()));
        rig.Servers[0].Last.SendText("OK~OK~");
        rig.Servers[1].Last.SendText("OK~OK~");
        rig.Settle();
        Assert.All(rig.Servers, static server => Assert.StartsWith("flush_all~", server.Last.ReceiveText(), StringComparison.Ordinal));
    }

    [Fact]
    public void FlushAll_Forbidden_ReachesNoServer()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2, static config => config with { FlushAll = FlushPolicy.Forbid });
        RigClient client = rig.Connect();

        client.Say("flush_all~flush_all noreply~");

        Assert.Equal("CLIENT_ERROR flush_all not allowed~", client.Replies());
        Assert.All(rig.Servers, static server => Assert.Empty(server.Connections));
    }

    [Fact]
    public void FlushAll_RefusedByOneServer_SaysSo()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2);
        RigClient client = rig.Connect();
        client.Say("flush_all~");

        rig.Servers[0].Last.SendText("OK~");
        rig.Servers[1].Last.SendText("CLIENT_ERROR flush_all not allowed~");

        Assert.Equal("CLIENT_ERROR flush_all not allowed~", client.Replies());
    }

    [Fact]
    public void FlushAll_WithAServerLost_Fails()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2);
        RigClient client = rig.Connect();
        client.Say("flush_all~");

        rig.Servers[0].Last.SendText("OK~");
        rig.Servers[1].Stop();

        Assert.StartsWith("SERVER_ERROR connection to server s1 lost", client.Replies(), StringComparison.Ordinal);
    }

    [Fact]
    public void Stats_OfTheServers_CarryTheirLabels()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2);
        RigClient client = rig.Connect();

        client.Say("stats items~");
        rig.Servers[0].Last.SendText("STAT items:1:number 5~END~");
        rig.Servers[1].Last.SendText("END~");

        Assert.Equal("STAT s0:items:1:number 5~END~", client.Replies());
    }

    [Theory]
    [InlineData("RESET~", "RESET~", "RESET~")]
    [InlineData("OK~", "OK~", "OK~")]
    [InlineData("ERROR~", "ERROR~", "ERROR~")]
    [InlineData("END~", "END~", "END~")]
    public void Stats_AnsweredInOneLine_GiveIt(string first, string second, string merged)
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2);
        RigClient client = rig.Connect();

        client.Say("stats what~");
        rig.Servers[0].Last.SendText(first);
        rig.Servers[1].Last.SendText(second);

        Assert.Equal(merged, client.Replies());
    }

    [Fact]
    public void Stats_OfOneServer_AreItsOwn()
    {
        using ProxyRig rig = MemcachedRig.Create();

        Assert.Equal("STAT a 1~END~", rig.Exchange(rig.Connect(), "stats settings~", "stats settings~", "STAT a 1~END~"));
    }

    [Fact]
    public void Stats_TooLong_AreNotKept()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2, static config => config with { Limits = config.Limits with { ClientOutput = 1024, ClientOutputHard = 4096 } });
        RigClient client = rig.Connect();
        client.Say("stats items~");
        string line = $"STAT a {new string('x', 92)}~";
        for (int i = 0; i < 100; i++)
        {
            rig.Servers[0].Last.SendText(line);
            rig.Settle();
        }

        rig.Servers[0].Last.SendText("END~");
        rig.Servers[1].Last.SendText("STAT b 1~END~");

        Assert.Equal("SERVER_ERROR the reply is larger than limits.client_output_hard~", client.Replies());
        client.Say($"get {rig.KeyOn(0)}~");
        rig.Servers[0].Last.SendText("END~");
        Assert.Equal("END~", client.Replies());
    }

    [Fact]
    public void Stats_WithoutArgument_AreKeyways()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2);
        RigClient client = rig.Connect();

        client.Say("stats~");

        string reply = client.Replies();
        Assert.Contains("~STAT curr_connections 1~", reply, StringComparison.Ordinal);
        Assert.Contains("~STAT keyway_pool cache~", reply, StringComparison.Ordinal);
        Assert.Contains("~STAT keyway_server:s1 up~", reply, StringComparison.Ordinal);
        Assert.EndsWith("~END~", reply, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_IsThatOfAServer_AskedOnce()
    {
        using ProxyRig rig = MemcachedRig.Create();
        RigClient client = rig.Connect();

        Assert.Equal("VERSION 1.6.18~", rig.Exchange(client, "version~", "version~", "VERSION 1.6.18~"));
        client.Say("version~");

        Assert.Equal("VERSION 1.6.18~", client.Replies());
        Assert.Equal("", rig.Server.Last.ReceiveText());
    }
}
