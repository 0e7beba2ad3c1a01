using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>CLIENT TRACKING with REDIRECT, in all pairs of protocols: everything that comes back is what a redis-server gives directly.</summary>
public sealed class TrackingRedirectTests(Rigs rigs) : IClassFixture<Rigs>
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(3, 3)]
    public void Redirect_ToAnotherClient_IsAsDirect(int tracker, int target)
    {
        var rig = rigs.Get(1, ProxyRig.Epoll);
        var expected = Talk(rig.Servers[0].Connect, tracker, target);
        rig.Clear();
        for (var i = 0; i < 4; i++)
        {
            // The clients are on one reactor or on two.
            Assert.Equal(expected, Talk(() => rig.Connect(), tracker, target));
        }
    }

    private static List<string> Talk(Func<RespClient> connect, int trackerVersion, int targetVersion)
    {
        List<string> said = [];
        using var tracker = Connect(connect, trackerVersion);
        using var target = Connect(connect, targetVersion);
        using var other = connect();
        other.Call("FLUSHALL");
        var id = target.Call("CLIENT", "ID").Text!;

        Say(tracker, "CLIENT", "TRACKING", "ON", "REDIRECT", "999999999");
        Say(tracker, "CLIENT", "TRACKING", "ON", "REDIRECT", "x");
        Say(tracker, "CLIENT", "TRACKING", "ON", "REDIRECT");
        Say(tracker, "CLIENT", "TRACKING", "ON", "REDIRECT", id, "REDIRECT", id);
        Say(tracker, "CLIENT", "TRACKING", "ON", "FOO", "REDIRECT", id);
        Say(target, "SUBSCRIBE", "__redis__:invalidate");
        Say(tracker, "CLIENT", "TRACKING", "ON", "REDIRECT", id);
        Say(tracker, "CLIENT", "GETREDIR");
        Say(tracker, "CLIENT", "TRACKINGINFO");
        Say(tracker, "GET", "k");
        Say(other, "SET", "k", "1");
        said.Add(target.ReadReply().ToString());
        Say(tracker, "GET", "k");
        Say(tracker, "SET", "k", "2");
        said.Add(target.ReadReply().ToString());
        Say(tracker, "GET", "k");
        Say(other, "FLUSHALL");
        said.Add(target.ReadReply().ToString());

        target.Dispose();
        Assert.True(SpinWait.SpinUntil(() => other.Call("CLIENT", "LIST", "ID", id).Text!.Length == 0, TimeSpan.FromSeconds(20)));
        Say(tracker, "GET", "k");
        Say(other, "SET", "k", "3");
        if (trackerVersion == 3)
        {
            said.Add(tracker.ReadReply().ToString());
            Say(tracker, "CLIENT", "TRACKINGINFO");
        }

        Say(tracker, "CLIENT", "GETREDIR");
        Say(tracker, "CLIENT", "TRACKING", "ON", "REDIRECT", id);
        Say(tracker, "CLIENT", "TRACKING", "OFF");
        Say(tracker, "CLIENT", "GETREDIR");
        Say(tracker, "CLIENT", "TRACKING", "ON");
        Say(tracker, "CLIENT", "GETREDIR");
        Say(tracker, "RESET");
        return [.. said.Select(text => text.Replace(":" + id, ":ID", StringComparison.Ordinal))];

        void Say(RespClient client, params string[] request) => said.Add(client.Call(request).ToString());
    }

    private static RespClient Connect(Func<RespClient> connect, int version)
    {
        var client = connect();
        client.Call("HELLO", version == 3 ? "3" : "2");
        return client;
    }
}
