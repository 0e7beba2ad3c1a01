using Keyway.Protocol.Hashing;
using Keyway.Proxy.Configuration;
using static Keyway.Proxy.Tests.Configuration.Files;

namespace Keyway.Proxy.Tests.Configuration;

public sealed class NutcrackerShapeTests
{
    [Fact]
    public void Read_SmallestFile_HasNutcrackersDefaults()
    {
        PoolConfig pool = Alpha();

        Assert.Equal(PoolProtocol.Redis, pool.Protocol);
        Assert.Equal(HashKind.Fnv1a64, pool.Hash);
        Assert.Equal(DistributionKind.Ketama, pool.Distribution);
        Assert.Null(pool.Timeout);
        Assert.Equal(512, pool.Backlog);
        Assert.Equal(TimeSpan.FromSeconds(30), pool.ServerRetryTimeout);
        Assert.Equal(2, pool.ServerFailureLimit);
        Assert.False(pool.TcpKeepalive);
        Assert.False(pool.AutoEjectHosts);
        Assert.Equal(1, pool.ServerConnections);
    }

    [Fact]
    public void Read_AllKeys_AreSet()
    {
        PoolConfig pool = Alpha(
            "hash: murmur", "distribution: modula", "hash_tag: \"$$\"", "timeout: 400", "backlog: 1024", "preconnect: true", "redis_auth: pw", "redis_db: 2",
            "tcpkeepalive: true", "reuseport: true", "auto_eject_hosts: true", "server_connections: 3", "server_retry_timeout: 2000", "server_failure_limit: 1");

        Assert.Equal(TimeSpan.FromMilliseconds(400), pool.Timeout);
        Assert.Equal(("pw", "pw", 2), (pool.Password, pool.ServerPassword, pool.Database));
        Assert.Equal(("$$", 1024, 3, 1), (pool.HashTag, pool.Backlog, pool.ServerConnections, pool.ServerFailureLimit));
        Assert.True(pool.Preconnect && pool.TcpKeepalive && pool.Reuseport && pool.AutoEjectHosts);
        Assert.Equal(TimeSpan.FromSeconds(2), pool.ServerRetryTimeout);
    }

    [Fact]
    public void Read_Zeros_AreTakenAsNutcrackerDoes()
    {
        PoolConfig pool = Alpha("timeout: 0", "server_failure_limit: 0", "server_retry_timeout: 0", "backlog: 0");

        Assert.Null(pool.Timeout);
        Assert.Equal((1, 0), (pool.ServerFailureLimit, pool.Backlog));
        Assert.Equal(TimeSpan.FromMilliseconds(10), pool.ServerRetryTimeout);
    }

    [Fact]
    public void Read_SeveralPools_AreSortedByName()
    {
        KeywayConfig config = Read("""
            bb: {listen: 127.0.0.1:3, redis: true, servers: [a:1:1]}
            c: {listen: 127.0.0.1:2, redis: true, servers: [a:1:1]}
            a: {listen: 127.0.0.1:1, redis: true, servers: [a:1:1]}
            """).Config!;

        Assert.Equal(["a", "c", "bb"], config.Pools.Select(p => p.Name));
    }

    [Fact]
    public void Read_PasswordThatLooksLikeAVariable_IsTakenAsItIs() => Assert.Equal("${HOME}", Alpha("redis_auth: ${HOME}").Password);

    [Fact]
    public void Read_ClientConnections_WarnsThatItHasNoEffect()
    {
        ConfigResult result = ReadAlpha("client_connections: 10");

        Assert.Equal(0, result.Config!.Pools[0].ClientConnections);
        Assert.StartsWith("f.yml:5:23: alpha.client_connections has no effect", Assert.Single(result.Warnings).ToString());
    }

    [Fact]
    public void Read_OpenAddress_OnlyWarns()
    {
        ConfigResult result = ReadAlpha("listen: 0.0.0.0:22121");

        Assert.NotNull(result.Config);
        Assert.Contains("open to the network", Assert.Single(result.Warnings).ToString());
    }

    [Fact]
    public void Read_UnixAddressWithModeThatIsNotOctal_LeavesTheMode()
    {
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Alpha("listen: /tmp/n.sock 600").Listen[0].UnixMode);
        Assert.Null(Alpha("listen: /tmp/n.sock 9999").Listen[0].UnixMode);
    }

    [Fact]
    public void Read_PoolWithoutRedis_IsMemcached() =>
        Assert.Equal(PoolProtocol.Memcached, Read("alpha:\n  listen: 127.0.0.1:1\n  servers:\n   - a:11211:1").Config!.Pools[0].Protocol);

    [Fact]
    public void Read_RedisAuthWithoutRedis_IsRefused() =>
        Assert.Contains(
            Read("alpha: {listen: 127.0.0.1:1, redis_auth: x, servers: [a:1:1]}").Problems,
            p => p.Message == "'redis_auth' is only valid for a redis pool");

    [Theory]
    [InlineData("password: x", "'password' is unknown; write 'redis_auth' in a nutcracker file")]
    [InlineData("limits: {}", "'limits' is unknown; put the pools under 'pools:'")]
    [InlineData("sentinels: a", "'sentinels' is unknown; a pool has the keys")]
    [InlineData("timeout: 400ms", "is not a number")]
    [InlineData("timeout: none", "is not a number")]
    [InlineData("server_connections: 0", "is out of range")]
    [InlineData("redis_db: -1", "is not a number")]
    [InlineData("listen: \"*:22121\"", "has no host")]
    [InlineData("listen: 127.0.0.1:0", "has an invalid port")]
    [InlineData("servers: [a:6379]", "is not host:port:weight")]
    [InlineData("servers: [/run/a.sock]", "has no weight")]
    [InlineData("servers: [memory]", "is not host:port:weight")]
    public void Read_WhatNutcrackerRefuses_IsRefused(string line, string message) => Assert.Contains(message, Only(ReadAlpha(line)));

    [Fact]
    public void Read_KeywaysKeyBesidePools_PointsToPools() =>
        Assert.Contains(
            Read("threads: 2\nalpha: {listen: 127.0.0.1:1, redis: true, servers: [a:1:1]}").Problems,
            p => p.ToString() == "f.yml:1:1: 'threads' beside pools at the top level; put the pools under 'pools:' to use Keyway's own keys");

    private static PoolConfig Alpha(params string[] lines)
    {
        ConfigResult result = ReadAlpha(lines);
        Assert.Empty(result.Problems);
        return Assert.Single(result.Config!.Pools);
    }

    private static ConfigResult ReadAlpha(params string[] lines)
    {
        string[] defaults = ["redis: true", "listen: 127.0.0.1:22121", "servers: [127.0.0.1:6379:1]"];
        IEnumerable<string> kept = defaults.Where(d => !lines.Any(l => l.Split(':')[0] == d.Split(':')[0]));
        return Read("alpha:\n" + string.Join('\n', kept.Concat(lines).Select(l => "  " + l)));
    }
}
