using System.Net;
using Keyway.Protocol.Hashing;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Tests.Configuration.Importing;

public sealed class RmuxFlagsTests
{
    [Fact]
    public void Read_NoFlags_HasRmuxsDefaults()
    {
        PoolConfig pool = Assert.Single(Config().Pools);

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 6379), pool.Listen[0].EndPoint);
        Assert.Equal(["localhost:6380", "localhost:6381"], pool.Servers.Select(s => s.Label));
        Assert.Equal(DistributionKind.Rmux, pool.Distribution);
        Assert.Equal(TimeSpan.FromMilliseconds(500), pool.Timeout);
    }

    [Fact]
    public void Read_EveryWayToWriteAFlag_IsUnderstood()
    {
        KeywayConfig config = Config(
            "-socket", "/tmp/r", "--tcpConnections=a:1  b:2", "-unixConnections", "/c", "-failover", "-remoteTimeout=70", "-debug=1", "-maxProcesses", "2");

        PoolConfig pool = Assert.Single(config.Pools);
        Assert.Equal("/tmp/r", pool.Listen[0].UnixPath);
        Assert.Equal(["a:1", "b:2", "/c:"], pool.Servers.Select(s => s.Label));
        Assert.True(pool.AutoEjectHosts);
        Assert.Equal(70, pool.Timeout!.Value.TotalMilliseconds);
        Assert.Equal((2, LogLevel.Debug), (config.Threads, config.Log.Level));
    }

    [Fact]
    public void Read_FailoverFalse_IsOff() => Assert.False(Config("-failover=false").Pools[0].AutoEjectHosts);

    [Theory]
    [InlineData("'-sockt' is no flag of rmux; did you mean '-socket'?", "-sockt", "/x")]
    [InlineData("'x' is no flag of rmux; *", "x")]
    [InlineData("-port has no value; write -port and its value", "-port")]
    [InlineData("-failover is neither true nor false; *", "-failover=maybe")]
    [InlineData("-port 'x' does not fit; write a whole number from 0 to 65535", "-port", "x")]
    [InlineData("-tcpConnections 'a' has no port; *", "-tcpConnections", "a")]
    public void Read_AMistake_NamesTheFlag(string expected, params string[] flags)
    {
        ConfigResult result = ConfigReader.ReadRmuxFlags(flags);

        Assert.Null(result.Config);
        Assert.StartsWith($"rmux's command line: {expected.TrimEnd('*')}", Assert.Single(result.Problems).ToString());
    }

    [Theory]
    [InlineData("-graphite is not carried over", "-graphite", "stats:8125")]
    [InlineData("-timing is not carried over", "-timing")]
    [InlineData("-useSyslog is not carried over", "-useSyslog")]
    [InlineData("localTimeout is not carried over", "-localTimeout", "5")]
    public void Read_WhatIsNotCarriedOver_IsAWarning(string expected, params string[] flags) =>
        Assert.Contains(expected, Assert.Single(ConfigReader.ReadRmuxFlags(flags).Warnings).Message);

    [Fact]
    public void Read_ConfigFile_IsReadInsteadOfThePoolFlags()
    {
        string path = Path.Combine(Files.Repository(), "samples/import/rmux.json");

        ConfigResult result = ConfigReader.ReadRmuxFlags(["-config", path, "-port", "1", "-debug"]);

        Assert.Equal(2, result.Config!.Pools.Count);
        Assert.Equal(LogLevel.Debug, result.Config.Log.Level);
        Assert.Contains(result.Warnings, w => w.Message.StartsWith("-port have no effect beside -config", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_ConfigFileThatIsNotThere_IsAMistake() =>
        Assert.Contains("no such file", Assert.Single(ConfigReader.ReadRmuxFlags(["-config", "/no/such.json"]).Problems).Message);

    [Fact]
    public void Import_Flags_ReadAsTheFlagsThemselves()
    {
        string[] flags = ["-socket", "/tmp/r", "-tcpConnections", "a:1 b:2", "-failover", "-debug", "-graphite", "s:1"];

        ImportTests.AssertSame(Config(flags), Files.Read(ConfigImport.ReadRmuxFlags(flags).Yaml!));
    }

    private static KeywayConfig Config(params string[] flags)
    {
        ConfigResult result = ConfigReader.ReadRmuxFlags(flags);
        Assert.Empty(result.Problems);
        return result.Config!;
    }
}
