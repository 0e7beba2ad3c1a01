using Keyway.Proxy.Configuration.Values;

namespace Keyway.Proxy.Configuration.Keys;

/// <summary>The keys of a pool with <c>protocol: firehose</c> that no other pool has. Where a limit is 0, the sink's own holds.</summary>
internal static class RelayKeys
{
    private static readonly PoolProtocol[] Relays = [PoolProtocol.Firehose];
    private static readonly BooleanKind Boolean = new();
    private static readonly TextKind Text = new();
    private static readonly DurationKind Moment = new(TimeSpan.FromMilliseconds(1));

    public static readonly IReadOnlyList<ConfigKey<PoolConfig>> All =
    [
        new TypedKey<PoolConfig, SinkKind>(
            "sink", new NameKind<SinkKind>(
                ("firehose", SinkKind.Firehose), ("kinesis", SinkKind.Kinesis), ("sqs", SinkKind.Sqs), ("file", SinkKind.File),
                ("http", SinkKind.Http), ("stdout", SinkKind.Stdout), ("redis-stream", SinkKind.RedisStream)),
            p => p.Relay.Sink, (p, v) => p with { Relay = p.Relay with { Sink = v } },
            "Relay: where records go.") { Only = Relays },
        new TypedKey<PoolConfig, string?>(
            "stream", Text,
            p => p.Relay.Stream, (p, v) => p with { Relay = p.Relay with { Stream = v } },
            "Relay: the delivery stream, the data stream, or the key of the Redis stream.") { Only = Relays },
        new TypedKey<PoolConfig, string?>(
            "region", Text,
            p => p.Relay.Region, (p, v) => p with { Relay = p.Relay with { Region = v } },
            "Relay: the AWS region; without it what the environment or the profile says.") { Only = Relays },
        new TypedKey<PoolConfig, Uri?>(
            "endpoint", new AddressKind(),
            p => p.Relay.Endpoint, (p, v) => p with { Relay = p.Relay with { Endpoint = v } },
            "Relay: the service's address in place of AWS's, the queue's, the one to POST to, or the Redis server.") { Only = Relays },
        new TypedKey<PoolConfig, string?>(
            "profile", Text,
            p => p.Relay.Profile, (p, v) => p with { Relay = p.Relay with { Profile = v } },
            "Relay: the profile of AWS's shared files; without it the default chain of credentials.") { Only = Relays },
        new TypedKey<PoolConfig, Uri?>(
            "proxy", new AddressKind(),
            p => p.Relay.Proxy, (p, v) => p with { Relay = p.Relay with { Proxy = v } },
            "Relay: the HTTP proxy on the way out; without it the environment's.") { Only = Relays },
        new TypedKey<PoolConfig, bool>(
            "fips", Boolean,
            p => p.Relay.Fips, (p, v) => p with { Relay = p.Relay with { Fips = v } },
            "Relay: use AWS's FIPS endpoints.") { Only = Relays },
        new TypedKey<PoolConfig, string?>(
            "message_group", Text,
            p => p.Relay.MessageGroup, (p, v) => p with { Relay = p.Relay with { MessageGroup = v } },
            "Relay: the message group of a FIFO queue; without it the pool's name.") { Only = Relays },
        new TypedKey<PoolConfig, string?>(
            "directory", Text,
            p => p.Relay.Directory, (p, v) => p with { Relay = p.Relay with { Directory = v } },
            "Relay: where the files of `sink: file` are.") { Only = Relays },
        new TypedKey<PoolConfig, long>(
            "roll_size", new SizeKind(1L << 10, 1L << 40),
            p => p.Relay.RollSize, (p, v) => p with { Relay = p.Relay with { RollSize = v } },
            "Relay: length at which a file is closed and the next begins, before compression.") { Only = Relays },
        new TypedKey<PoolConfig, TimeSpan>(
            "roll_interval", new DurationKind(TimeSpan.FromSeconds(1)),
            p => p.Relay.RollInterval, (p, v) => p with { Relay = p.Relay with { RollInterval = v } },
            "Relay: age at which a file is closed.") { Only = Relays },
        new TypedKey<PoolConfig, bool>(
            "gzip_files", Boolean,
            p => p.Relay.GzipFiles, (p, v) => p with { Relay = p.Relay with { GzipFiles = v } },
            "Relay: compress closed files.") { Only = Relays },
        new TypedKey<PoolConfig, IReadOnlyList<ListenConfig>>(
            "http_listen", new ListKind<ListenConfig>(new ListenKind(), "addresses", single: true),
            p => p.Relay.HttpListen, (p, v) => p with { Relay = p.Relay with { HttpListen = v } },
            "Relay: where HTTP clients connect.") { Only = Relays },
        new TypedKey<PoolConfig, RelayCompat>(
            "compat", new NameKind<RelayCompat>(("redis", RelayCompat.Redis), ("smart-relayer", RelayCompat.SmartRelayer)),
            p => p.Relay.Compat, (p, v) => p with { Relay = p.Relay with { Compat = v } },
            "Relay: whose answers clients get, inside transactions and out.") { Only = Relays },
        new TypedKey<PoolConfig, BinaryText>(
            "binary", new NameKind<BinaryText>(("base64", BinaryText.Base64), ("escape", BinaryText.Escape)),
            p => p.Relay.Binary, (p, v) => p with { Relay = p.Relay with { Binary = v } },
            "Relay: how bytes that are not UTF-8 stand in a record.") { Only = Relays },
        new TypedKey<PoolConfig, IReadOnlyList<string>>(
            "ignore_commands", new ListKind<string>(new WordKind(), "commands", single: true),
            p => p.Relay.IgnoreCommands, (p, v) => p with { Relay = p.Relay with { IgnoreCommands = v } },
            "Relay: commands that are answered OK and make no record.") { Only = Relays },
        new TypedKey<PoolConfig, int>(
            "batch_records", new IntegerKind(0, 100_000),
            p => p.Relay.Batch.Records ?? 0, (p, v) => With(p, b => b with { Records = v == 0 ? null : v }),
            "Relay: most records in a call; 0 for the sink's own limit (Firehose's is 500).") { Only = Relays },
        new TypedKey<PoolConfig, long>(
            "batch_bytes", new SizeKind(0, 1L << 30),
            p => p.Relay.Batch.Bytes ?? 0, (p, v) => With(p, b => b with { Bytes = v == 0 ? null : v }),
            "Relay: most bytes in a call, encoded; 0 for the sink's own limit (Firehose's is 4mb).") { Only = Relays },
        new TypedKey<PoolConfig, long>(
            "max_record", new SizeKind(0, 1L << 29),
            p => p.Relay.Batch.MaxRecord ?? 0, (p, v) => With(p, b => b with { MaxRecord = v == 0 ? null : (int)v }),
            "Relay: longest record, with its newline; 0 for the sink's own limit (Firehose's is 1000kb). A longer one is refused at the door.") { Only = Relays },
        new TypedKey<PoolConfig, TimeSpan>(
            "linger", new DurationKind(TimeSpan.Zero),
            p => p.Relay.Batch.Linger, (p, v) => With(p, b => b with { Linger = v }),
            "Relay: how long a record waits for others.") { Only = Relays },
        new TypedKey<PoolConfig, long>(
            "aggregate", new SizeKind(0, 1L << 29),
            p => p.Relay.Batch.Aggregate, (p, v) => With(p, b => b with { Aggregate = (int)v }),
            "Relay: join records to one of up to so many bytes; 0 joins none. Firehose bills each in steps of 5 KiB.") { Only = Relays },
        new TypedKey<PoolConfig, int>(
            "aggregate_lines", new IntegerKind(1, 100_000),
            p => p.Relay.Batch.AggregateLines, (p, v) => With(p, b => b with { AggregateLines = v }),
            "Relay: most records that are joined to one.") { Only = Relays },
        new TypedKey<PoolConfig, NewlinePolicy>(
            "newline", new NameKind<NewlinePolicy>(("auto", NewlinePolicy.Auto), ("add", NewlinePolicy.Add), ("none", NewlinePolicy.None)),
            p => p.Relay.Batch.Newline, (p, v) => With(p, b => b with { Newline = v }),
            "Relay: what ends a record: a line feed where it has none, or nothing; `auto` adds it but to the messages of a queue.") { Only = Relays },
        new TypedKey<PoolConfig, int>(
            "parallel", new IntegerKind(1, 256),
            p => p.Relay.Batch.Parallel, (p, v) => With(p, b => b with { Parallel = v }),
            "Relay: most calls at a time.") { Only = Relays },
        new TypedKey<PoolConfig, bool>(
            "strict_order", Boolean,
            p => p.Relay.Batch.StrictOrder, (p, v) => With(p, b => b with { StrictOrder = v }),
            "Relay: one call at a time, and nothing overtakes a record that failed.") { Only = Relays },
        new TypedKey<PoolConfig, TimeSpan>(
            "retry_min", Moment,
            p => p.Relay.Batch.RetryMin, (p, v) => With(p, b => b with { RetryMin = v }),
            "Relay: first wait after a failure; it doubles, with full jitter.") { Only = Relays },
        new TypedKey<PoolConfig, TimeSpan>(
            "retry_max", Moment,
            p => p.Relay.Batch.RetryMax, (p, v) => With(p, b => b with { RetryMax = v }),
            "Relay: longest wait after failures.") { Only = Relays },
        new TypedKey<PoolConfig, TimeSpan>(
            "request_timeout", Moment,
            p => p.Relay.Batch.RequestTimeout, (p, v) => With(p, b => b with { RequestTimeout = v }),
            "Relay: longest wait for the answer to a call.") { Only = Relays },
        new TypedKey<PoolConfig, int>(
            "retry_limit", new IntegerKind(0, int.MaxValue),
            p => p.Relay.Batch.RetryLimit ?? 0, (p, v) => With(p, b => b with { RetryLimit = v == 0 ? null : v }),
            "Relay: how often a call is tried before its records are dead letters; 0 for ever.") { Only = Relays },
    ];

    private static PoolConfig With(PoolConfig pool, Func<BatchConfig, BatchConfig> change) =>
        pool with { Relay = pool.Relay with { Batch = change(pool.Relay.Batch) } };
}
