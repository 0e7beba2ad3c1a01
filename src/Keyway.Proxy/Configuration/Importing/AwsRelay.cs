namespace Keyway.Proxy.Configuration.Importing;

/// <summary>A listener that makes records of requests for a service of AWS; smart-relayer keeps them in memory only.</summary>
internal abstract class AwsRelay : RelayerProtocol
{
    private const int Timeout = 15; // seconds that the service has to answer

    protected static readonly string[] WithoutEffect =
    [
        "compress", "uncompress", "gzip", "gunzip", "pipeline", "timeout", "maxIdleConnections", "minIdleConnections", "maxConnectedSecs", "path", "s3Bucket",
        "shards", "writers", "breakMultiplier", "asynCommands", "useBufferPool",
    ];

    /// <summary>What all of them have.</summary>
    protected static void Common(ForeignKeys keys, ImportedPool pool, string sink)
    {
        pool.Set("protocol", keys.Text("protocol")!.Node, "firehose", "protocol; clients send Redis's commands or HTTP");
        if (sink != "firehose")
        {
            pool.Set("sink", keys.Text("protocol")!.Node, sink, "protocol");
        }

        pool.Set("compat", pool.Source, "smart-relayer", "as in smart-relayer: transactions are answered +OK");
        Text(keys, pool, "region", "region");
        Text(keys, pool, "profile", "profile");
        pool.Set("request_timeout", pool.Source, TimeSpan.FromSeconds(Timeout), "as in smart-relayer");
        pool.Remark("records are kept in memory until they are delivered, as in smart-relayer; with 'acknowledge: disk' and 'journal_dir' they outlive the process");
    }

    /// <summary>A text that means the same here.</summary>
    protected static void Text(ForeignKeys keys, ImportedPool pool, string from, string to)
    {
        if (keys.Text(from) is { } text)
        {
            pool.Set(to, text.Node, text.Value, from);
        }
    }

    /// <summary>smart-relayer drops records silently when its queue is full, in the mode that is asked for; Keyway counts them.</summary>
    protected static void WhenFull(ForeignKeys keys, ImportedPool pool, bool drops)
    {
        if (drops && keys.Text("mode") is { } mode)
        {
            pool.Set("when_full", mode.Node, "drop_newest", "mode: records that find no room are dropped, and counted");
        }

        if (keys.Number("buffer") is not null)
        {
            pool.Remark("buffer: the queue is bounded in bytes, by 'max_backlog'");
        }
    }
}
