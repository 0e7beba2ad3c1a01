using System.Globalization;
using Keyway.Proxy.Configuration.Yaml;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>
/// <c>protocol = "redis"</c>, <c>"redis2"</c> or <c>"redis-plus"</c>, a listener before one Redis server; or <c>"redis-cluster"</c>, before a Redis Cluster.
/// </summary>
internal sealed class RedisRelay(PoolTopology topology) : RelayerProtocol
{
    private const int IntendedTimeout = 30; // seconds; a mistake in smart-relayer turns it into none
    private const int DialTimeout = 5; // seconds
    private const int MostIdle = 65536;

    /// <summary>Keys that other protocols use, or that never had an effect on this one.</summary>
    private static readonly string[] WithoutEffect =
    [
        "pipeline", "maxConnections", "critical", "maxRecords", "buffer", "streamName", "region", "profile", "concat", "groupID", "path", "s3Bucket",
        "shards", "writers", "breakMultiplier", "ignoreCommands", "useBufferPool",
    ];

    public override void Import(ForeignKeys keys, ImportedPool pool, ImportedFile file, Reading reading)
    {
        bool isSmart = keys.Text("mode") is { Value: "smart" or "async" };
        file.Pools.Add(pool);
        Listen(keys, pool, reading);
        Server(keys, pool, reading);
        if (topology == PoolTopology.Cluster)
        {
            pool.Set("topology", pool.Source, "cluster", "protocol");
        }

        Timeouts(keys, pool);
        Connections(keys, pool);
        if (isSmart)
        {
            Smart(keys, pool);
        }
        else if (keys.Text("asynCommands") is not null)
        {
            pool.Remark("asynCommands: without effect, the mode is not smart");
        }

        Compression(keys, pool);
        TellOthers(keys, pool, WithoutEffect);
    }

    /// <summary>What it wrote is read; what is written from now on is Keyway's own form, which a smart-relayer beside it does not read.</summary>
    private static void Compression(ForeignKeys keys, ImportedPool pool)
    {
        Foreign<long>? gzip = keys.Number("gzip") is { Value: > 0 } level ? level : null;
        Foreign<bool>? snappy = keys.Flag("compress") is { Value: true } flag ? flag : null;
        ConfigNode? reads = new[] { keys.Flag("uncompress"), keys.Flag("gunzip") }.FirstOrDefault(static key => key is { Value: true })?.Node;
        if ((gzip?.Node ?? snappy?.Node) is { } writes)
        {
            pool.Set("compress", writes, "gzip", gzip is null ? "compress: Snappy is read, and not written" : "gzip, at the fastest level");
            pool.Warn(writes, "values are compressed in a form of Keyway's own", "a smart-relayer that is still in use does not read it");
            reads = writes;
        }

        if (reads is not null)
        {
            pool.Set("decompress", reads, "relayer", "what smart-relayer has compressed is read");
        }
    }

    private static void Server(ForeignKeys keys, ImportedPool pool, Reading reading)
    {
        const string Remedy = "write tcp://host:port, or unix:/path";
        if (keys.Text("url") is not { } url)
        {
            reading.Error(pool.Source, $"{pool.Source.Path} has no url", Remedy);
        }
        else if (RelayAddress.Parse(url.Value) is not { } address || (address.UnixPath is null && address.Host.Length == 0))
        {
            reading.Error(url.Node, $"{url.Node.Path} {Values.Quoting.Show(url.Value)} is no server", Remedy);
        }
        else
        {
            pool.SetList("servers", url.Node, [(url.Node, address.UnixPath ?? $"{address.Host}:{address.Port}")], "url");
        }
    }

    private static void Timeouts(ForeignKeys keys, ImportedPool pool)
    {
        if (keys.Number("timeout", int.MaxValue / 1000) is { } timeout)
        {
            string value = timeout.Value == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{timeout.Value}s");
            pool.Set("timeout", timeout.Node, value, "timeout, in seconds");
        }
        else
        {
            pool.Set("timeout", pool.Source, TimeSpan.FromSeconds(IntendedTimeout), "smart-relayer's default, which it announces but loses: it waited for ever");
        }

        pool.Set("connect_timeout", pool.Source, TimeSpan.FromSeconds(DialTimeout), "as in smart-relayer");
    }

    private static void Connections(ForeignKeys keys, ImportedPool pool)
    {
        if (keys.Number("maxIdleConnections") is not null)
        {
            pool.Remark("maxIdleConnections: clients share one pipelined connection to the server; 'server_connections' makes it more");
        }

        if (keys.Number("maxConnectedSecs", int.MaxValue / 1000) is { Value: > 0 } age)
        {
            pool.Set("connection_max_age", age.Node, TimeSpan.FromSeconds(age.Value), "maxConnectedSecs");
        }

        if (keys.Number("minIdleConnections", MostIdle) is { Value: > 0 } idle)
        {
            pool.Set("preconnect", idle.Node, value: true, "minIdleConnections: the shared connection is there before the first client");
            pool.Set("min_idle", idle.Node, idle.Value, "minIdleConnections: so many for commands that wait and for WATCH");
        }
    }

    /// <summary>Writes only: what else <c>asynCommands</c> has got a made-up answer, and keeps its server's here.</summary>
    private static void Smart(ForeignKeys keys, ImportedPool pool)
    {
        pool.Set("mode", keys.Text("mode")!.Node, "smart", "mode; what was answered survives an outage of the server in memory, with 'acknowledge: disk' also the end of the process");
        if (keys.Text("asynCommands") is not { } commands)
        {
            return;
        }

        List<(ConfigNode From, string Value)> rules = [];
        foreach (string name in commands.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string text = $"+{name}=+OK";
            if (EarlyRule.TryParse(text, PoolProtocol.Redis, out EarlyRule rule, out string problem))
            {
                rules.Add((commands.Node, rule.ToString()));
            }
            else
            {
                pool.Warn(commands.Node, $"asynCommands: {name} {problem} and is not answered early", "its clients get the server's answer");
            }
        }

        if (rules.Count > 0)
        {
            pool.SetList("early", commands.Node, rules, "asynCommands");
        }
    }
}
