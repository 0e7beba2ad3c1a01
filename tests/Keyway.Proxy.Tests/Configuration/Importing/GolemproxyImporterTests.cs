using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Tests.Configuration.Importing;

public sealed class GolemproxyImporterTests
{
    [Fact]
    public void Read_Ketama_TakesHostAndPortForLabelsAndIgnoresNames()
    {
        PoolConfig pool = Pool("distribution: ketama", "servers: [a:11211:1 first, b:11212:3 second]");

        Assert.Equal(["a", "b:11212"], pool.Servers.Select(s => s.Label));
        Assert.Equal([1, 3], pool.Servers.Select(s => s.Weight));
        Assert.Equal(PoolProtocol.Memcached, pool.Protocol);
        Assert.Equal(TimeSpan.FromSeconds(1), pool.Timeout);
    }

    [Fact]
    public void Read_Modula_KeepsTheOrderOfTheFile()
    {
        PoolConfig sorted = Pool("distribution: modula", "servers: [a:1:1, b:1:1]");
        PoolConfig unsorted = Pool("distribution: modula", "servers: [longer:1:1, b:1:1, a:1:1]");

        Assert.Equal(["a:1", "b:1"], sorted.Servers.Select(s => s.Label));
        Assert.Equal(["longer", "b", "a"], unsorted.Servers.Select(s => s.Host));
    }

    [Fact]
    public void Read_OneServer_LooksAtNoDistribution() =>
        Assert.Equal("a", Assert.Single(Pool("distribution: whatever", "timeout: 50", "servers: [a:11211:1]").Servers).Label);

    [Fact]
    public void Read_KeysThatItIgnores_AreWarnings() => Assert.Equal(
        "f.conf:7:3: 'auto_eject_hosts' is not carried over: golemproxy ignores it; remove it, or read the file as nutcracker's if that is meant",
        Assert.Single(Read("servers: [a:1:1]", "backlog: 5", "auto_eject_hosts: true").Warnings).ToString());

    [Theory]
    [InlineData("p is not a pool", "p: 5")]
    [InlineData("p has no listen", "p: {hash: fnv1a_64, servers: [a:1:1]}")]
    [InlineData("p has another hash than fnv1a_64", "p: {listen: 127.0.0.1:1, hash: md5, servers: [a:1:1]}")]
    [InlineData("p has another hash than fnv1a_64", "p: {listen: 127.0.0.1:1, servers: [a:1:1]}")]
    [InlineData("p has no distribution of golemproxy's", "p: {listen: 127.0.0.1:1, hash: fnv1a_64, distribution: random, servers: [a:1:1, b:1:1]}")]
    [InlineData("p.timeout is out of range", "p: {listen: 127.0.0.1:1, hash: fnv1a_64, timeout: 5, servers: [a:1:1]}")]
    [InlineData("p has no servers", "p: {listen: 127.0.0.1:1, hash: fnv1a_64}")]
    public void Read_AMistake_IsReported(string expected, string text) =>
        Assert.Contains(Files.Read(text, ConfigFormat.Golemproxy).Problems, p => p.Message == expected);

    [Fact]
    public void Read_TheSample_IsTwoPools() =>
        Assert.Equal(["images", "pages"], Config(File.ReadAllText(Path.Combine(Files.Repository(), "samples/import/golemproxy.yml"))).Pools.Select(p => p.Name));

    private static ConfigResult Read(params string[] lines) => Files.Read(Text(lines), ConfigFormat.Golemproxy);

    private static string Text(string[] lines) =>
        string.Join("\n  ", lines.Prepend("hash: fnv1a_64").Prepend("listen: 127.0.0.1:21211").Prepend("# a comment").Prepend("p:"));

    private static PoolConfig Pool(params string[] lines) => Assert.Single(Config(Text(lines)).Pools);

    /// <summary>The configuration, which reads the same after it was written.</summary>
    private static KeywayConfig Config(string text)
    {
        KeywayConfig config = Files.Read(text, ConfigFormat.Golemproxy).Config!;
        ImportTests.AssertSame(config, Files.Read(Files.Import(text, ConfigFormat.Golemproxy).Yaml!));
        return config;
    }
}
