using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis;

/// <summary><c>answer_when_down</c>: what needs no server while there is none.</summary>
public sealed class AllDownTests
{
    [Theory]
    [InlineData("PING", "+PONG~")]
    [InlineData("PING x", "$1~x~")]
    [InlineData("INFO", "# Keyway~keyway_version:")]
    [InlineData("INFO keyway", "# Keyway~keyway_version:")]
    [InlineData("INFO server", "-ERR all servers of pool cache are down~")]
    [InlineData("GET a", "-ERR server s0 is down (")]
    [InlineData("QUIT", "+OK~")]
    public void Request_PoolAnswersWhenDown_GetsWhatNeedsNoServer(string request, string reply) => Assert.Contains(reply, Reply(request, answerWhenDown: true), StringComparison.Ordinal);

    [Theory]
    [InlineData("PING", "-ERR all servers of pool cache are down: s0 (")]
    [InlineData("INFO", "-ERR all servers of pool cache are down: s0 (")]
    [InlineData("INFO keyway", "# Keyway~keyway_version:")]
    [InlineData("QUIT", "+OK~")]
    public void Request_PoolSaysSoWhenDown_GetsAnErrorThatNamesTheServers(string request, string reply) => Assert.Contains(reply, Reply(request, answerWhenDown: false), StringComparison.Ordinal);

    [Fact]
    public void Ping_ServerIsUp_IsAnswered()
    {
        using ProxyRig rig = new(change: static config => config with { AnswerWhenDown = false });
        RigClient client = rig.Connect();
        client.Ask("PING");
        Assert.Equal("+PONG~", client.Replies());
    }

    private static string Reply(string request, bool answerWhenDown)
    {
        using ProxyRig rig = new(change: config => config with { AnswerWhenDown = answerWhenDown, ServerFailureLimit = 1 });
        RigClient client = rig.Connect();
        rig.Server.Stop();
        client.Ask("GET a");
        Assert.StartsWith("-ERR server s0 is down (", client.Replies(), StringComparison.Ordinal);
        Assert.True(rig.State.Servers[0].Health.IsDown);
        client.Ask(request);
        return client.Replies();
    }
}
