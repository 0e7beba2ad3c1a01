using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>rmux's JSON file: an array of pools.</summary>
internal static class RmuxImporter
{
    /// <summary>The file as Keyway's own, or null if it is no list of pools.</summary>
    public static ImportedFile? Import(ConfigNode root, Reading reading)
    {
        if (root is not SequenceNode { Items.Count: > 0 } list)
        {
            reading.Error(root, "the file is not a list of pools", "write [{\"socket\": ..., \"tcpConnections\": [...]}]");
            return null;
        }

        ImportedFile file = new(ConfigFormat.Rmux, root);
        foreach (ConfigNode item in list.Items)
        {
            if (item is MappingNode table)
            {
                Add(table, list.Items.Count == 1 ? "rmux" : $"rmux{file.Pools.Count + 1}", file, reading);
            }
            else
            {
                reading.Error(item, $"{item.Path} is not a pool", "write {\"socket\": ..., \"tcpConnections\": [...]}");
            }
        }

        return file;
    }

    /// <summary>Adds one pool to the file.</summary>
    public static void Add(MappingNode table, string name, ImportedFile file, Reading reading)
    {
        // Go's JSON reader, which rmux uses, does not tell capitals from small letters.
        ForeignKeys keys = new(table, ignoreCase: true, reading);
        file.Pools.Add(new RmuxPool(keys, new ImportedPool(name, table, reading), file, reading).Translate());
    }
}
