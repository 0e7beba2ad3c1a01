using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration;

/// <summary>What a relay needs, and what means nothing to its sink.</summary>
internal static class RelayChecks
{
    private static readonly SinkKind[] Aws = [SinkKind.Firehose, SinkKind.Kinesis, SinkKind.Sqs];
    private static readonly SinkKind[] WithStream = [SinkKind.Firehose, SinkKind.Kinesis, SinkKind.RedisStream];
    private static readonly SinkKind[] Files = [SinkKind.File];

    /// <summary>The keys that only some sinks have.</summary>
    private static readonly (string Key, SinkKind[] Sinks)[] OfSinks =
    [
        ("stream", WithStream),
        ("endpoint", [.. Aws, SinkKind.Http, SinkKind.RedisStream]),
        ("region", Aws),
        ("profile", Aws),
        ("fips", Aws),
        ("proxy", [.. Aws, SinkKind.Http]),
        ("message_group", [SinkKind.Sqs]),
        ("directory", Files),
        ("roll_size", Files),
        ("roll_interval", Files),
        ("gzip_files", Files),
    ];

    public static void Run(PoolConfig pool, MappingNode source, Reading reading)
    {
        CheckNeeds(pool.Relay, source, reading);
        CheckSink(pool.Relay, source, reading);
        CheckHardLimits(pool.Relay, source, reading);
        CheckBatch(pool.Relay, source, reading);
    }

    /// <summary>The name that the file has for the sink.</summary>
    internal static string NameOf(SinkKind sink) => sink == SinkKind.RedisStream ? "redis-stream" : sink.ToString().ToLowerInvariant();

    private static void CheckNeeds(RelayConfig relay, MappingNode source, Reading reading)
    {
        (string Key, string Remedy)? missing = relay.Sink switch
        {
            SinkKind.Firehose when relay.Stream is null => ("stream", "add the name of the delivery stream"),
            SinkKind.Kinesis when relay.Stream is null => ("stream", "add the name of the data stream"),
            SinkKind.RedisStream when relay.Stream is null => ("stream", "add the key of the Redis stream"),
            SinkKind.RedisStream when relay.Endpoint is null => ("endpoint", "add the server, redis://host:6379"),
            SinkKind.Sqs when relay.Endpoint is null => ("endpoint", "add the address of the queue, https://sqs.REGION.amazonaws.com/ACCOUNT/NAME"),
            SinkKind.Http when relay.Endpoint is null => ("endpoint", "add the address that records are POSTed to"),
            SinkKind.File when relay.Directory is null => ("directory", "add the directory of the files"),
            _ => null,
        };
        if (missing is { } needed && source.Find(needed.Key) is null)
        {
            reading.Error(source, $"'sink: {NameOf(relay.Sink)}' without '{needed.Key}'", needed.Remedy);
        }

        if (relay.Endpoint is { } endpoint && IsHttp(endpoint) == (relay.Sink == SinkKind.RedisStream) && relay.Sink is not (SinkKind.File or SinkKind.Stdout))
        {
            reading.Error(
                source.Find("endpoint")!.Value,
                $"'sink: {NameOf(relay.Sink)}' has no {endpoint.Scheme}:// address",
                relay.Sink == SinkKind.RedisStream ? "write redis://host:port or unix:///path" : "write an address with https:// or http://");
        }
        else if (relay is { Endpoint: { } server, Sink: SinkKind.RedisStream } && RedisAddress.Parse(server) is null)
        {
            reading.Error(source.Find("endpoint")!.Value, "'endpoint' is no address of a Redis server", "write redis://[user:password@]host[:port][/database] or unix:///path");
        }

        if (relay.Proxy is { } proxy && !IsHttp(proxy))
        {
            reading.Error(source.Find("proxy")!.Value, $"an HTTP proxy has no {proxy.Scheme}:// address", "write http://host:port");
        }
    }

    private static bool IsHttp(Uri address) => address.Scheme is "http" or "https";

    private static void CheckSink(RelayConfig relay, MappingNode source, Reading reading)
    {
        foreach ((string key, SinkKind[] sinks) in OfSinks)
        {
            if (!sinks.Contains(relay.Sink) && source.Find(key) is { } entry)
            {
                reading.Error(entry.Key, $"'{key}' means nothing for 'sink: {NameOf(relay.Sink)}'", $"remove it; it belongs to {string.Join(", ", sinks.Select(NameOf))}");
            }
        }
    }

    /// <summary>More than the services take, however they are asked.</summary>
    private static void CheckHardLimits(RelayConfig relay, MappingNode source, Reading reading)
    {
        (int Records, long Bytes, int Record)? most = relay.Sink switch
        {
            SinkKind.Firehose => (500, 4L << 20, 1000 << 10),
            SinkKind.Kinesis => (500, 10L << 20, 10 << 20),
            SinkKind.Sqs => (10, 1L << 20, 1 << 20),
            _ => null,
        };
        if (most is not { } limits)
        {
            return;
        }

        Check("batch_records", relay.Batch.Records, limits.Records, "records a call");
        Check("batch_bytes", relay.Batch.Bytes, limits.Bytes, "bytes a call");
        Check("max_record", relay.Batch.MaxRecord, limits.Record, "bytes a record");
        Check("aggregate", relay.Batch.Aggregate, limits.Record, "bytes a record");

        void Check(string key, long? value, long limit, string what)
        {
            if (value > limit)
            {
                reading.Error(source.Find(key)!.Value, $"'{key}' is more than {NameOf(relay.Sink)} takes", $"write at most {limit} {what}");
            }
        }
    }

    private static void CheckBatch(RelayConfig relay, MappingNode source, Reading reading)
    {
        BatchConfig batch = relay.Batch;
        if (batch.RetryMin > batch.RetryMax)
        {
            reading.Error((source.Find("retry_max") ?? source.Find("retry_min"))!.Value, "'retry_max' is less than 'retry_min'", "make it at least as long");
        }

        if (batch.StrictOrder && batch.Parallel > 1 && source.Find("parallel") is { } parallel)
        {
            reading.Error(parallel.Value, "'parallel' with 'strict_order'", "remove it: strict order means one call at a time");
        }

        if (batch.Aggregate > 0 && !relay.EndsLines)
        {
            reading.Error((source.Find("newline") ?? source.Find("aggregate"))!.Value, "'aggregate' without line feeds", "write newline: add, or leave 'aggregate' out: joined records could not be told apart");
        }

        if (batch.MaxRecord is { } longest && batch.Aggregate > longest)
        {
            reading.Error(source.Find("aggregate")!.Value, "'aggregate' is more than 'max_record'", "make it at most as long");
        }
    }
}
