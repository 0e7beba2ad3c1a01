using System.Globalization;
using Keyway.Proxy.Tests.Redis.Subscriptions;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis;

/// <summary>CLIENT TRACKING whose invalidations go to another client.</summary>
public sealed class TrackingRedirectTests
{
    private const string Invalidation = ">2~$10~invalidate~*1~$1~k~";

    [Fact]
    public void Invalidation_OfTheFurtherConnection_GoesToTheTarget()
    {
        using ProxyRig rig = new();
        (RigClient target, _) = Feed.Subscribe(rig, "a");
        long number = rig.State.Clients.Single().Number;
        RigClient tracker = rig.Connect();

        (RigServerConnection own, RigServerConnection further) = Redirect(rig, tracker, number);
        further.SendText(Invalidation);

        Assert.Equal("*3~$7~message~$20~__redis__:invalidate~*1~$1~k~", target.Replies());
        tracker.Ask("CLIENT GETREDIR");
        Assert.Equal(["CLIENT GETREDIR"], own.Requests());
        own.SendText(":77~");
        Assert.Equal($":{number}~", tracker.Replies());
        further.SendText(">2~$10~invalidate~$-1~");
        Assert.Equal("*3~$7~message~$20~__redis__:invalidate~$-1~", target.Replies());
        Assert.Equal("", tracker.Replies());
    }

    [Theory]
    [InlineData("_~")]
    [InlineData("$-1~")]
    public void InvalidationOfEverything_IsInTheTargetsWords(string nothing)
    {
        using ProxyRig rig = new();
        (RigClient target, _) = Feed.Subscribe(rig, "a");
        long number = rig.State.Clients.Single().Number;
        (_, RigServerConnection further) = Redirect(rig, rig.Connect(), number);

        further.SendText(">2~$10~invalidate~" + nothing);

        Assert.Equal("*3~$7~message~$20~__redis__:invalidate~$-1~", target.Replies());
    }

    [Fact]
    public void Tracker_InResp3_GetsItsConnectionsHandshakeDone()
    {
        using ProxyRig rig = new();
        _ = rig.Connect();
        RigClient tracker = rig.Connect();
        tracker.Ask("HELLO 3");
        rig.Server.Last.SendText("$22~redis_version:7.0.15~~");
        Assert.NotEqual("", tracker.Replies());
        tracker.Ask(string.Create(CultureInfo.InvariantCulture, $"CLIENT TRACKING ON REDIRECT {rig.State.Clients.First().Number}"));
        (RigServerConnection own, RigServerConnection further) = (rig.Server.Connections[^2], rig.Server.Connections[^1]);
        Assert.Equal(["HELLO 3"], own.Requests());

        own.SendText("%0~");
        rig.Settle();
        further.SendText("%0~");
        rig.Settle();
        further.SendText(":77~");
        rig.Settle();

        Assert.Equal(["CLIENT TRACKING ON REDIRECT 77"], own.Requests());
        own.SendText("+OK~");
        Assert.Equal("+OK~", tracker.Replies());
    }

    [Fact]
    public void Invalidation_ForAResp2ClientWithoutSubscription_IsDropped()
    {
        using ProxyRig rig = new();
        RigClient target = rig.Connect();
        (_, RigServerConnection further) = Redirect(rig, rig.Connect(), rig.State.Clients.First().Number);

        further.SendText(Invalidation);

        Assert.Equal("", target.Replies());
    }

    [Fact]
    public void Target_Gone_IsToldByTrackingInfo()
    {
        using ProxyRig rig = new();
        RigClient target = rig.Connect();
        long number = rig.State.Clients.Single().Number;
        RigClient tracker = rig.Connect();
        (RigServerConnection own, RigServerConnection further) = Redirect(rig, tracker, number);
        target.Dispose();
        rig.Settle();
        further.SendText(Invalidation);
        rig.Settle();

        tracker.Ask("CLIENT TRACKINGINFO");
        own.SendText("*6~$5~flags~*2~$2~on~$6~noloop~$8~redirect~:77~$8~prefixes~*0~");

        Assert.Equal(
            $"*6~$5~flags~*3~$2~on~$6~noloop~$15~broken_redirect~$8~redirect~:{number.ToString(CultureInfo.InvariantCulture)}~$8~prefixes~*0~",
            tracker.Replies());
    }

    [Fact]
    public void Target_ThatIsNobody_IsTheServersError()
    {
        using ProxyRig rig = new();
        RigClient tracker = rig.Connect();
        tracker.Ask("CLIENT TRACKING ON REDIRECT 123456789");

        Assert.Equal(["CLIENT TRACKING ON REDIRECT 9223372036854775807"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("-ERR The client ID you want redirect to does not exist~");

        Assert.Equal("-ERR The client ID you want redirect to does not exist~", tracker.Replies());
        Assert.Single(rig.Server.Connections);
    }

    [Fact]
    public void FurtherConnection_ThatCannotBeHad_IsClosed_AndItsClientServedOn()
    {
        using ProxyRig rig = new();
        _ = rig.Connect();
        RigClient tracker = rig.Connect();
        tracker.Ask(string.Create(CultureInfo.InvariantCulture, $"CLIENT TRACKING ON REDIRECT {rig.State.Clients.First().Number}"));
        (RigServerConnection own, RigServerConnection further) = (rig.Server.Connections[^2], rig.Server.Connections[^1]);
        Assert.Equal(["HELLO 3"], further.Requests());
        further.SendText("%0~");
        rig.Settle();
        Assert.Equal(["CLIENT ID"], further.Requests());

        further.SendText("-NOPERM this user has no permissions to run the 'client|id' command~");

        Assert.StartsWith("-ERR unexpected reply of server s0 to CLIENT ID", tracker.Replies(), StringComparison.Ordinal);
        Assert.Empty(further.Requests());
        Assert.True(further.IsClosed);
        tracker.Ask("GET a");
        Assert.Equal(["GET a"], own.Requests());
        own.SendText("$-1~");
        Assert.Equal("$-1~", tracker.Replies());
    }

    [Fact]
    public void FurtherConnection_Lost_EndsTheTracker()
    {
        using ProxyRig rig = new();
        _ = rig.Connect();
        RigClient tracker = rig.Connect();
        (_, RigServerConnection further) = Redirect(rig, tracker, rig.State.Clients.First().Number);

        further.Dispose();

        Assert.Equal("", tracker.Replies());
        Assert.True(tracker.IsClosed);
    }

    [Fact]
    public void Tracker_Gone_ClosesBothConnections()
    {
        using ProxyRig rig = new();
        _ = rig.Connect();
        RigClient tracker = rig.Connect();
        (RigServerConnection own, RigServerConnection further) = Redirect(rig, tracker, rig.State.Clients.First().Number);

        tracker.Dispose();
        rig.Settle();

        Assert.Empty(own.Requests());
        Assert.Empty(further.Requests());
        Assert.True(own.IsClosed && further.IsClosed);
        Assert.Equal(0, rig.State.Servers[0].Pinned.InUse);
    }

    private static (RigServerConnection Own, RigServerConnection Further) Redirect(ProxyRig rig, RigClient tracker, long target)
    {
        tracker.Ask(string.Create(CultureInfo.InvariantCulture, $"CLIENT TRACKING ON REDIRECT {target}"));
        (RigServerConnection own, RigServerConnection further) = (rig.Server.Connections[^2], rig.Server.Connections[^1]);
        Assert.Equal(["HELLO 3"], further.Requests());
        further.SendText("%0~");
        rig.Settle();
        Assert.Equal(["CLIENT ID"], further.Requests());
        further.SendText(":77~");
        rig.Settle();
        Assert.Equal(["CLIENT TRACKING ON REDIRECT 77"], own.Requests());
        own.SendText("+OK~");
        Assert.Equal("+OK~", tracker.Replies());
        return (own, further);
    }
}
