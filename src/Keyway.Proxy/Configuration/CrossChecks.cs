using System.Net;
using Keyway.Protocol.Hashing;
using Keyway.Proxy.Configuration.Keys;
using Keyway.Proxy.Configuration.Values;
using Keyway.Proxy.Configuration.Yaml;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Configuration;

/// <summary>What no single key can tell: values that contradict each other.</summary>
internal static class CrossChecks
{
    private static readonly string[] SmartKeys =
        ["acknowledge", "early", "max_backlog", "when_full", "journal_dir", "dead_letters", "drain_timeout"];

    public static void Run(KeywayConfig config, Reading reading)
    {
        AddressChecks addresses = new(reading);
        foreach (PoolConfig pool in config.Pools)
        {
            var source = reading.SourceOf(pool) as MappingNode;
            if (source is null)
            {
                continue;
            }

            addresses.Add(pool);
            CheckExposure(pool, source, reading);
            CheckLabels(pool, reading);
            CheckRmux(pool, source, reading);
            CheckProtocol(pool, source, reading);
            CheckPairs(pool, source, reading);
            if (pool.Protocol == PoolProtocol.Firehose)
            {
                RelayChecks.Run(pool, source, reading);
            }
            else
            {
                CheckSmart(pool, source, reading);
            }

            CheckCompression(pool, source, reading);
            CheckJournal(pool, source, reading);
            ClusterChecks.Run(pool, source, reading);
        }
    }

    private static void CheckExposure(PoolConfig pool, MappingNode source, Reading reading)
    {
        if (pool.Open || source.Find("password") is not null || source.Find("redis_auth") is not null)
        {
            return;
        }

        foreach (ListenConfig listen in pool.Listen.Concat(pool.Relay.HttpListen).Where(l => l.EndPoint is { } tcp && !IPAddress.IsLoopback(tcp.Address)))
        {
            string message = $"{listen.EndPoint} is open to the network without a password";
            if (reading.IsNutcracker)
            {
                reading.Warn(reading.SourceOf(listen), message, "set redis_auth or listen on 127.0.0.1");
            }
            else
            {
                reading.Error(reading.SourceOf(listen), message, "set password, listen on 127.0.0.1 or a unix socket, or say 'open: true' if everybody there may use it");
            }
        }
    }

    private static void CheckLabels(PoolConfig pool, Reading reading)
    {
        foreach (IGrouping<string, ServerConfig> same in pool.Servers.GroupBy(s => s.Label, StringComparer.Ordinal))
        {
            foreach (ServerConfig server in same.Skip(1))
            {
                reading.Error(reading.SourceOf(server), $"pool '{pool.Name}' has servers with the same label '{same.Key}'", "give each server a label of its own after a blank");
            }
        }
    }

    private static void CheckRmux(PoolConfig pool, MappingNode source, Reading reading)
    {
        if (pool.Distribution != DistributionKind.Rmux)
        {
            return;
        }

        if (source.Find("hash") is { } hash)
        {
            reading.Error(hash.Key, "'hash' with 'distribution: rmux'", "remove it, rmux's table has a hash of its own");
        }

        if (pool.Servers.Count > Placement.MaxRmuxServers)
        {
            reading.Error(source, $"pool '{pool.Name}' has {pool.Servers.Count} servers", $"keep to {Placement.MaxRmuxServers}, where the tables of 'distribution: rmux' end");
        }
    }

    private static void CheckProtocol(PoolConfig pool, MappingNode source, Reading reading)
    {
        foreach (ConfigKey<PoolConfig> key in PoolKeys.Section.Keys.Where(k => k.Only.Count > 0 && !k.Only.Contains(pool.Protocol) && k.Shapes.HasFlag(reading.Shape)))
        {
            if (source.Find(key.Name) is { } entry)
            {
                reading.Error(entry.Key, $"'{key.Name}' is only valid for a {string.Join(" or ", key.Only.Select(NameOf))} pool", $"remove it, or write '{Setting(key.Only[0], reading)}'");
            }
        }
    }

    private static string NameOf(PoolProtocol protocol) => protocol.ToString().ToLowerInvariant();

    private static string Setting(PoolProtocol protocol, Reading reading) =>
        !reading.IsNutcracker ? "protocol: " + NameOf(protocol) : protocol == PoolProtocol.Redis ? "redis: true" : "redis: false";

    private static void CheckPairs(PoolConfig pool, MappingNode source, Reading reading)
    {
        if (pool.ServerUser is not null && source.Find("server_password") is null)
        {
            reading.Error(source.Find("server_user")!.Key, "'server_user' without 'server_password'", "add the password, AUTH needs both");
        }

        if (pool.Protocol == PoolProtocol.Memcached && pool.ServerUser is null && source.Find("server_password") is { } password)
        {
            reading.Error(password.Key, "'server_password' without 'server_user'", "add the name, memcached needs both");
        }

        if (pool.MinIdle > pool.MaxPinned)
        {
            reading.Error((source.Find("min_idle") ?? source.Find("max_pinned"))!.Key, "'min_idle' is more than 'max_pinned'", "make it at most as many");
        }

        if (pool.Limits.ClientOutputHard < pool.Limits.ClientOutput)
        {
            reading.Error(source.Find("limits")!.Value, "limits.client_output_hard is less than client_output", "make it at least as large, clients would be closed before they are held back");
        }
    }

    private static void CheckCompression(PoolConfig pool, MappingNode source, Reading reading)
    {
        if (pool.Compression.Method == CompressionMethod.None && source.Find("compress_min") is { } min)
        {
            reading.Error(min.Key, "'compress_min' without 'compress'", "add compress: gzip or brotli, or remove it");
        }
    }

    private static void CheckSmart(PoolConfig pool, MappingNode source, Reading reading)
    {
        if (pool.Mode != PoolMode.Smart)
        {
            foreach (string name in SmartKeys)
            {
                if (source.Find(name) is { } entry)
                {
                    reading.Error(entry.Key, $"'{name}' without 'mode: smart'", "add mode: smart, or remove it");
                }
            }

            return;
        }

        foreach (string text in pool.Smart.Early)
        {
            if (!EarlyRule.TryParse(text, pool.Protocol, out _, out string problem))
            {
                reading.Error(reading.SourceOf(text), $"early: '{text}' {problem}", EarlyRuleKind.Remedies);
            }
        }
    }

    private static void CheckJournal(PoolConfig pool, MappingNode source, Reading reading)
    {
        if (pool is { Mode: PoolMode.Smart } or { Protocol: PoolProtocol.Firehose } && pool.Smart.JournalDir is null
            && (pool.Smart.HasJournal || pool.Smart.DeadLetters))
        {
            reading.Error(source.Find(pool.Smart.HasJournal ? "acknowledge" : "dead_letters")!.Key, "there is no 'journal_dir'", "add journal_dir: a directory on a local disk");
        }
    }
}
