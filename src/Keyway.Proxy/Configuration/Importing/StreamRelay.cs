namespace Keyway.Proxy.Configuration.Importing;

/// <summary><c>protocol = "firehose"</c>, <c>"httpToFirehose"</c> or <c>"kinesis"</c>: records go to a stream.</summary>
/// <param name="sink">Which kind of stream.</param>
/// <param name="isHttp">Clients speak HTTP.</param>
internal sealed class StreamRelay(string sink, bool isHttp) : AwsRelay
{
    private const int Linger = 15; // seconds
    private const int LongestRecord = 1_000_000; // bytes
    private const int MostRecords = 500;
    private const int Workers = 2;
    private const int HttpWorkers = 10;
    private const int MostWorkers = 1000;

    public override void Import(ForeignKeys keys, ImportedPool pool, ImportedFile file, Reading reading)
    {
        file.Pools.Add(pool);
        Listen(keys, pool, reading, isHttp ? "http_listen" : "listen", isHttp ? "0666" : "0777");
        Common(keys, pool, sink);
        if (keys.Text("streamName") is { } stream)
        {
            pool.Set("stream", stream.Node, stream.Value, "streamName");
        }
        else
        {
            reading.Error(pool.Source, $"{pool.Source.Path} has no streamName", "add streamName = \"...\"");
        }

        Records(keys, pool);
        pool.Set("linger", pool.Source, TimeSpan.FromSeconds(Linger), "as in smart-relayer; 1s is Keyway's own");
        pool.Set("parallel", pool.Source, keys.Number("maxConnections", MostWorkers) is { Value: > 0 } workers ? workers.Value : isHttp ? HttpWorkers : Workers, "maxConnections");
        bool isCritical = keys.Flag("critical") is { Value: true };
        WhenFull(keys, pool, drops: !isCritical && keys.Text("mode") is { Value: "smart" });
        Ignored(keys, pool);
        TellOthers(keys, pool, [.. WithoutEffect, "url", "groupID"]);
    }

    private static void Records(ForeignKeys keys, ImportedPool pool)
    {
        Foreign<long>? most = keys.Number("maxRecords") is { Value: > 0 } number ? number : null;
        bool isJoined = keys.Flag("concat") is { Value: true };
        if (isJoined)
        {
            pool.Set("aggregate", keys.Flag("concat")!.Node, LongestRecord, "concat");
            if (most is not null)
            {
                pool.Set("aggregate_lines", most.Node, Math.Min(most.Value, MostRecords), "maxRecords");
            }
        }
        else if (most is not null)
        {
            pool.Set("batch_records", most.Node, Math.Min(most.Value, MostRecords), "maxRecords");
        }
    }

    private void Ignored(ForeignKeys keys, ImportedPool pool)
    {
        if (keys.Text("ignoreCommands") is not { } ignored)
        {
            return;
        }

        if (isHttp || sink != "firehose")
        {
            pool.Remark("ignoreCommands: without effect in smart-relayer, too");
            return;
        }

        string[] names = ignored.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        pool.SetList("ignore_commands", ignored.Node, names.Select(name => (ignored.Node, name.ToLowerInvariant())), "ignoreCommands");
    }
}
