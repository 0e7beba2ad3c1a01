using System.Globalization;
using Keyway.Protocol.Hashing;
using Keyway.Proxy.Configuration.Values;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>golemproxy's file: the look of a nutcracker.yml, with less in it and read differently.</summary>
internal static class GolemproxyImporter
{
    /// <summary>The file as Keyway's own, or null if it has no pools.</summary>
    public static ImportedFile? Import(ConfigNode root, Reading reading)
    {
        if (root is not MappingNode { Entries.Count: > 0 } mapping)
        {
            reading.Error(root, "the file has no pools", "write a name for each pool and its keys, indented below");
            return null;
        }

        ImportedFile file = new(ConfigFormat.Golemproxy, root);
        foreach (ConfigEntry entry in mapping.UniqueEntries(reading))
        {
            if (entry.Value is MappingNode table)
            {
                var pool = new ImportedPool(PoolNames.Plain(entry.Key.Value), table, reading);
                file.Pools.Add(pool);
                Translate(new ForeignKeys(table, ignoreCase: false, reading), pool, reading);
            }
            else
            {
                reading.Error(entry.Value, $"{entry.Value.Path} is not a pool", "write the pool's keys, indented below its name");
            }
        }

        return file;
    }

    private static void Translate(ForeignKeys keys, ImportedPool pool, Reading reading)
    {
        pool.Set("protocol", pool.Source, "memcached", "golemproxy has no other");
        if (keys.Text("listen") is { } listen)
        {
            pool.Listen(listen.Node, listen.Value, hasPassword: false);
        }
        else
        {
            reading.Error(pool.Source, $"{pool.Source.Path} has no listen", "add listen: host:port or /path");
        }

        bool isSharded = Servers(keys, pool, out IReadOnlyList<Foreign<string>> servers);
        string distribution = Placement(keys, pool, isSharded, reading);
        if (servers.Count == 0)
        {
            reading.Error(pool.Source, $"{pool.Source.Path} has no servers", "add servers: and below it a line - host:port:weight for each");
        }

        pool.SetList("servers", servers.Count == 0 ? pool.Source : servers[0].Node, Labelled(servers, distribution, pool));

        Foreign<long>? timeout = keys.Number("timeout");
        if (timeout is { Value: < 10 or > 60_000 })
        {
            reading.Error(timeout.Node, $"{timeout.Node.Path} is out of range", "write milliseconds from 10 to 60000");
        }

        pool.Set("timeout", timeout?.Node ?? pool.Source, TimeSpan.FromMilliseconds(timeout?.Value ?? 1000), timeout is null ? "golemproxy's default" : null);
        if (keys.Any("backlog") is not null || keys.Any("preconnect") is not null)
        {
            pool.Remark("backlog, preconnect: without effect in golemproxy, Keyway's defaults hold");
        }

        foreach (ConfigEntry entry in keys.Unknown)
        {
            pool.Warn(entry.Key, $"'{entry.Key.Value}' is not carried over: golemproxy ignores it", "remove it, or read the file as nutcracker's if that is meant");
        }
    }

    private static bool Servers(ForeignKeys keys, ImportedPool pool, out IReadOnlyList<Foreign<string>> servers)
    {
        servers = keys.Texts("servers");
        if (servers.Any(s => s.Value.Contains(' ', StringComparison.Ordinal)))
        {
            pool.Remark("the servers' names are left out: golemproxy places keys by host and port alone");
        }

        return servers.Count > 1;
    }

    /// <summary>Hash and distribution, which golemproxy looks at only where there is a choice of servers.</summary>
    private static string Placement(ForeignKeys keys, ImportedPool pool, bool isSharded, Reading reading)
    {
        Foreign<string>? hash = keys.Text("hash");
        Foreign<string>? distribution = keys.Text("distribution");
        if (hash?.Value is not "fnv1a_64")
        {
            reading.Error(hash?.Node ?? pool.Source, $"{pool.Source.Path} has another hash than fnv1a_64", "write hash: fnv1a_64, golemproxy has no other");
        }

        if (!isSharded)
        {
            return "ketama";
        }

        if (distribution?.Value is not ("ketama" or "modula"))
        {
            reading.Error(distribution?.Node ?? pool.Source, $"{pool.Source.Path} has no distribution of golemproxy's", "write distribution: ketama or modula");
            return "ketama";
        }

        pool.Set("hash", hash?.Node ?? pool.Source, "fnv1a_64");
        pool.Set("distribution", distribution.Node, distribution.Value);
        pool.Warn(
            pool.Source,
            "keys with bytes above 0x7f are placed as nutcracker does, which golemproxy does differently"
            + (distribution.Value is "ketama" ? "; so are up to 3 keys in 100 with some numbers of servers (25, 47, 50, 55)" : ""),
            "expect misses for them after the change");
        return distribution.Value;
    }

    /// <summary>
    /// The servers with their labels: what golemproxy's ring is made of is what Keyway takes without a name. For modula only the order
    /// counts, which is the file's in golemproxy and the labels' in Keyway.
    /// </summary>
    private static IEnumerable<(ConfigNode From, string Value)> Labelled(IReadOnlyList<Foreign<string>> servers, string distribution, ImportedPool pool)
    {
        string[] addresses = [.. servers.Select(s => s.Value.Split(' ')[0])];
        string[] labels = [.. addresses.Select(LabelOf)];
        if (distribution is not "modula" || labels.SequenceEqual(labels.Order(LabelOrder.Instance), StringComparer.Ordinal))
        {
            return servers.Zip(addresses, static (s, address) => (s.Node, address));
        }

        pool.Remark("the servers' labels keep them in golemproxy's order, which places the keys");
        int digits = servers.Count.ToString(CultureInfo.InvariantCulture).Length;
        return servers.Select((s, i) => (s.Node, $"{addresses[i]} server{(i + 1).ToString($"D{digits}", CultureInfo.InvariantCulture)}"));
    }

    /// <summary>Host, or host and port, of host:port:weight.</summary>
    private static string LabelOf(string address)
    {
        string[] fields = address.Split(':');
        return fields is [var host, "11211", _] ? host : string.Join(':', fields[..Math.Min(2, fields.Length)]);
    }
}
