using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Tests.Configuration;

public sealed class RelayCheckTests
{
    [Fact]
    public void Relay_HasItsKeys()
    {
        PoolConfig pool = Read(
            "sink: sqs", "endpoint: https://sqs.eu-west-1.amazonaws.com/1/q.fifo", "region: eu-west-1", "message_group: g", "http_listen: 8080", "compat: smart-relayer",
            "binary: escape", "ignore_commands: [DEL, Expire]", "batch_records: 5", "max_record: 100kb", "linger: 0", "newline: none", "strict_order: true", "retry_limit: 3",
            "journal_dir: /var/lib/keyway", "when_full: error").Config!.Pools[0];

        Assert.Equal(PoolProtocol.Firehose, pool.Protocol);
        Assert.Empty(pool.Servers);
        Assert.Equal((SinkKind.Sqs, "g", RelayCompat.SmartRelayer, BinaryText.Escape), (pool.Relay.Sink, pool.Relay.MessageGroup, pool.Relay.Compat, pool.Relay.Binary));
        Assert.Equal(["del", "expire"], pool.Relay.IgnoreCommands);
        Assert.Equal("8080", pool.Relay.HttpListen.Single().Text);
        BatchConfig batch = pool.Relay.Batch;
        Assert.Equal((5, null, 100 * 1024, 3, true), (batch.Records, batch.Bytes, batch.MaxRecord, batch.RetryLimit, batch.StrictOrder));
        Assert.Equal(TimeSpan.Zero, batch.Linger);
        Assert.Equal(Acknowledgement.Disk, pool.Smart.Acknowledge); // it has a journal
        Assert.Equal(WhenFull.Error, pool.Smart.WhenFull);
    }

    [Fact]
    public void RedisStream_MayBeBehindAUnixSocket() =>
        Assert.Equal("/run/redis.sock", RedisAddress.Parse(Read("sink: redis-stream", "stream: s", "endpoint: unix:///run/redis.sock").Config!.Pools[0].Relay.Endpoint!)!.UnixPath);

    [Fact]
    public void Relay_WithoutJournal_KeepsRecordsInMemory() =>
        Assert.Equal(Acknowledgement.Memory, Read("stream: s").Config!.Pools[0].Smart.Acknowledge);

    [Theory]
    [InlineData("'sink: firehose' without 'stream'", "open: true")]
    [InlineData("'sink: kinesis' without 'stream'", "sink: kinesis")]
    [InlineData("'sink: sqs' without 'endpoint'", "sink: sqs")]
    [InlineData("'sink: http' without 'endpoint'", "sink: http")]
    [InlineData("'sink: file' without 'directory'", "sink: file")]
    [InlineData("'sink: redis-stream' without 'stream'", "sink: redis-stream", "endpoint: redis://h:6379")]
    [InlineData("'sink: redis-stream' without 'endpoint'", "sink: redis-stream", "stream: s")]
    [InlineData("'sink: redis-stream' has no https:// address", "sink: redis-stream", "stream: s", "endpoint: https://h")]
    [InlineData("'sink: firehose' has no redis:// address", "stream: s", "endpoint: redis://h")]
    [InlineData("'sink: firehose' has no unix:// address", "stream: s", "endpoint: unix:///run/x")]
    [InlineData("'rediss://h:6379' is a Redis server with TLS", "sink: redis-stream", "stream: s", "endpoint: rediss://h:6379")]
    [InlineData("'endpoint' is no address of a Redis server", "sink: redis-stream", "stream: s", "endpoint: redis://h/x")]
    [InlineData("'endpoint' is no address of a Redis server", "sink: redis-stream", "stream: s", "endpoint: 'unix:///run/redis.sock?db=1'")]
    [InlineData("an HTTP proxy has no unix:// address", "stream: s", "proxy: unix:///run/x")]
    [InlineData("is not an address", "stream: s", "endpoint: h:80")]
    [InlineData("'stream' means nothing for 'sink: stdout'", "sink: stdout", "stream: s")]
    [InlineData("'directory' means nothing for 'sink: firehose'", "stream: s", "directory: /tmp")]
    [InlineData("'region' means nothing for 'sink: http'", "sink: http", "endpoint: http://h", "region: x")]
    [InlineData("there is no 'journal_dir'", "stream: s", "acknowledge: fsync")]
    [InlineData("there is no 'journal_dir'", "stream: s", "dead_letters: true")]
    [InlineData("'batch_records' is more than firehose takes", "stream: s", "batch_records: 501")]
    [InlineData("'batch_records' is more than sqs takes", "sink: sqs", "endpoint: https://h/q", "batch_records: 11")]
    [InlineData("'batch_bytes' is more than firehose takes", "stream: s", "batch_bytes: 5mb")]
    [InlineData("'max_record' is more than firehose takes", "stream: s", "max_record: 1001kb")]
    [InlineData("'aggregate' is more than firehose takes", "stream: s", "aggregate: 1mb")]
    [InlineData("'aggregate' is more than 'max_record'", "stream: s", "aggregate: 10kb", "max_record: 5kb")]
    [InlineData("'aggregate' without line feeds", "stream: s", "aggregate: 5kb", "newline: none")]
    [InlineData("'parallel' with 'strict_order'", "stream: s", "strict_order: true", "parallel: 2")]
    [InlineData("'retry_max' is less than 'retry_min'", "stream: s", "retry_min: 1m")]
    [InlineData("'servers' is only valid for a redis or memcached pool", "stream: s", "servers: [h:1]")]
    [InlineData("'hash' is only valid for a redis or memcached pool", "stream: s", "hash: md5")]
    [InlineData("'mode' is only valid for a redis or memcached pool", "stream: s", "mode: smart")]
    [InlineData("is open to the network without a password", "stream: s", "http_listen: 0.0.0.0:8080")]
    public void Mistake_IsReported(string message, params string[] lines) => Assert.Contains(message, Files.Only(Read(lines)), StringComparison.Ordinal);

    [Fact]
    public void HttpAddress_TakenTwice_IsReported() =>
        Assert.Contains("the address 127.0.0.1:6381 is taken", Files.Only(Read("stream: s", "http_listen: 6381")), StringComparison.Ordinal);

    [Fact]
    public void Relay_MayListenForHttpAlone()
    {
        Assert.Empty(Files.Read("pools:\n  relay: {protocol: firehose, http_listen: 8080, sink: stdout}").Problems);
        Assert.Contains("has no 'listen'", Files.Only(Files.Read("pools:\n  relay: {protocol: firehose, sink: stdout}")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sink: stdout")]
    [InlineData("acknowledge: memory")]
    public void RelaysKey_InAnotherPool_IsReported(string line) =>
        Assert.Contains(
            line.StartsWith("sink", StringComparison.Ordinal) ? "'sink' is only valid for a firehose pool" : "'acknowledge' without 'mode: smart'",
            Files.Only(Files.ReadPool(line)),
            StringComparison.Ordinal);

    private static ConfigResult Read(params string[] lines) =>
        Files.Read("pools:\n  relay:\n    protocol: firehose\n    listen: 6381\n" + string.Concat(lines.Select(static line => $"    {line}\n")));
}
