using System.Net;
using Keyway.Protocol.Hashing;
using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Tests.Configuration.Importing;

public sealed class RmuxImporterTests
{
    private const string Minimal = "\"port\": 6380, \"host\": \"127.0.0.1\", \"tcpConnections\": [\"a:1\"]";

    [Fact]
    public void Read_APoolOfSeveral_HasRmuxsTableAndDefaults()
    {
        PoolConfig pool = Pool("\"socket\": \"/tmp/r.sock\", \"unixConnections\": [\"/run/b.sock\"], \"tcpConnections\": [\"a:1\", \"[::1]:2\"]");

        Assert.Equal(DistributionKind.Rmux, pool.Distribution);
        Assert.Equal(["a:1", "::1:2", "/run/b.sock:"], pool.Servers.Select(s => s.Label));
        Assert.Equal("/tmp/r.sock", pool.Listen[0].UnixPath);
        Assert.Equal("666", Convert.ToString((int)pool.Listen[0].UnixMode!, 8));
        Assert.Equal(TimeSpan.FromMilliseconds(500), pool.Timeout);
        Assert.Equal(TimeSpan.FromMilliseconds(500), pool.ConnectTimeout);
        Assert.False(pool.AutoEjectHosts);
        Assert.Equal((500, 100), (pool.HealthInterval!.Value.TotalMilliseconds, pool.ServerRetryTimeout.TotalMilliseconds));
        Assert.Equal(["rmux"], pool.Deny);
    }

    [Fact]
    public void Read_EveryTime_TakesTheSpecificBeforeTheGeneral()
    {
        PoolConfig general = Pool(Minimal + ", \"remoteTimeout\": 2000");
        PoolConfig specific = Pool(Minimal + ", \"remoteTimeout\": 2000, \"remoteReadTimeout\": 100, \"remoteConnectTimeout\": 50, \"remoteDiagnosticCheckInterval\": 3");

        Assert.Equal((2000, 2000), (general.Timeout!.Value.TotalMilliseconds, general.ConnectTimeout.TotalMilliseconds));
        Assert.Equal((100, 50), (specific.Timeout!.Value.TotalMilliseconds, specific.ConnectTimeout.TotalMilliseconds));
        Assert.Equal((3, 3), (specific.HealthInterval!.Value.TotalSeconds, specific.ServerRetryTimeout.TotalSeconds));
    }

    [Fact]
    public void Read_NamesInAnyCase_AreKnown()
    {
        PoolConfig pool = Pool(Minimal + ", \"FAILOVER\": true, \"authuser\": \"u\", \"AuthPassword\": \"p q\"");

        Assert.True(pool.AutoEjectHosts);
        Assert.Equal(("u", "p q"), (pool.ServerUser, pool.ServerPassword));
        Assert.Null(pool.Password);
    }

    [Fact]
    public void Read_KeysOfTheFork_AreCarriedOver()
    {
        PoolConfig pool = Pool(Minimal + ", \"remoteReconnectInterval\": 90, \"localTransactionTimeout\": 700, \"poolSize\": 8");

        Assert.Equal(TimeSpan.FromMinutes(90), pool.ConnectionMaxAge);
        Assert.Equal((700, 8), (pool.TransactionTimeout!.Value.TotalMilliseconds, pool.MaxPinned));
        Assert.Equal(["rmux-anexia"], pool.Deny);
    }

    [Fact]
    public void Read_SocketBesideHostAndPort_IsTheSocketAlone() =>
        Assert.Equal("/s", Assert.Single(Pool(Minimal + ", \"socket\": \"/s\"").Listen).UnixPath);

    [Fact]
    public void Read_WithoutHost_ListensEverywhereAndSaysSo()
    {
        ConfigResult result = Read("""[{"port": 6380, "tcpConnections": ["a:1"]}]""");

        Assert.Equal(new IPEndPoint(IPAddress.Any, 6380), result.Config!.Pools[0].Listen[0].EndPoint);
        Assert.Contains("open to the network without a password", Assert.Single(result.Warnings).Message);
    }

    [Fact]
    public void Read_SeveralPools_AreNumberedAndShareTheProcess()
    {
        ConfigResult result = Read("""
            [{"port": 1, "host": "localhost", "tcpConnections": ["a:1"], "maxProcesses": 3},
             {"port": 2, "host": "localhost", "tcpConnections": ["a:1"], "maxProcesses": 4}]
            """);

        Assert.Equal(["rmux1", "rmux2"], result.Config!.Pools.Select(p => p.Name));
        Assert.Equal(3, result.Config.Threads);
        Assert.Equal("f.json:2:78: maxProcesses is not carried over: the first pool's counts for the process; keep one of them", Assert.Single(result.Warnings).ToString());
    }

    [Theory]
    [InlineData("\"localReadTimeout\": 5", "f.json:1:85: localReadTimeout is not carried over: it never had an effect in rmux; set client_idle_timeout to close idle clients")]
    [InlineData("\"failovr\": true", "f.json:1:65: 'failovr' is unknown and is not carried over; did you mean 'failover'?")]
    [InlineData("\"zzz\": 1", "f.json:1:65: 'zzz' is unknown and is not carried over; remove it")]
    public void Read_WhatIsNotCarriedOver_IsAWarning(string key, string expected) =>
        Assert.Equal(expected, Assert.Single(Read($"[{{{Minimal}, {key}}}]").Warnings).ToString());

    [Theory]
    [InlineData("[]", "f.json:1:1: the file is not a list of pools; *")]
    [InlineData("[{}]", "f.json:1:2: the pool has neither a socket nor a port; *")]
    [InlineData("""[{"port": "6380", "tcpConnections": ["a:1"]}]""", "f.json:1:11: [0].port is a text; write a whole number from 0 to 65535")]
    [InlineData("""[{"port": 70000, "tcpConnections": ["a:1"]}]""", "f.json:1:11: [0].port '70000' does not fit; write a whole number from 0 to 65535")]
    [InlineData("""[{"port": 6380.5, "tcpConnections": ["a:1"]}]""", "f.json:1:11: [0].port '6380.5' does not fit; *")]
    [InlineData("""[{"socket": "/s", "tcpConnections": "a:1"}]""", "f.json:1:37: [0].tcpConnections is a text; write a list of texts")]
    [InlineData("""[{"socket": "/s", "tcpConnections": [1]}]""", "f.json:1:38: [0].tcpConnections[0] '1' does not fit; write a text")]
    [InlineData("""[{"socket": "/s", "tcpConnections": ["a"]}]""", "f.json:1:38: [0].tcpConnections[0] 'a' has no port; *")]
    [InlineData("""[{"socket": "s", "tcpConnections": ["a:1"]}]""", "f.json:1:13: [0].socket is not an absolute path; write the path from the root")]
    [InlineData("""[{"socket": "/s"}]""", "f.json:1:2: the pool has no servers; *")]
    [InlineData("""[{"socket": "/s", "tcpConnections": ["a:1"], "failover": "yes"}]""", "f.json:1:58: [0].failover is a text; write true or false")]
    [InlineData("""[{"socket": "/s", "Socket": "/t", "tcpConnections": ["a:1"]}]""", "f.json:1:19: 'Socket' is given twice; keep one of them (the first is in line 1)")]
    [InlineData("""[{"socket": "/s", "tcpConnections": ["a:1"], "authUser": "u"}]""", "f.json:1:58: 'server_user' without 'server_password'; *")]
    [InlineData("[{]", "f.json:1:3: this is not JSON (*")]
    public void Read_AMistake_IsReportedAtItsPlace(string text, string expected)
    {
        ConfigResult result = Read(text);

        Assert.Null(result.Config);
        Assert.Contains(result.Problems, p => expected.EndsWith('*') ? p.ToString().StartsWith(expected[..^1], StringComparison.Ordinal) : p.ToString() == expected);
    }

    [Fact]
    public void Import_APool_SaysWhatCameFromWhere()
    {
        string yaml = Files.Import($"[{{{Minimal}, \"poolSize\": 5, \"remoteReadTimeout\": 1500, \"zzz\": 1}}]", name: "r.json").Yaml!;

        Assert.StartsWith("# Keyway configuration, made by keyway import from r.json (rmux).\npools:\n  rmux:\n", yaml);
        Assert.Contains("    max_pinned: 5  # poolSize; ", yaml);
        Assert.Contains("    # line 1: 'zzz' is unknown and is not carried over\n", yaml);
        Assert.Contains("    timeout: 1500ms  # remoteReadTimeout\n", yaml);
        Assert.Contains("    connect_timeout: 500ms  # rmux's default\n", yaml);
    }

    private static ConfigResult Read(string text) => Files.Read(text, from: null, "f.json");

    private static PoolConfig Pool(string keys)
    {
        string text = $"[{{{keys}}}]";
        ConfigResult result = Read(text);
        Assert.Empty(result.Problems);
        ImportTests.AssertSame(result.Config!, Files.Read(Files.Import(text).Yaml!));
        return Assert.Single(result.Config!.Pools);
    }
}
