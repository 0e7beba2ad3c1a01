using Keyway.Protocol.Hashing;
using Keyway.Proxy.Configuration.Keys;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration;

/// <summary>A nutcracker.yml (or golemproxy's file of the same shape): the top level maps pool names to pools.</summary>
internal static class NutcrackerShape
{
    /// <summary>True if no top-level key is <c>pools</c> and at least one value looks like a pool.</summary>
    public static bool Matches(ConfigNode root) =>
        root is MappingNode mapping
        && mapping.Find("pools") is null
        && mapping.Entries.Any(e => e.Value is MappingNode pool && (pool.Find("listen") ?? pool.Find("servers")) is not null);

    public static KeywayConfig Read(MappingNode root, Reading reading)
    {
        ReportKeywayKeys(root, reading);
        IReadOnlyList<PoolConfig> pools = PoolMap.Instance.TryRead(root, reading, out IReadOnlyList<PoolConfig>? read) ? read : [];
        return new KeywayConfig { Pools = [.. pools.OrderBy(p => p.Name, LabelOrder.Instance)] };
    }

    /// <summary>Top-level keys of Keyway's shape in a file without <c>pools</c>: the pools were probably meant to be under it.</summary>
    private static void ReportKeywayKeys(MappingNode root, Reading reading)
    {
        foreach (ConfigEntry entry in root.Entries)
        {
            if (entry.Value is not MappingNode && RootKeys.Section.Knows(entry.Key.Value))
            {
                reading.Error(entry.Key, $"'{entry.Key.Value}' beside pools at the top level", "put the pools under 'pools:' to use Keyway's own keys");
            }
        }
    }
}
