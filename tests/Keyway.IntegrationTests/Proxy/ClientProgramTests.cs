namespace Keyway.IntegrationTests.Proxy;

/// <summary>Clients as they are in use: redis-cli and the Python library.</summary>
public sealed class ClientProgramTests(Rigs rigs) : IClassFixture<Rigs>
{
    public static TheoryData<int, string> Shapes => Rigs.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void RedisPy_UsedAsByApplications_Works(int servers, string poller) =>
        Assert.Equal("all right", Tool.Python("redis_py.py", rigs.Get(servers, poller).Port));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void RedisCli_InBothProtocols_Works(int servers, string poller)
    {
        var port = rigs.Get(servers, poller).Port;

        Assert.Equal("OK", Tool.RedisCli(port, "SET", "key", "value"));
        Assert.Equal("value", Tool.RedisCli(port, "GET", "key"));
        Assert.Equal("value", Tool.RedisCli(port, "-3", "GET", "key"));
        Assert.Equal("", Tool.RedisCli(port, "-n", "4", "GET", "key"));
        Assert.Equal("key", Tool.RedisCli(port, "--scan"));
        Assert.Equal("PONG", Tool.RedisCli(port, "PING"));
    }
}
