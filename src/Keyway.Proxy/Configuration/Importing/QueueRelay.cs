namespace Keyway.Proxy.Configuration.Importing;

/// <summary><c>protocol = "sqs"</c>: records go to a queue.</summary>
internal sealed class QueueRelay : AwsRelay
{
    private const int Linger = 2; // seconds
    private const int MostRecords = 10;
    private const int MostWorkers = 1000;

    public override void Import(ForeignKeys keys, ImportedPool pool, ImportedFile file, Reading reading)
    {
        file.Pools.Add(pool);
        Listen(keys, pool, reading);
        Common(keys, pool, "sqs");
        if (keys.Text("url") is { } url)
        {
            pool.Set("endpoint", url.Node, url.Value, "url");
        }
        else
        {
            reading.Error(pool.Source, $"{pool.Source.Path} has no url", "add url = \"https://...\", the queue's address");
        }

        if (keys.Number("maxRecords") is { Value: > 0 } most)
        {
            pool.Set("batch_records", most.Node, Math.Min(most.Value, MostRecords), "maxRecords");
        }

        pool.Set("linger", pool.Source, TimeSpan.FromSeconds(Linger), "as in smart-relayer");
        pool.Set("parallel", pool.Source, keys.Number("maxConnections", MostWorkers) is { Value: > 0 } workers ? workers.Value : 1, "maxConnections");
        Text(keys, pool, "groupID", "message_group");
        WhenFull(keys, pool, drops: false);
        TellOthers(keys, pool, [.. WithoutEffect, "critical", "streamName", "concat", "ignoreCommands"]);
    }
}
