using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Keyway.Protocol.Hashing;
using Keyway.Proxy.Configuration.Values;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Keys;

/// <summary>The pools by name: the value of <c>pools</c>, or all of a nutcracker.yml.</summary>
internal sealed class PoolMap : ValueKind<IReadOnlyList<PoolConfig>>
{
    private const string NamePattern = "^[A-Za-z0-9_.-]+$";

    public static PoolMap Instance { get; } = new();

    public override string Describe() => "mapping of pool names to pools";

    public override string Format(IReadOnlyList<PoolConfig> value) => string.Join(", ", value.Select(p => p.Name));

    public override JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["minProperties"] = 1,
        ["propertyNames"] = new JsonObject { ["pattern"] = NamePattern },
        ["additionalProperties"] = PoolKeys.Section.Schema(),
    };

    public override bool TryRead(ConfigNode node, Reading reading, [MaybeNullWhen(false)] out IReadOnlyList<PoolConfig> value)
    {
        List<PoolConfig> pools = [];
        value = pools;
        if (node is not MappingNode mapping || mapping.Entries.Count == 0)
        {
            reading.Error(node, $"{node.Path} has no pools", "write a name for each pool and its keys, indented below");
            return false;
        }

        foreach (ConfigEntry entry in mapping.UniqueEntries(reading))
        {
            string name = entry.Key.Value;
            if (!reading.IsNutcracker && !IsName(name))
            {
                reading.Error(entry.Key, $"the pool's name {Quoting.Show(name)} has other characters than letters, digits, '_', '-' and '.'", "use a plain name such as cache");
            }

            PoolConfig start = (reading.IsNutcracker ? PoolKeys.NutcrackerDefaults : PoolKeys.Defaults) with { Name = name };
            PoolConfig pool = PoolKeys.Section.Read(start, entry.Value, reading);
            pool = WithJournal(pool, entry.Value) with { Servers = InPlacementOrder(pool) };
            reading.Came(pool, entry.Value);
            pools.Add(pool);
        }

        return true;
    }

    private static bool IsName(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    /// <summary>A relay that is given a journal keeps its records there, unless it says otherwise.</summary>
    private static PoolConfig WithJournal(PoolConfig pool, ConfigNode node) =>
        pool is { Protocol: PoolProtocol.Firehose, Smart.JournalDir: not null } && node is MappingNode mapping && mapping.Find("acknowledge") is null
            ? pool with { Smart = pool.Smart with { Acknowledge = Acknowledgement.Disk } }
            : pool;

    /// <summary>nutcracker sorts the servers by label, which fixes the ring's and modula's indexes; the others keep the file's order.</summary>
    private static IReadOnlyList<ServerConfig> InPlacementOrder(PoolConfig pool) =>
        pool.Distribution is DistributionKind.Jump or DistributionKind.Rendezvous or DistributionKind.Rmux
            ? pool.Servers
            : [.. pool.Servers.OrderBy(s => s.Label, LabelOrder.Instance)];
}
