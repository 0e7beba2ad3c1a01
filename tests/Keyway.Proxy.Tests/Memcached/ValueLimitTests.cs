using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Memcached;

public sealed class ValueLimitTests
{
    private const int Large = 2_000_000;

    [Theory]
    [InlineData("set k 0 0 2000~", "delete k~", "SERVER_ERROR object too large for cache~")]
    [InlineData("set k 0 0 2000 noreply~", "delete k~", "")]
    [InlineData("add k 0 0 2000~", "", "SERVER_ERROR object too large for cache~")]
    [InlineData("ms key 2000 q~", "md key~", "SERVER_ERROR object too large for cache~")]
    [InlineData("ms YQ0KZmx1c2hfYWxsDQo= 2000 b q~", "md YQ0KZmx1c2hfYWxsDQo= b~", "SERVER_ERROR object too large for cache~")]
    public void Value_AboveLimit_IsSkippedAndReplacesTheItem(string line, string forwarded, string reply)
    {
        using ProxyRig rig = MemcachedRig.Create(change: WithLimit);
        RigClient client = rig.Connect();

        client.Say(line + new string('x', 1000));
        Assert.Equal("", client.Replies());
        client.Say(new string('x', 1000) + "~get a~");

        Assert.Equal(forwarded + "get a~", rig.Server.Last.ReceiveText());
        rig.Server.Last.SendText(forwarded.Length == 0 ? "END~" : forwarded.StartsWith("md", StringComparison.Ordinal) ? "NF~END~" : "NOT_FOUND~END~");
        Assert.Equal(reply + "END~", client.Replies());

        static PoolConfig WithLimit(PoolConfig config) => config with { Limits = config.Limits with { MaxBulk = 1024 } };
    }

    [Theory]
    [InlineData($"set k 0 0 2000000~", "STORED~", "STORED~")]
    [InlineData($"set k 0 0 2000000 noreply~", "STORED~", "")]
    [InlineData($"ms k 2000000 q~", "HD~", "")]
    public void Value_Large_StreamsOnAConnectionOfItsOwn(string line, string answer, string reply)
    {
        using ProxyRig rig = MemcachedRig.Create();
        RigClient client = rig.Connect();
        client.Say("set before 0 0 1 noreply~x~" + line + "vvvv");

        // Nothing of the value leaves before what has no place in the order is known to be done.
        Assert.Equal("set before 0 0 1~x~version~", rig.Server.Last.ReceiveText());
        rig.Server.Connections[0].SendText("STORED~VERSION 1.6.18~");
        rig.Settle();
        Assert.Equal(2, rig.Server.Connections.Count);
        Assert.EndsWith("~vvvv", rig.Server.Last.ReceiveText(), StringComparison.Ordinal);

        int left = Large - 4;
        while (left > 0)
        {
            int count = Math.Min(left, 50_000);
            client.Say(new string('v', count));
            left -= count;
            Assert.Equal(count, rig.Server.Last.ReceiveText().Length);
        }

        client.Say("~get a~");
        Assert.Equal("~", rig.Server.Last.ReceiveText());
        Assert.Equal("", rig.Server.Connections[0].ReceiveText());
        rig.Server.Last.SendText(answer);
        rig.Settle();
        Assert.Equal("get a~", rig.Server.Connections[0].ReceiveText());
        rig.Server.Connections[0].SendText("END~");
        Assert.Equal(reply + "END~", client.Replies());
    }

    [Fact]
    public void Value_LargeWithOneRequestAServer_IsTakenWhole()
    {
        using ProxyRig rig = MemcachedRig.Create(change: static config => config with { Limits = config.Limits with { ServerRequests = 1 } });
        RigClient client = rig.Connect();
        client.Say("set k 0 0 2000000~");
        _ = rig.Server.Last.ReceiveText();

        for (int sent = 0; sent < Large; sent += 50_000)
        {
            client.Say(new string('v', 50_000));
            Assert.Equal(50_000, rig.Server.Last.ReceiveText().Length);
        }

        client.Say("~");
        _ = rig.Server.Last.ReceiveText();
        rig.Server.Last.SendText("STORED~");
        Assert.Equal("STORED~", client.Replies());
    }

    [Fact]
    public void Value_LargeWithoutReplyAndServerLost_IsAnsweredByNothing()
    {
        using ProxyRig rig = MemcachedRig.Create(change: static config => config with { ServerFailureLimit = 1 });
        RigClient client = rig.Connect();
        client.Say("set k 0 0 2000000 noreply~vvvv");

        rig.Server.Last.Dispose();
        rig.Settle();

        Assert.Equal("", client.Replies());
        Assert.Equal(1, rig.State.Counters.FailuresOf(FailureKind.ConnectionLost));
    }
}
