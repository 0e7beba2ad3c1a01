using Keyway.Proxy.Configuration;
using Keyway.Proxy.Telemetry;
using static Keyway.Proxy.Tests.Configuration.Files;

namespace Keyway.Proxy.Tests.Configuration;

public sealed class ConfigReaderTests
{
    [Fact]
    public void Read_SmallestFile_HasTheRecordsDefaults()
    {
        PoolConfig pool = Pool();

        Assert.Equal("cache", pool.Name);
        Assert.Equal(TimeSpan.FromSeconds(5), pool.Timeout);
        Assert.Equal(PoolProtocol.Redis, pool.Protocol);
        Assert.True(pool.TcpKeepalive);
        Assert.Equal(new LimitsConfig(), pool.Limits);
    }

    [Fact]
    public void Read_TopLevelKeys_AreSet()
    {
        KeywayConfig config = Read("""
            threads: 3
            max_buffers: 64MB
            log: {level: warn, format: json}
            pools: {a: {listen: 6380, servers: [memory]}}
            """).Config!;

        Assert.Equal(3, config.Threads);
        Assert.Equal(64L << 20, config.MaxBuffers);
        Assert.Equal(new LogConfig { Level = LogLevel.Warn, Format = LogFormat.Json }, config.Log);
    }

    [Fact]
    public void Read_ManyMistakes_ReportsAllByPosition()
    {
        ConfigResult result = Read("""
            thread: 2
            pools:
              cache:
                listen: 127.0.0.1:99999
                hash: fnv1a_46
                tiemout: 5s
                preconnect: yes
                servers:
                  - 127.0.0.1:6379:0 a
                  - nothing
                hash: md5
            """);

        Assert.Null(result.Config);
        Assert.Equal(
        [
            "f.yml:1:1: 'thread' is unknown; did you mean 'threads'?",
            "f.yml:4:13: pools.cache.listen '127.0.0.1:99999' has an invalid port; write host:port, [v6]:port, a port for loopback, or /path/socket and an octal mode",
            "f.yml:5:11: pools.cache.hash 'fnv1a_46' is unknown, did you mean 'fnv1a_64'?; write one of one_at_a_time, md5, crc16, crc32, crc32a, fnv1_64, fnv1a_64, fnv1_32, fnv1a_32, hsieh, murmur, jenkins",
            "f.yml:6:5: 'tiemout' is unknown; did you mean 'timeout'?",
            "f.yml:7:17: pools.cache.preconnect 'yes' is not \"true\" or \"false\"; write true or false",
            "f.yml:9:9: pools.cache.servers[0] '127.0.0.1:6379:0 a' has a zero weight; write host:port, host:port:weight name, [v6]:port:weight name, /path:weight name or memory",
            "f.yml:10:9: pools.cache.servers[1] 'nothing' has no port; write host:port, host:port:weight name, [v6]:port:weight name, /path:weight name or memory",
            "f.yml:11:5: 'hash' is given twice; keep one of them (the first is in line 5)",
        ], result.Problems.Select(p => p.ToString()));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("# only a comment", "the file is empty")]
    [InlineData("just text", "the file is not a mapping")]
    [InlineData("threads: 2", "the file has no 'pools'")]
    [InlineData("pools:", "pools has no pools")]
    [InlineData("pools: {}", "pools has no pools")]
    [InlineData("pools: {a: 5}", "pools.a is not a mapping")]
    [InlineData("pools: {a b: {listen: 6380, servers: [memory]}}", "has other characters")]
    [InlineData("pools: {a: {servers: [memory]}}", "pools.a has no 'listen'")]
    [InlineData("pools: {a: {listen: 6380}}", "pools.a has no 'servers'")]
    [InlineData("pools: {a: {listen: 6380, servers: []}}", "pools.a.servers is empty")]
    [InlineData("pools: {a: {listen: 6380, servers: memory}}", "pools.a.servers is not a list")]
    [InlineData("pools: {a: {listen: 6380, servers: [[memory]]}}", "pools.a.servers[0] is a list")]
    [InlineData("pools: [a", "this is not YAML")]
    [InlineData("pools: *nowhere", "this is not YAML (an alias without an anchor before it)")]
    [InlineData("? [a]\n: b", "this is not YAML (a key must be a single word)")]
    [InlineData("a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "this is not YAML (nested too deeply)")]
    [InlineData("pools: {a: {listen: 6380, servers: [memory]}}\n---\nx: y", "a second document begins here")]
    public void Read_WrongForm_SaysSo(string text, string message) => Assert.Contains(message, Only(Read(text)));

    [Fact]
    public void Read_EmptyValue_SaysSo() => Assert.StartsWith("f.yml:3:13: pools.cache.timeout has no value", Only(ReadPool("timeout:")));

    [Fact]
    public void Read_AnchorsAndAliases_AreUnderstood()
    {
        KeywayConfig config = Read("""
            pools:
              a: {listen: 1001, servers: &s [memory]}
              b: {listen: 1002, servers: *s}
            """).Config!;

        Assert.True(config.Pools[1].Servers[0].IsMemory);
    }

    [Fact]
    public void Read_KeyOfNutcracker_NamesKeywaysOwn() =>
        Assert.Equal("f.yml:3:5: 'redis' is unknown; write 'protocol: redis', which is the default", Only(ReadPool("redis: true")));

    [Fact]
    public void Read_FileThatIsMissing_IsAProblem() =>
        Assert.Equal("no-such.yml: cannot be read (no such file); name a file that exists and that this user may read", Only(ConfigReader.Read("no-such.yml")));

    [Theory]
    [InlineData(0xe4, "{0}:2:16: here is a character that is not UTF-8; save the file as text in UTF-8")]
    [InlineData(0x00, "{0}:2:16: here is a zero byte; save the file as text in UTF-8")]
    public void Read_FileThatIsNoText_SaysWhere(byte strange, string message)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [.. "pools:\n  a: {servers: "u8, strange, .. "[memory], listen: 6380}\n"u8]);

            Assert.Equal(message.Replace("{0}", path, StringComparison.Ordinal), Only(ConfigReader.Read(path)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Read_FileWithoutAnEnd_IsTooLarge() =>
        Assert.Equal("/dev/zero: is larger than 4mb; name a configuration file", Only(ConfigReader.Read("/dev/zero")));

    [Theory]
    [InlineData("listen: *:6380", "put an address that begins with '*' in quotes: \"*:6380\"")]
    [InlineData("listen: [::1]:6380", "put an address in brackets in quotes: \"[::1]:6380\"")]
    [InlineData("servers: [[::1]:6380]", "put an address in brackets in quotes: \"[::1]:6380\"")]
    [InlineData("listen 6380", "check the indentation, quotes and colons here")]
    public void Read_AddressThatYamlTakesForSomethingElse_AsksForQuotes(string line, string remedy) => Assert.EndsWith(remedy, Only(ReadPool(line)));

    [Theory]
    [InlineData("pools: {a: {threads: 2, listen: 6380, servers: [memory]}}", "'threads' is unknown; it belongs to the top of the file")]
    [InlineData("pools: {a: {level: warn, listen: 6380, servers: [memory]}}", "'level' is unknown; it belongs under 'log' at the top of the file")]
    [InlineData("pools: {a: {max_bulk: 1mb, listen: 6380, servers: [memory]}}", "'max_bulk' is unknown; it belongs under 'limits' of a pool")]
    [InlineData("limits: {max_bulk: 1mb}\npools: {a: {listen: 6380, servers: [memory]}}", "'limits' is unknown; it belongs to a pool: pools, the pool's name, and below it its keys")]
    [InlineData("pools: {a: {bananas: 1, listen: 6380, servers: [memory]}}", "'bananas' is unknown; docs/configuration.md has the keys of a pool")]
    [InlineData("pools: {a: {<<: {timeout: 1s}, listen: 6380, servers: [memory]}}", "'<<' is unknown; write the keys out, YAML 1.2 has no merge key")]
    public void Read_KeyInTheWrongPlace_NamesTheRightOne(string text, string message) => Assert.EndsWith(message, Only(Read(text)));

    [Theory]
    [InlineData("password: ${UNSET_SECRET_NAME}")]
    [InlineData("password: [s3cr3t-horse]")]
    [InlineData("pasword: s3cr3t-horse")]
    [InlineData("limits: s3cr3t-horse")]
    [InlineData("servers: ['redis://user:s3cr3t-horse@host:6379']")]
    [InlineData("listen: user:s3cr3t-horse@host")]
    [InlineData("password: \"s3cr3t-horse")]
    [InlineData("password: \"\\qs3cr3t-horse\"")]
    [InlineData("password: !s3cr3t-horse!x y")]
    [InlineData("password: !s3cr3t-horse")]
    [InlineData("password: *s3cr3t-horse")]
    [InlineData("password: &s3cr3t-horse")]
    [InlineData("password: @s3cr3t-horse")]
    [InlineData("password: `s3cr3t-horse")]
    [InlineData("password: |s3cr3t-horse")]
    [InlineData("password: x: s3cr3t-horse")]
    [InlineData("%s3cr3t-horse")]
    public void Read_MistakeAtASecret_DoesNotShowIt(string line)
    {
        ConfigResult result = ReadPool(line);

        Assert.NotEmpty(result.Problems);
        Assert.DoesNotContain(result.Problems, p => p.ToString().Contains(Secret));
    }

    [Theory]
    [InlineData("single.yml")]
    [InlineData("sharded.yml")]
    [InlineData("unix-socket.yml")]
    [InlineData("nutcracker.yml")]
    public void Read_MutatedSample_NeverThrowsAndNeverStartsOnAMistake(string sample)
    {
        string text = File.ReadAllText(Path.Combine(Repository(), "samples", sample));
        var random = new Random(1);
        const string Alphabet = "\n\t :-[]{}*&!%@`'\"|>#,?0a\u0000\ufffe\ud800";
        for (int i = 0; i < 300; i++)
        {
            var mutated = new System.Text.StringBuilder(text);
            for (int edits = random.Next(1, 4); edits > 0; edits--)
            {
                int at = random.Next(mutated.Length);
                mutated.Remove(at, random.Next(Math.Min(3, mutated.Length - at)));
                mutated.Insert(at, Alphabet[random.Next(Alphabet.Length)]);
            }

            ConfigResult result = Read(mutated.ToString());
            Assert.Equal(result.Problems.Count == 0, result.Config is not null);
        }
    }
}
