using Keyway.Proxy.Configuration;
using static Keyway.Proxy.Tests.Configuration.Files;

namespace Keyway.Proxy.Tests.Configuration;

public sealed class CrossCheckTests
{
    [Fact]
    public void Pools_WithTheSameAddress_AreRefused() =>
        Assert.Equal(
            "f.yml:3:15: the address 127.0.0.1:6380 is taken by pool 'a'; give each pool an address of its own",
            Only(Read("pools:\n  a: {listen: 6380, servers: [memory]}\n  b: {listen: 127.0.0.1:6380, servers: [memory]}")));

    [Theory]
    [InlineData("*:6380", "127.0.0.1:6380", "f.yml:3:15: the address 127.0.0.1:6380 is taken by pool 'a', which listens on 0.0.0.0:6380; give each pool an address of its own")]
    [InlineData("127.0.0.1:6380", "*:6380", "the address 0.0.0.0:6380 is taken by pool 'a', which listens on 127.0.0.1:6380")]
    [InlineData("[::]:6380", "[::1]:6380", "the address [::1]:6380 is taken by pool 'a', which listens on [::]:6380")]
    [InlineData("/run/a.sock 0660", "/run/a.sock", "the address /run/a.sock is taken by pool 'a'")]
    public void Pools_WithAnAddressInAnother_AreRefused(string first, string second, string message) =>
        Assert.Contains(message, Only(Read($"pools:\n  a: {{listen: \"{first}\", open: true, servers: [memory]}}\n  b: {{listen: \"{second}\", open: true, servers: [memory]}}")));

    [Theory]
    [InlineData("127.0.0.1:6380", "127.0.0.2:6380", "false")]
    [InlineData("*:6380", "127.0.0.1:6381", "false")]
    [InlineData("127.0.0.1:6380", "[::1]:6380", "false")]
    [InlineData("*:6380", "[::1]:6380", "false")]
    [InlineData("[::]:6380", "127.0.0.1:6380", "false")]
    [InlineData("*:6380", "127.0.0.1:6380", "true")]
    public void Pools_WithAddressesApart_AreAllowed(string first, string second, string reuseport) =>
        Assert.Empty(Read($"pools:\n  a: {{listen: \"{first}\", open: true, reuseport: {reuseport}, servers: [memory]}}\n  b: {{listen: \"{second}\", reuseport: {reuseport}, servers: [memory]}}").Problems);

    [Theory]
    [InlineData("127.0.0.1:6380", "127.0.0.1:6380")]
    [InlineData("6380", "localhost:6380")]
    [InlineData("*:6380", "127.0.0.1:6380")]
    [InlineData("[::1]:6380", "[::1]:6380")]
    [InlineData("/run/a.sock 0660", "/run/a.sock:1 local")]
    public void Server_ThatIsThePoolItself_IsRefused(string listen, string server) =>
        Assert.EndsWith(
            "is this pool's own address; name the server that is behind Keyway, or listen on another address",
            Only(ReadPool($"listen: \"{listen}\"", "open: true", $"servers: [\"{server}\"]")));

    [Theory]
    [InlineData("127.0.0.1:6380", "127.0.0.1:6379")]
    [InlineData("127.0.0.1:6380", "10.0.0.1:6380")]
    [InlineData("/run/a.sock", "/run/b.sock")]
    [InlineData("6380", "memory")]
    public void Server_Elsewhere_IsNoMistake(string listen, string server) =>
        Assert.Empty(ReadPool($"listen: {listen}", $"servers: [\"{server}\"]").Problems);

    [Fact]
    public void Pools_WithPortZero_AreAllowed() =>
        Assert.Empty(Read("pools:\n  a: {listen: 0, servers: [memory]}\n  b: {listen: 0, servers: [memory]}").Problems);

    [Fact]
    public void Servers_WithTheSameLabel_AreRefused() =>
        Assert.Contains("servers with the same label 'a'", Only(ReadPool("servers: [h:1:1 a, h:2:1 a]")));

    [Fact]
    public void Pool_OfMemcached_HasItsOwnKeys()
    {
        PoolConfig pool = ReadPool("protocol: memcached", "servers: [h:11211]", "flush_all: forbid", "password: x").Config!.Pools[0];

        Assert.Equal((PoolProtocol.Memcached, FlushPolicy.Forbid, "x"), (pool.Protocol, pool.FlushAll, pool.Password));
    }

    [Fact]
    public void Rmux_WithAHash_IsRefused() =>
        Assert.Equal("f.yml:4:5: 'hash' with 'distribution: rmux'; remove it, rmux's table has a hash of its own", Only(ReadPool("distribution: rmux", "hash: md5")));

    [Theory]
    [InlineData(101, 0)]
    [InlineData(102, 1)]
    public void Rmux_WithMoreServersThanItsTables_IsRefused(int servers, int problems) =>
        Assert.Equal(problems, ReadPool("distribution: rmux", $"servers: [{string.Join(", ", Enumerable.Range(1, servers).Select(p => $"h:{p}"))}]").Problems.Count);

    [Fact]
    public void Rmux_Servers_KeepTheOrderOfTheFile() =>
        Assert.Equal(["zz:1", "b:1"], Pool("distribution: rmux", "servers: [zz:1, b:1]").Servers.Select(s => s.Label));

    [Fact]
    public void Pool_WithKeysOfTheOtherProtocol_ReportsEach()
    {
        ConfigResult memcached = ReadPool("protocol: memcached", "servers: [h:11211]", "database: 1");
        ConfigResult redis = ReadPool("flush_all: all");

        Assert.Contains(memcached.Problems, p => p.Message == "'database' is only valid for a redis pool" && p.Line == 5);
        Assert.Contains(redis.Problems, p => p.Message == "'flush_all' is only valid for a memcached pool");
    }

    [Fact]
    public void Pool_OfMemcachedWithServerPasswordOnly_IsRefused() =>
        Assert.Contains("'server_password' without 'server_user'", Only(ReadPool("protocol: memcached", "servers: [h:11211]", "server_password: x")));

    [Theory]
    [InlineData("min_idle: 5\n    max_pinned: 2", "f.yml:3:5: 'min_idle' is more than 'max_pinned'; make it at most as many")]
    [InlineData("limits: {client_output_hard: 100kb}", "limits.client_output_hard is less than client_output")]
    [InlineData("retry_budget: 1s", "f.yml:3:5: 'retry_budget' means nothing for independent servers; remove it")]
    public void Pool_WithKeysThatContradictEachOther_IsRefused(string lines, string message) => Assert.Contains(message, Only(ReadPool(lines)));

    [Fact]
    public void Pool_WithFaultyPassword_IsNotCalledOpenAsWell() =>
        Assert.Contains("NOT_HERE", Only(ReadPool("listen: 0.0.0.0:6380", "password: ${NOT_HERE}")));
}
