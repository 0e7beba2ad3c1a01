using System.Net;
using Keyway.Protocol.Hashing;
using Keyway.Proxy.Configuration;
using static Keyway.Proxy.Tests.Configuration.Files;

namespace Keyway.Proxy.Tests.Configuration;

public sealed class ValueTests
{
    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("250", 250)]
    [InlineData("5s", 5_000)]
    [InlineData("1m", 60_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("none", null)]
    [InlineData("0", null)]
    public void Timeout_AllUnits_AreRead(string text, int? milliseconds) =>
        Assert.Equal(milliseconds, (int?)Pool($"timeout: {text}").Timeout?.TotalMilliseconds);

    [Theory]
    [InlineData("5x", "is not a duration")]
    [InlineData("-1", "is not a duration")]
    [InlineData("1.5s", "is not a duration")]
    [InlineData("s", "is not a duration")]
    [InlineData("600h", "is out of range")]
    [InlineData("99999999999999999999", "is out of range")]
    public void Timeout_Wrong_IsRefused(string text, string message) => Assert.Contains(message, Only(ReadPool($"timeout: {text}")));

    [Theory]
    [InlineData("connect_timeout: none", "is not a duration")]
    [InlineData("connect_timeout: 0", "is too short")]
    [InlineData("server_retry_timeout: 9ms", "is too short")]
    [InlineData("backlog: 99999999999", "is out of range")]
    [InlineData("backlog: many", "is not a number")]
    [InlineData("server_connections: 0", "is out of range")]
    [InlineData("hash_tag: \"{\"", "is not a valid hash tag")]
    [InlineData("distribution: ketema", "did you mean 'ketama'?")]
    [InlineData("limits: {max_bulk: 10}", "is out of range")]
    [InlineData("limits: {max_bulk: 2gb}", "is out of range")]
    [InlineData("limits: {max_bulk: 1tb}", "is not a size")]
    [InlineData("limits: {max_depth: 33}", "is out of range")]
    [InlineData("limits: {client_output: 256mb}", "client_output_hard is less than client_output")]
    [InlineData("server_user: app", "'server_user' without 'server_password'")]
    [InlineData("acknowledge: disk", "'acknowledge' without 'mode: smart'")]
    [InlineData("mode: smart\n    acknowledge: disk", "there is no 'journal_dir'")]
    [InlineData("mode: smart\n    dead_letters: true", "there is no 'journal_dir'")]
    [InlineData("mode: smart\n    early: [+nosuch=:1]", "names an unknown command")]
    public void Value_OutsideItsKind_IsRefused(string line, string message) => Assert.Contains(message, Only(ReadPool(line)));

    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("64kb", 65536)]
    [InlineData("64KB", 65536)]
    [InlineData("1Mb", 1048576)]
    [InlineData("1gb", 1073741824)]
    public void Size_AllUnits_AreRead(string text, long bytes) => Assert.Equal(bytes, Pool($"limits: {{max_bulk: {text}}}").Limits.MaxBulk);

    [Theory]
    [InlineData("6380", "127.0.0.1:6380")]
    [InlineData("\":6380\"", "127.0.0.1:6380")]
    [InlineData("localhost:6380", "127.0.0.1:6380")]
    [InlineData("'[::1]:6380'", "[::1]:6380")]
    [InlineData("::1:6380", "[::1]:6380")]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    public void Listen_Loopback_NeedsNoPassword(string text, string endPoint) =>
        Assert.Equal(IPEndPoint.Parse(endPoint), Assert.Single(Pool($"listen: {text}").Listen).EndPoint);

    [Fact]
    public void Listen_List_HasAllAddresses()
    {
        IReadOnlyList<ListenConfig> listen = Pool("listen: [6380, /run/k.sock 0660, /run/l.sock]").Listen;

        Assert.Equal(6380, listen[0].EndPoint!.Port);
        Assert.Equal("/run/k.sock", listen[1].UnixPath);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, listen[1].UnixMode);
        Assert.Null(listen[2].UnixMode);
    }

    [Theory]
    [InlineData("listen: nowhere.invalid:6380", "has a host that does not resolve")]
    [InlineData("listen: 127.0.0.1", "has no port")]
    [InlineData("listen: keyway.sock", "has no port")]
    [InlineData("listen: 66380", "has an invalid port")]
    [InlineData("listen: /run/k.sock 0999", "has no octal mode")]
    [InlineData("listen: /run/k.sock 7777", "has no octal mode")]
    [InlineData("listen: {a: b}", "is not a list")]
    public void Listen_Wrong_IsRefused(string line, string message) => Assert.Contains(message, Only(ReadPool(line)));

    [Theory]
    [InlineData("listen: {0}")]
    [InlineData("servers: ['{0}:1']")]
    public void UnixPath_TooLongForASocket_IsRefused(string line)
    {
        string longest = "/" + new string('x', 106);

        Assert.Empty(ReadPool(string.Format(line, longest)).Problems);
        Assert.Contains("more than 107 bytes", Only(ReadPool(string.Format(line, longest + "x"))));
    }

    [Theory]
    [InlineData("*:6380")]
    [InlineData("0.0.0.0:6380")]
    [InlineData("'[::]:6380'")]
    [InlineData("cache.internal:6380")]
    public void Listen_OpenToTheNetwork_NeedsPasswordOrConsent(string address)
    {
        Assert.Contains("is open to the network without a password; set password", Only(ReadPool($"listen: '{address.Trim('\'')}'")));
        Assert.True(Pool($"listen: '{address.Trim('\'')}'", "open: true").Open);
        Assert.Equal("x", Pool($"listen: '{address.Trim('\'')}'", "password: x").Password);
    }

    [Theory]
    [InlineData("10.0.0.1:6379", "10.0.0.1", 6379, 1, "10.0.0.1:6379")]
    [InlineData("10.0.0.1:6379:3", "10.0.0.1", 6379, 3, "10.0.0.1:6379")]
    [InlineData("db:6379:3 alpha", "db", 6379, 3, "alpha")]
    [InlineData("db:6379 a:b", "db", 6379, 1, "a:b")]
    [InlineData("db:11211:1", "db", 11211, 1, "db")]
    [InlineData("[::1]:6379:2", "::1", 6379, 2, "::1:6379")]
    [InlineData("[fe80::2]:6379", "fe80::2", 6379, 1, "fe80::2:6379")]
    [InlineData("::1:6379:2 v6", "::1", 6379, 2, "v6")]
    public void Server_Tcp_IsTakenApart(string text, string host, int port, int weight, string label)
    {
        ServerConfig server = Assert.Single(Pool($"servers: ['{text}']").Servers);

        Assert.Equal((host, port, weight, label), (server.Host, server.Port, server.Weight, server.Label));
        Assert.Equal(text, server.Text);
    }

    [Theory]
    [InlineData("/run/r.sock:2", "/run/r.sock", 2, "/run/r.sock:")]
    [InlineData("/run/r.sock", "/run/r.sock", 1, "/run/r.sock:")]
    [InlineData("/run/r.sock:1 local", "/run/r.sock", 1, "local")]
    public void Server_Unix_HasNutcrackersLabel(string text, string path, int weight, string label)
    {
        ServerConfig server = Assert.Single(Pool($"servers: ['{text}']").Servers);

        Assert.Equal((path, weight, label), (server.UnixPath, server.Weight, server.Label));
    }

    [Theory]
    [InlineData("memory", 1, "memory")]
    [InlineData("memory:4", 4, "memory")]
    [InlineData("memory:4 here", 4, "here")]
    public void Server_Memory_IsThisProcess(string text, int weight, string label)
    {
        ServerConfig server = Assert.Single(Pool($"servers: ['{text}']").Servers);

        Assert.Equal((true, weight, label), (server.IsMemory, server.Weight, server.Label));
    }

    [Theory]
    [InlineData("a:1:2147483648", "has an invalid weight")]
    [InlineData("a:0:1", "has an invalid port")]
    [InlineData("a:65536:1", "has an invalid port")]
    [InlineData(":6379:1", "has an invalid host")]
    [InlineData("::1:6379", "has an invalid host")]
    [InlineData("[::1]x:6379", "has an invalid host")]
    [InlineData("[10.0.0.1]:6379", "has an invalid host")]
    [InlineData("a:1:1 b c", "a label of one word")]
    [InlineData("a:1:1  b", "a label of one word")]
    [InlineData("/a:b:1", "has a colon in its path")]
    public void Server_Wrong_IsRefused(string text, string message) => Assert.Contains(message, Only(ReadPool($"servers: ['{text}']")));

    [Fact]
    public void Secret_EnvironmentVariable_IsReplaced()
    {
        PoolConfig pool = Pool("password: ${KEYWAY_PASSWORD}", "server_password: plain", "server_user: app");

        Assert.Equal((Secret, "app", "plain"), (pool.Password, pool.ServerUser, pool.ServerPassword));
    }

    [Fact]
    public void Secret_VariableThatIsUnset_IsRefused() =>
        Assert.Equal(
            "f.yml:3:15: pools.cache.password refers to the environment variable NOT_HERE, which is not set; write the password in quotes, or ${NAME} and set that environment variable",
            Only(ReadPool("password: ${NOT_HERE}")));

    [Theory]
    [InlineData("ketama", "B b aa server1 server2 server10")]
    [InlineData("modula", "B b aa server1 server2 server10")]
    [InlineData("random", "B b aa server1 server2 server10")]
    [InlineData("jump", "server10 aa b server2 B server1")]
    [InlineData("rendezvous", "server10 aa b server2 B server1")]
    public void Servers_ByDistribution_AreOrdered(string distribution, string labels)
    {
        PoolConfig pool = Pool($"distribution: {distribution}", "servers: [h:1:1 server10, h:2:1 aa, h:3:1 b, h:4:1 server2, h:5:1 B, h:6:1 server1]");

        Assert.Equal(labels, string.Join(' ', pool.Servers.Select(s => s.Label)));
    }

    [Theory]
    [InlineData("one_at_a_time", HashKind.OneAtATime)]
    [InlineData("md5", HashKind.Md5)]
    [InlineData("crc32a", HashKind.Crc32a)]
    [InlineData("fnv1_64", HashKind.Fnv1_64)]
    [InlineData("jenkins", HashKind.Jenkins)]
    public void Hash_NutcrackersName_IsKnown(string name, HashKind kind) => Assert.Equal(kind, Pool($"hash: {name}").Hash);
}
