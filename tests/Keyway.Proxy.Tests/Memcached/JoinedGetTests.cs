using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Memcached;

/// <summary>Gets that a client pipelines reach each server as one, and each has its own reply.</summary>
public sealed class JoinedGetTests
{
    private const string Gets = "get a~get b~get c~get a~get d~";
    private const string Joined = "get a b c a d~";

    [Theory]
    [InlineData("VALUE a 0 1~x~VALUE c 1 2~zz~VALUE a 0 1~x~END~", "VALUE a 0 1~x~END~END~VALUE c 1 2~zz~END~VALUE a 0 1~x~END~END~")]
    [InlineData("END~", "END~END~END~END~END~")]
    [InlineData("VALUE d 7 6~END~y~END~", "END~END~END~END~VALUE d 7 6~END~y~END~")]
    [InlineData("VALUE a 0 0~~VALUE b 0 1~y~VALUE c 0 1~z~VALUE a 0 0~~VALUE d 0 1~w~END~", "VALUE a 0 0~~END~VALUE b 0 1~y~END~VALUE c 0 1~z~END~VALUE a 0 0~~END~VALUE d 0 1~w~END~")]
    [InlineData("VALUE a 0 1~x~SERVER_ERROR out of memory writing get response~", "VALUE a 0 1~x~END~SERVER_ERROR out of memory writing get response~SERVER_ERROR out of memory writing get response~SERVER_ERROR out of memory writing get response~SERVER_ERROR out of memory writing get response~")]
    public void PipelinedGets_OfOneServer_AreAnsweredEach(string answer, string replies)
    {
        byte[] bytes = RigSocket.Bytes(answer);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            using ProxyRig rig = MemcachedRig.Create();
            RigClient client = rig.Connect();
            client.Say(Gets + "mn~");
            Assert.Equal(Joined, rig.Server.Last.ReceiveText());

            Assert.True(rig.Server.Last.TrySend(bytes.AsSpan(0, cut)));
            rig.Settle();
            Assert.True(rig.Server.Last.TrySend(bytes.AsSpan(cut)));

            Assert.Equal(replies + "MN~", client.Replies());
        }
    }

    [Fact]
    public void PipelinedGets_OverTwoServers_AreAnsweredInOrder()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2);
        RigClient client = rig.Connect();
        (string a, string b, string c) = (rig.KeyOn(0), rig.KeyOn(1), rig.KeyOn(0, 1));
        client.Say($"get {a}~get {b}~get {c}~");
        Assert.Equal($"get {a} {c}~", rig.Servers[0].Last.ReceiveText());
        Assert.Equal($"get {b}~", rig.Servers[1].Last.ReceiveText());

        rig.Servers[0].Last.SendText($"VALUE {c} 0 1~z~END~");
        Assert.Equal("END~", client.Replies());
        rig.Servers[1].Last.SendText($"VALUE {b} 0 1~y~END~");

        Assert.Equal($"VALUE {b} 0 1~y~END~VALUE {c} 0 1~z~END~", client.Replies());
    }

    [Fact]
    public void PipelinedGets_WhoseServerIsLost_FailEachOfThoseLeft()
    {
        using ProxyRig rig = MemcachedRig.Create();
        RigClient client = rig.Connect();
        client.Say(Gets);
        rig.Server.Last.SendText("VALUE a 0 1~x~VALUE b 0 1~y~VALUE c 0 9~z");
        rig.Settle();
        rig.Server.Stop();

        string replies = client.Replies();

        Assert.StartsWith("VALUE a 0 1~x~END~VALUE b 0 1~y~END~SERVER_ERROR connection to server s0 lost", replies, StringComparison.Ordinal);
        Assert.Equal(3, replies.Split("SERVER_ERROR").Length - 1);
        Assert.False(client.IsClosed);
    }

    [Theory]
    [InlineData("get b~", "VALUE a 0 1~x~END~", false)]
    [InlineData("gets b~", "VALUE bb 0 1 7~x~END~", false)]
    [InlineData("gat 0 bb~", "VALUE b 0 1~x~END~", false)]
    [InlineData("get b~", "VALUE b 0 1~x~END~", true)]
    [InlineData("gets b~", "VALUE b 0 1 7~x~END~", true)]
    [InlineData("gat 0 b~", "VALUE b 0 13~VALUE a 0 1~~END~", true)]
    [InlineData("get b~", "END~", true)]
    [InlineData("get b~", "SERVER_ERROR out of memory writing get response~", true)]
    public void LoneGet_TakesTheValueOfItsKeyOnly(string get, string answer, bool isTaken)
    {
        byte[] bytes = RigSocket.Bytes(answer);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            using ProxyRig rig = MemcachedRig.Create();
            RigClient client = rig.Connect();
            client.Say("get first~");
            client.Say(get);
            rig.Server.Last.SendText("END~");
            Assert.Equal("END~", client.Replies());

            rig.Server.Last.TrySend(bytes.AsSpan(0, cut));
            rig.Settle();
            rig.Server.Last.TrySend(bytes.AsSpan(cut)); // to nobody, where the first half was wrong

            string replies = client.Replies();
            Assert.Equal(isTaken ? answer : "", replies.StartsWith("SERVER_ERROR connection to server s0 lost", StringComparison.Ordinal) ? "" : replies);
            Assert.Equal(!isTaken, replies.Contains("nobody asked for", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Value_OfAnotherKey_ClosesTheConnection()
    {
        using ProxyRig rig = MemcachedRig.Create();
        RigClient client = rig.Connect();
        client.Say("get a~get b~");

        rig.Server.Last.SendText("VALUE x 0 1~x~END~");

        string replies = client.Replies();
        Assert.DoesNotContain("VALUE", replies, StringComparison.Ordinal);
        _ = rig.Server.Connections[0].ReceiveText();
        Assert.True(rig.Server.Connections[0].IsClosed);
    }

    [Fact]
    public void Gets_BetweenOtherRequests_KeepTheirPlaces()
    {
        using ProxyRig rig = MemcachedRig.Create();
        RigClient client = rig.Connect();
        client.Say("set a 0 0 1~x~get a~get b~set b 0 0 1~y~get b~");
        Assert.Equal("set a 0 0 1~x~get a b~set b 0 0 1~y~get b~", rig.Server.Last.ReceiveText());

        rig.Server.Last.SendText("STORED~VALUE a 0 1~x~END~STORED~VALUE b 0 1~y~END~");

        Assert.Equal("STORED~VALUE a 0 1~x~END~END~STORED~VALUE b 0 1~y~END~", client.Replies());
    }
}
