using System.Net;
using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Tests.Configuration.Importing;

public sealed class RelayerImporterTests
{
    [Fact]
    public void Read_KeysInAnyCase_AreCarriedOver()
    {
        ConfigResult result = Read("""
            [[Relayer]]
            Protocol = "redis"
            MODE = "sync"
            listen = "tcp://127.0.0.1:6390"
            URL = "tcp://10.0.0.1:6379"
            timeout = 7
            """);

        PoolConfig pool = Assert.Single(result.Config!.Pools);
        Assert.Empty(result.Warnings);
        Assert.Equal("relayer1", pool.Name);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 6390), pool.Listen[0].EndPoint);
        Assert.Equal(("10.0.0.1", 6379), (pool.Servers[0].Host, pool.Servers[0].Port));
        Assert.Equal(TimeSpan.FromSeconds(7), pool.Timeout);
    }

    [Theory]
    [InlineData("tcp://:6389", "0.0.0.0:6389", null)]
    [InlineData("tcp4://127.0.0.2:1", "127.0.0.2:1", null)]
    [InlineData("tcp://[::1]:5", "[::1]:5", null)]
    [InlineData("unix:/tmp/s", null, "/tmp/s")]
    [InlineData("unix:///tmp/s", null, "/tmp/s")]
    public void Read_EachFormOfAddress_IsUnderstood(string listen, string? tcp, string? unix)
    {
        ListenConfig config = Read(Relay($"listen = \"{listen}\"")).Config!.Pools[0].Listen[0];

        Assert.Equal((tcp, unix), (config.EndPoint?.ToString(), config.UnixPath));
        Assert.Equal(unix is null ? null : "777", config.UnixMode is { } mode ? Convert.ToString((int)mode, 8) : null);
    }

    [Theory]
    [InlineData("redis2", PoolTopology.Servers)]
    [InlineData("redis-plus", PoolTopology.Servers)]
    [InlineData("redis-cluster", PoolTopology.Cluster)]
    public void Read_EachProtocolOfRedis_HasItsTopology(string protocol, PoolTopology topology) =>
        Assert.Equal(topology, Read(Relay($"protocol = \"{protocol}\"")).Config!.Pools[0].Topology);

    [Fact]
    public void Read_Connections_AreKeptAsKeywayHasThem()
    {
        PoolConfig pool = Read(Relay("minIdleConnections = 2", "maxConnectedSecs = 90", "maxConnections = 7")).Config!.Pools[0];

        Assert.True(pool.Preconnect);
        Assert.Equal(2, pool.MinIdle);
        Assert.Equal(TimeSpan.FromSeconds(90), pool.ConnectionMaxAge);
    }

    [Theory]
    [InlineData("smart")]
    [InlineData("async")]
    public void Read_SmartMode_IsKept_WithItsCommands(string mode)
    {
        ConfigResult result = Read(Relay($"mode = \"{mode}\"", "asynCommands = \"SETNX INCR GET\"", "maxConnectedSecs = 90"));

        PoolConfig pool = result.Config!.Pools[0];
        Assert.Equal(PoolMode.Smart, pool.Mode);
        Assert.Equal(TimeSpan.FromSeconds(90), pool.ConnectionMaxAge);
        Assert.Equal(["+setnx=+OK", "+incr=+OK"], pool.Smart.Early);
        Assert.Contains("GET names a command that is no plain write", Assert.Single(result.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SmartMode_IsKept_BeforeAClusterToo()
    {
        PoolConfig pool = Read(Relay("protocol = \"redis-cluster\"", "mode = \"smart\"")).Config!.Pools[0];

        Assert.Equal((PoolMode.Smart, PoolTopology.Cluster), (pool.Mode, pool.Topology));
    }

    [Theory]
    [InlineData("compress = true", CompressionMethod.Gzip, Decompression.Relayer)]
    [InlineData("gzip = 6", CompressionMethod.Gzip, Decompression.Relayer)]
    [InlineData("gzip = 0", CompressionMethod.None, Decompression.Auto)]
    [InlineData("uncompress = true", CompressionMethod.None, Decompression.Relayer)]
    [InlineData("gunzip = true", CompressionMethod.None, Decompression.Relayer)]
    public void Read_Compression_IsKept(string line, CompressionMethod method, Decompression decompress)
    {
        ConfigResult result = Read(Relay(line));

        CompressionConfig compression = result.Config!.Pools[0].Compression;
        Assert.Equal((method, decompress), (compression.Method, compression.Decompress));
        Assert.Equal(method == CompressionMethod.None ? 0 : 1, result.Warnings.Count);
    }

    [Theory]
    [InlineData("timeout = 0", null)]
    [InlineData("", 30.0)]
    public void Read_Timeout_NoneOnlyWhereItSaysSo(string line, double? seconds) =>
        Assert.Equal(seconds, Read(Relay(line)).Config!.Pools[0].Timeout?.TotalSeconds);

    [Theory]
    [InlineData("protocol = \"fs\"", "this version keeps no file a key")]
    public void Read_ARelayerThatIsForLater_DoesNotRunButLeavesTheOthers(string line, string reason)
    {
        string text = Relay("listen = \"tcp://127.0.0.1:1\"") + Relay("listen = \"tcp://127.0.0.1:2\"", line);

        ConfigResult direct = Read(text);
        ImportResult import = Files.Import(text);

        Assert.Contains(reason, Assert.Single(direct.Problems).Message);
        Assert.Empty(import.Problems);
        Assert.True(import.IsPartial);
        Assert.Contains("nothing else in the file is affected", Assert.Single(import.Warnings).Remedy);
        Assert.Contains($"the relayer on tcp://127.0.0.1:2", import.Yaml);
        Assert.Equal(1, Assert.Single(Files.Read(import.Yaml!).Config!.Pools).Listen[0].EndPoint!.Port);
    }

    [Fact]
    public void Read_AFirehoseRelayer_BecomesARelay()
    {
        PoolConfig pool = Pool(Relay(
            "protocol = \"firehose\"", "streamName = \"events\"", "region = \"eu-west-1\"", "profile = \"logs\"", "mode = \"smart\"", "concat = true",
            "maxRecords = 100", "maxConnections = 3", "ignoreCommands = \"CLIENT Info\""));

        Assert.Equal(PoolProtocol.Firehose, pool.Protocol);
        Assert.Equal(
            (SinkKind.Firehose, "events", "eu-west-1", "logs", RelayCompat.SmartRelayer),
            (pool.Relay.Sink, pool.Relay.Stream, pool.Relay.Region, pool.Relay.Profile, pool.Relay.Compat));
        Assert.Equal((1_000_000, 100, 3, TimeSpan.FromSeconds(15)), (pool.Relay.Batch.Aggregate, pool.Relay.Batch.AggregateLines, pool.Relay.Batch.Parallel, pool.Relay.Batch.Linger));
        Assert.Equal(["client", "info"], pool.Relay.IgnoreCommands);
        Assert.Equal(WhenFull.DropNewest, pool.Smart.WhenFull);
    }

    [Theory]
    [InlineData("mode = \"smart\"\ncritical = true")]
    [InlineData("mode = \"sync\"")]
    [InlineData("maxRecords = 7")]
    public void Read_AFirehoseRelayer_WaitsWhereTheOriginalBlocked(string lines) =>
        Assert.Equal(WhenFull.Wait, Pool(Relay(["protocol = \"kinesis\"", "streamName = \"events\"", .. lines.Split('\n')])).Smart.WhenFull);

    [Fact]
    public void Read_AnHttpRelayer_ListensForHttp()
    {
        PoolConfig pool = Pool(Relay("protocol = \"httpToFirehose\"", "streamName = \"events\"", "maxRecords = 7"));

        Assert.Empty(pool.Listen);
        Assert.Equal(6390, Assert.Single(pool.Relay.HttpListen).EndPoint!.Port);
        Assert.Equal((7, 10), (pool.Relay.Batch.Records, pool.Relay.Batch.Parallel));
    }

    [Fact]
    public void Read_AQueueRelayer_BecomesARelay()
    {
        PoolConfig pool = Pool(Relay("protocol = \"sqs\"", "url = \"https://sqs.eu-west-1.amazonaws.com/1/q.fifo\"", "groupID = \"g\"", "maxRecords = 20"));

        Assert.Equal((SinkKind.Sqs, "https://sqs.eu-west-1.amazonaws.com/1/q.fifo", "g"), (pool.Relay.Sink, pool.Relay.Endpoint!.ToString(), pool.Relay.MessageGroup));
        Assert.Equal((10, 1, TimeSpan.FromSeconds(2)), (pool.Relay.Batch.Records, pool.Relay.Batch.Parallel, pool.Relay.Batch.Linger));
    }

    [Fact]
    public void Import_NothingToCarryOver_HasNoYaml()
    {
        ImportResult import = Files.Import("[[relayer]]\nprotocol = \"http\"\nlisten = \"tcp://:1\"");

        Assert.Null(import.Yaml);
        Assert.Single(import.Warnings);
    }

    [Theory]
    [InlineData("maxIdle = 3", "f.conf:5:1: 'maxIdle' is unknown and is not carried over; remove it, smart-relayer ignores it, too")]
    [InlineData("minIdleConnection = 3", "f.conf:5:1: 'minIdleConnection' is unknown and is not carried over; did you mean 'minIdleConnections'?")]
    public void Read_AnUnknownKey_IsAWarning(string line, string expected) =>
        Assert.Equal(expected, Assert.Single(Read(Relay(line)).Warnings).ToString());

    [Theory]
    [InlineData("[[relayer]]\nlisten = \"tcp://:1\"", "f.conf:1:1: relayer[0] has no protocol; *")]
    [InlineData("[[relayer]]\nprotocol = \"rediss\"", "f.conf:2:12: relayer[0].protocol 'rediss' is unknown; *")]
    [InlineData("[[relayer]]\nprotocol = \"redis\"", "f.conf:1:1: relayer[0] has no listen; *")]
    [InlineData("[[relayer]]\nprotocol = \"redis\"\nlisten = \":1\"", "f.conf:3:10: relayer[0].listen ':1' is no address; write tcp://host:port or unix:/path")]
    [InlineData("[[relayer]]\nprotocol = \"redis\"\nurl = \"tcp://:1\"", "f.conf:3:7: relayer[0].url 'tcp://:1' is no server; *")]
    [InlineData("[[relayer]]\nprotocol = \"redis\"\ntimeout = \"5\"", "f.conf:3:11: relayer[0].timeout is a text; *")]
    [InlineData("[[relayer]]\nprotocol = redis", "f.conf:2:12: 'redis' is no value; *")]
    public void Read_AMistake_IsReportedAtItsPlace(string text, string expected)
    {
        ConfigResult result = Read(text);

        Assert.Null(result.Config);
        Assert.Contains(result.Problems, p => p.ToString().StartsWith(expected.TrimEnd('*'), StringComparison.Ordinal));
    }

    private static PoolConfig Pool(string text)
    {
        ConfigResult result = Read(text);
        Assert.Empty(result.Problems);
        return Assert.Single(result.Config!.Pools);
    }

    private static ConfigResult Read(string text) => Files.Read(text, from: null);

    /// <summary>A relayer with the lines given in place of, or behind, the least that it needs.</summary>
    private static string Relay(params string[] lines)
    {
        string[] least = ["protocol = \"redis\"", "listen = \"tcp://127.0.0.1:6390\"", "url = \"tcp://10.0.0.1:6379\""];
        IEnumerable<string> kept = least.Where(l => !lines.Any(own => own.StartsWith(l[..5], StringComparison.Ordinal)));
        return string.Join('\n', kept.Concat(lines).Prepend("[[relayer]]")) + "\n";
    }
}
