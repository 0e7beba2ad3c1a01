using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Memcached;

public sealed class ForwardingTests
{
    [Theory]
    [InlineData("get k~", "VALUE k 0 1~x~END~")]
    [InlineData("gets a b~", "VALUE b 0 0 17~~END~")]
    [InlineData("gat 10 k~", "END~")]
    [InlineData("set k 0 0 2~~~", "STORED~")]
    [InlineData("cas k 1 2 1 99~x~", "EXISTS~")]
    [InlineData("incr k 1~", "CLIENT_ERROR cannot increment or decrement non-numeric value~")]
    [InlineData("decr k 1~", "7 ~")]
    [InlineData("delete k~", "DELETED~")]
    [InlineData("touch k 5~", "TOUCHED~")]
    [InlineData("mg k v k Oxyz~", "VA 1 kk Oxyz~x~")]
    [InlineData("mg k zz~", "CLIENT_ERROR invalid flag~")]
    [InlineData("ms k 1 Pany Lpool~x~", "HD~")]
    [InlineData("md k~", "NF~")]
    [InlineData("ma k N0 J5 v~", "VA 1~5~")]
    [InlineData("me k~", "ME k exp=-1~")]
    public void Request_Plain_PassesBothWaysAsItIs(string request, string reply)
    {
        using ProxyRig rig = MemcachedRig.Create();

        Assert.Equal(reply, rig.Exchange(rig.Connect(), request, request, reply));
    }

    [Theory]
    [InlineData("get a\n", "get a~")]
    [InlineData("  get   a\0b~", "get a~")]
    [InlineData("gat 4294967297 a~", "gat 1 a~")]
    [InlineData("set  k +1  -1 1 what~x~", "set k 1 -1 1~x~", "STORED~")]
    [InlineData("cas k 1 2 1  99 ?~x~", "cas k 1 2 1 99~x~", "STORED~")]
    [InlineData("delete k 0~", "delete k~", "DELETED~")]
    [InlineData("incr k 5 x~", "incr k 5~", "5~")]
    [InlineData("touch k 2147483648~", "touch k -2147483648~", "TOUCHED~")]
    [InlineData("ms k +1  T5~x~", "ms k 1 T5~x~", "HD~")]
    public void Request_Odd_IsForwardedInTheUsualForm(string request, string forwarded, string reply = "END~")
    {
        using ProxyRig rig = MemcachedRig.Create();

        Assert.Equal(reply, rig.Exchange(rig.Connect(), request, forwarded, reply));
    }

    [Theory]
    [InlineData("set k 0 0 1 noreply~x~", "set k 0 0 1~x~", "STORED~")]
    [InlineData("cas k 0 0 1 5 noreply~x~", "cas k 0 0 1 5~x~", "SERVER_ERROR out of memory storing object~")]
    [InlineData("delete k 0 noreply~", "delete k~", "NOT_FOUND~")]
    [InlineData("incr k 1 noreply~", "incr k 1~", "CLIENT_ERROR cannot increment or decrement non-numeric value~")]
    [InlineData("touch k 1 noreply~", "touch k 1~", "TOUCHED~")]
    public void Request_WithNoReply_IsAnsweredByNothing(string request, string forwarded, string reply)
    {
        using ProxyRig rig = MemcachedRig.Create();
        RigClient client = rig.Connect();

        Assert.Equal("", rig.Exchange(client, request, forwarded, reply));
        Assert.Equal("END~", rig.Exchange(client, "get a~", "get a~", "END~"));
    }

    [Fact]
    public void Request_WithNoReply_HoldsUpNoAnswer()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2);
        RigClient client = rig.Connect();

        client.Say($"set {rig.KeyOn(0)} 0 0 1 noreply~x~get {rig.KeyOn(1)}~");
        rig.Servers[1].Last.SendText("END~");

        Assert.Equal("END~", client.Replies());
    }

    [Theory]
    [InlineData("set k 0 x 1 noreply~", "")]
    [InlineData("delete k 1 noreply~", "")]
    [InlineData("flush_all x noreply~", "")]
    [InlineData("verbosity noreply~", "")]
    [InlineData("set k 0 0 1 noreply~xyz", "")]
    [InlineData("set k 0 0 1~xyz", "CLIENT_ERROR bad data chunk~")]
    [InlineData("ms k 1 q~xyz", "CLIENT_ERROR bad data chunk~")]
    [InlineData("bogus~", "ERROR~")]
    [InlineData("mn~", "MN~")]
    [InlineData("verbosity 1~", "OK~")]
    [InlineData("gat 1~", "END~")]
    [InlineData("shutdown~", "ERROR: shutdown not enabled~")]
    [InlineData("cache_memlimit 100 noreply~", "")]
    [InlineData("lru mode flat noreply~", "")]
    [InlineData("watch fetchers~", "CLIENT_ERROR watch is for a single memcached, not for a pool~")]
    public void Request_ThatNoServerNeeds_ReachesNone(string request, string reply)
    {
        using ProxyRig rig = MemcachedRig.Create();
        RigClient client = rig.Connect();

        client.Say(request);

        Assert.Equal(reply, client.Replies());
        Assert.Empty(rig.Server.Connections);
        Assert.False(client.IsClosed);
    }

    [Theory]
    [InlineData("mg k q~", "mg k~", "EN~", "")]
    [InlineData("mg k v q k~", "mg k v k~", "VA 1 kk~x~", "VA 1 kk~x~")]
    [InlineData("mg k q~", "mg k~", "HD~", "HD~")]
    [InlineData("ms k 1 q O1~x~", "ms k 1 O1~x~", "HD O1~", "")]
    [InlineData("ms k 1 q~x~", "ms k 1~x~", "NS~", "NS~")]
    [InlineData("md k q~", "md k~", "HD~", "")]
    [InlineData("md k q~", "md k~", "NF~", "NF~")]
    [InlineData("ma k q v~", "ma k v~", "VA 2~10~", "")]
    [InlineData("ma k q~", "ma k~", "NF~", "NF~")]
    [InlineData("ma k q N0~", "ma k q N0~mn~", "MN~", "")]
    [InlineData("ma k q N0 v~", "ma k q N0 v~mn~", "VA 1~0~MN~", "VA 1~0~")]
    [InlineData("mg k q T~", "mg k T~", "CLIENT_ERROR bad token in command line format~", "CLIENT_ERROR bad token in command line format~")]
    public void Meta_Quiet_HidesWhatMemcachedHides(string request, string forwarded, string reply, string seen)
    {
        using ProxyRig rig = MemcachedRig.Create();
        RigClient client = rig.Connect();

        Assert.Equal(seen, rig.Exchange(client, request, forwarded, reply));
        Assert.Equal("MN~", Local(client, "mn~"));
    }

    [Fact]
    public void NoOp_BehindQuietRequestsToSeveralServers_ComesLast()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2);
        RigClient client = rig.Connect();
        client.Say($"mg {rig.KeyOn(0)} q v O1~mg {rig.KeyOn(1)} q v O2~mn~");

        rig.Servers[1].Last.SendText("VA 1 O2~b~");
        Assert.Equal("", client.Replies());
        rig.Servers[0].Last.SendText("VA 1 O1~a~");

        Assert.Equal("VA 1 O1~a~VA 1 O2~b~MN~", client.Replies());
    }

    [Fact]
    public void Key_InBase64_GoesWhereTheKeyItselfGoes()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 4);
        RigClient client = rig.Connect();
        for (int server = 0; server < 4; server++)
        {
            string key = rig.KeyOn(server);
            string written = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(key));
            client.Say($"get {key}~mg {written} b v~");

            Assert.Equal($"get {key}~mg {written} b v~", rig.Servers[server].Last.ReceiveText());
        }
    }

    [Fact]
    public void Reply_OfAnotherKind_ClosesTheConnectionAndNothingElse()
    {
        using ProxyRig rig = MemcachedRig.Create();
        RigClient client = rig.Connect();
        client.Say("get a~set b 0 0 1~x~");

        rig.Server.Last.SendText("STORED~STORED~");

        Assert.Equal(2, client.Replies().Split("SERVER_ERROR connection to server s0 lost").Length - 1);
        Assert.False(client.IsClosed);
    }

    [Fact]
    public void ErrorOfAServer_FailsItsRequestOnly()
    {
        using ProxyRig rig = MemcachedRig.Create();
        RigClient client = rig.Connect();
        client.Say("incr t 1~get a~");

        rig.Server.Last.SendText("CLIENT_ERROR cannot increment or decrement non-numeric value~~END~");

        Assert.Equal("CLIENT_ERROR cannot increment or decrement non-numeric value~END~", client.Replies());
        Assert.Equal(0, rig.State.Counters.ServerFailures);
    }

    [Theory]
    [InlineData("quit~get a~")]
    [InlineData("GET / HTTP/1.1~Host: x~")]
    public void Connection_IsClosedWhereMemcachedClosesIt(string request)
    {
        using ProxyRig rig = MemcachedRig.Create();
        RigClient client = rig.Connect();

        client.Say(request);

        Assert.Equal("", client.Replies());
        Assert.True(client.IsClosed);
    }

    private static string Local(RigClient client, string request)
    {
        client.Say(request);
        return client.Replies();
    }
}
