using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>smart-relayer's TOML file: <c>[[relayer]]</c> tables, each a listener with its protocol.</summary>
internal static class RelayerImporter
{
    private static readonly string[] ProcessKeys = ["comment", "GOGC", "BufferPoolSize"];

    private static readonly Dictionary<string, RelayerProtocol> Protocols = new(StringComparer.Ordinal)
    {
        ["redis"] = new RedisRelay(PoolTopology.Servers),
        ["redis2"] = new RedisRelay(PoolTopology.Servers),
        ["redis-cluster"] = new RedisRelay(PoolTopology.Cluster),
        ["redis-plus"] = new RedisRelay(PoolTopology.Servers),
        ["firehose"] = new StreamRelay("firehose", isHttp: false),
        ["httpToFirehose"] = new StreamRelay("firehose", isHttp: true),
        ["kinesis"] = new StreamRelay("kinesis", isHttp: false),
        ["sqs"] = new QueueRelay(),
        ["fs"] = new LaterRelay("this version keeps no file a key; a pool with 'protocol: firehose' and 'sink: file' keeps records in files"),
        ["http"] = new LaterRelay("this version is no HTTP proxy"),
        ["httpToAthena"] = new LaterRelay("this version does not ask Amazon Athena"),
        ["redis2kvstore"] = new LaterRelay("this version does not write to key-value stores over HTTP"),
    };

    /// <summary>The file as Keyway's own; null if it has no relayers.</summary>
    public static ImportedFile? Import(ConfigNode root, Reading reading)
    {
        var table = (MappingNode)root;
        ForeignKeys keys = new(table, ignoreCase: true, reading);
        if (keys.Any("relayer")?.Node is not SequenceNode relayers)
        {
            reading.Error(root, "the file has no [[relayer]]", "write a [[relayer]] with its keys below for each listener");
            return null;
        }

        ImportedFile file = new(ConfigFormat.SmartRelayer, root);
        foreach (string key in ProcessKeys)
        {
            if (keys.Any(key) is not null && key is not "comment")
            {
                file.Remarks.Add($"{key}: not needed, it tuned the memory of smart-relayer's runtime");
            }
        }

        foreach (ConfigEntry entry in keys.Unknown)
        {
            reading.Warn(entry.Key, $"'{entry.Key.Value}' is unknown and is not carried over", "remove it");
        }

        int number = 0;
        foreach (ConfigNode item in relayers.Items)
        {
            number++;
            if (item is MappingNode relayer)
            {
                Import(relayer, $"relayer{number}", file, reading);
            }
            else
            {
                reading.Error(item, $"{item.Path} is not a table", "write [[relayer]] and its keys below");
            }
        }

        return file;
    }

    private static void Import(MappingNode relayer, string name, ImportedFile file, Reading reading)
    {
        ForeignKeys keys = new(relayer, ignoreCase: true, reading);
        if (keys.Text("protocol") is not { } protocol)
        {
            reading.Error(relayer, $"{relayer.Path} has no protocol", $"add protocol = \"redis\"; others are {string.Join(", ", Protocols.Keys)}");
        }
        else if (Protocols.TryGetValue(protocol.Value, out RelayerProtocol? known))
        {
            known.Import(keys, new ImportedPool(name, relayer, reading), file, reading);
        }
        else
        {
            reading.Error(
                protocol.Node, $"{relayer.Path}.protocol {Values.Quoting.Show(protocol.Value)} is unknown", $"write one of {string.Join(", ", Protocols.Keys)}");
        }
    }
}
