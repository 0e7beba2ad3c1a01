using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Memcached;

/// <summary>Passwords in text, as with memcached -Y: of the servers and of the pool, which need not be the same.</summary>
public sealed class AuthenticationTests
{
    private const string ServerPassword = "behind-s3cret";
    private const string PoolPassword = "in-front-s3cret";

    private const string Both = $"password: {PoolPassword}\nserver_user: keyway\nserver_password: {ServerPassword}\n";

    public static TheoryData<string> Pollers => [ProxyRig.Epoll, ProxyRig.Managed];

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Password_OnBothSides_LetsInWhoHasIt(string poller)
    {
        using var server = MemcachedProcess.StartWithPassword("keyway", ServerPassword);
        var port = FreePorts.Next();
        using var keyway = MemcachedRig.StartKeyway(port, [server.Address], Both, poller);
        using var client = MemcachedClient.Connect(port);
        using var stranger = MemcachedClient.Connect(port);

        Assert.Equal("STORED", client.Set("auth", $"anybody {PoolPassword}"));
        Assert.Equal("STORED", client.Set("k", "v"));
        Assert.Equal("v", client.Get("k"));
        Assert.Equal("CLIENT_ERROR unauthenticated", stranger.Call("get k\r\n"));
        Assert.Equal("CLIENT_ERROR authentication failure", stranger.Set("auth", $"keyway {ServerPassword}"));
        Assert.Equal("CLIENT_ERROR unauthenticated", stranger.Call("delete k\r\n"));
        Assert.Equal("STORED", stranger.Set("auth", $"keyway {PoolPassword}"));
        Assert.Equal("v", stranger.Get("k"));
    }

    [Fact]
    public void Password_InFront_IsAskedForInTheWordsOfAMemcachedThatHasOne()
    {
        using var server = MemcachedProcess.StartWithPassword("keyway", PoolPassword);
        var port = FreePorts.Next();
        using var keyway = MemcachedRig.StartKeyway(port, [server.Address], $"password: {PoolPassword}\nserver_user: keyway\nserver_password: {PoolPassword}\n");
        using var direct = server.Connect();
        using var client = MemcachedClient.Connect(port);

        string[] requests =
        [
            "get k\r\n", "version\r\n", "mn\r\n", "set auth 0 0 3\r\na b\r\n", "set auth 0 0 6\r\nnoword\r\n", $"set auth 0 0 {7 + PoolPassword.Length}\r\nkeyway {PoolPassword}\r\n",
            "set k 1 0 1\r\nx\r\n", "touch k 0\r\n", "mn\r\n",
        ];
        Assert.All(requests, request => Assert.Equal(direct.Call(request), client.Call(request)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("server_user: keyway\nserver_password: wrong\n")]
    public void ServerPassword_WrongOrMissing_FailsRequestsWithoutHanging(string settings)
    {
        using var server = MemcachedProcess.StartWithPassword("keyway", ServerPassword);
        var port = FreePorts.Next();
        using var keyway = MemcachedRig.StartKeyway(port, [server.Address], settings);
        using var client = MemcachedClient.Connect(port);

        var answer = client.Call("get k\r\n");

        Assert.Matches("^(SERVER|CLIENT)_ERROR ", answer);
        Assert.DoesNotContain("wrong", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void ServerRestarted_WithPassword_IsGivenItAgain()
    {
        using var server = MemcachedProcess.StartWithPassword("keyway", ServerPassword);
        var port = FreePorts.Next();
        using var keyway = MemcachedRig.StartKeyway(port, [server.Address], $"server_user: keyway\nserver_password: {ServerPassword}\nserver_retry_timeout: 100ms\n");
        using var client = MemcachedClient.Connect(port);
        Assert.Equal("STORED", client.Set("k", "v"));

        server.Restart();

        Wait.Until(() => client.Set("k", "again") == "STORED", "the server to be back");
        Assert.Equal("again", client.Get("k"));
    }
}
