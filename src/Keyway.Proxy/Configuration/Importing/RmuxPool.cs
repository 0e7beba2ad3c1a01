using System.Globalization;
using Keyway.Proxy.Commands;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>One pool of rmux, from its JSON file or its flags; the keys of anexia's fork are among them.</summary>
internal sealed class RmuxPool(ForeignKeys keys, ImportedPool pool, ImportedFile file, Reading reading)
{
    private const int BuiltInTimeout = 500; // milliseconds, for each of connecting, reading and writing
    private const int BuiltInCheckInterval = 100; // milliseconds; the fork's is 1 s
    private const int MostPinned = 65536;
    private const int UnixSocketMode = 666; // octal, by rmux's umask of 0111

    private static readonly string[] ForkKeys = ["authUser", "authPassword", "localTransactionTimeout", "remoteReconnectInterval", "remoteDiagnosticCheckInterval"];

    private ConfigNode Source => pool.Source;

    public ImportedPool Translate()
    {
        Listen();
        Servers();
        Health(Timeouts());
        Passwords();
        Pooling();
        Filter(Transactions());
        Process();
        WarnOfOthers();
        return pool;
    }

    private void Listen()
    {
        Foreign<string>? socket = keys.Text("socket");
        Foreign<string>? host = keys.Text("host");
        Foreign<long>? port = keys.Number("port", ushort.MaxValue);
        if (socket is not null)
        {
            pool.Listen(
                socket.Node, string.Create(CultureInfo.InvariantCulture, $"{socket.Value} 0{UnixSocketMode}"), hasPassword: false, "socket, with the mode that rmux gives it");
            if (!socket.Value.StartsWith('/'))
            {
                reading.Error(socket.Node, $"{socket.Node.Path} is not an absolute path", "write the path from the root");
            }
        }
        else if (port is { Value: > 0 })
        {
            string address = host?.Value ?? "*";
            bool isBareIPv6 = address.Contains(':', StringComparison.Ordinal) && !address.StartsWith('[');
            pool.Listen(
                host?.Node ?? port.Node,
                string.Create(CultureInfo.InvariantCulture, $"{(isBareIPv6 ? $"[{address}]" : address)}:{port.Value}"),
                hasPassword: false,
                host is null ? "port; without a host rmux listens on every address" : "host, port");
        }
        else if (port is not null || keys.Any("port") is null)
        {
            reading.Error(Source, "the pool has neither a socket nor a port", "add \"socket\": \"/path\", or \"host\" and \"port\"");
        }
    }

    private void Servers()
    {
        // The order places the keys: TCP servers come first whatever the order of the file.
        Foreign<string>[] servers = [.. keys.Texts("tcpConnections"), .. keys.Texts("unixConnections")];
        if (servers.Length == 0)
        {
            reading.Error(Source, "the pool has no servers", "name them in \"tcpConnections\": [\"host:port\"] or \"unixConnections\": [\"/path\"]");
            return;
        }

        pool.SetList("servers", servers[0].Node, servers.Select(s => (s.Node, s.Value)));
        if (servers.Length > 1)
        {
            pool.Set("distribution", servers[0].Node, "rmux", "several servers: rmux's own hash and table");
        }
    }

    /// <summary>How long rmux waits for an answer.</summary>
    private TimeSpan Timeouts()
    {
        Foreign<long>? all = NonZero(keys.Number("remoteTimeout"));
        Foreign<long>? read = NonZero(keys.Number("remoteReadTimeout"));
        Foreign<long>? connect = NonZero(keys.Number("remoteConnectTimeout"));
        Foreign<long>? write = NonZero(keys.Number("remoteWriteTimeout"));
        TimeSpan timeout = Set("timeout", read ?? all);
        Set("connect_timeout", connect ?? all);
        if (write is not null)
        {
            pool.Remark("remoteWriteTimeout: 'timeout' counts from the moment a request is queued, writing included");
        }

        foreach (string never in new[] { "localTimeout", "localReadTimeout", "localWriteTimeout" })
        {
            if (NonZero(keys.Number(never)) is { } local)
            {
                pool.Warn(local.Node, $"{never} is not carried over: it never had an effect in rmux", "set client_idle_timeout to close idle clients");
            }
        }

        return timeout;

        TimeSpan Set(string key, Foreign<long>? value)
        {
            var duration = TimeSpan.FromMilliseconds(value?.Value ?? BuiltInTimeout);
            pool.Set(key, value?.Node ?? Source, duration, value?.Key ?? "rmux's default");
            return duration;
        }
    }

    private void Health(TimeSpan timeout)
    {
        Foreign<long>? interval = NonZero(keys.Number("remoteDiagnosticCheckInterval"));
        TimeSpan every = interval is null ? TimeSpan.FromMilliseconds(BuiltInCheckInterval) : TimeSpan.FromSeconds(interval.Value);
        string origin = interval is null ? "rmux's diagnostic check" : "remoteDiagnosticCheckInterval, in seconds";
        ConfigNode from = interval?.Node ?? Source;
        if (every >= timeout)
        {
            pool.Set("health_interval", from, every, origin);
        }
        else
        {
            // An answer that takes longer than from one check to the next is late here, while rmux goes on waiting for it.
            pool.Set("health_interval", from, timeout, "as long as rmux's check waits for its answer");
        }

        pool.Set("server_retry_timeout", from, every, origin);
        if (keys.Flag("failover") is { Value: true } failover)
        {
            pool.Set("auto_eject_hosts", failover.Node, value: true, "failover");
        }
    }

    private void Passwords()
    {
        if (keys.Text("authUser") is { } user)
        {
            pool.Set("server_user", user.Node, user.Value, "authUser");
        }

        if (keys.Text("authPassword") is { } password)
        {
            pool.Set("server_password", password.Node, password.Value, "authPassword; ${NAME} would take it from the environment");
        }
    }

    private void Pooling()
    {
        if (NonZero(keys.Number("poolSize", MostPinned)) is { } size)
        {
            pool.Set("max_pinned", size.Node, size.Value, "poolSize; beside these, clients share one pipelined connection to each server");
        }

        if (NonZero(keys.Number("remoteReconnectInterval")) is { } renewal)
        {
            pool.Set("connection_max_age", renewal.Node, TimeSpan.FromMinutes(renewal.Value), "remoteReconnectInterval, in minutes");
        }
    }

    /// <summary>True if the file is of the fork that has transactions.</summary>
    private bool Transactions()
    {
        Foreign<long>? limit = NonZero(keys.Number("localTransactionTimeout"));
        if (limit is not null)
        {
            pool.Set("transaction_timeout", limit.Node, TimeSpan.FromMilliseconds(limit.Value), "localTransactionTimeout");
        }

        return Array.Exists(ForkKeys, k => keys.Any(k) is not null);
    }

    /// <summary>What rmux kept from its clients stays so until somebody decides otherwise.</summary>
    private void Filter(bool isFork) => pool.SetList(
        "deny", Source, [(Source, isFork ? RmuxPresets.WithTransactions : RmuxPresets.Plain)], "the commands that rmux refuses; without this line Keyway offers most of them");

    private void Process()
    {
        if (NonZero(keys.Number("maxProcesses", KeywayConfig.MaxThreads)) is not { } processes)
        {
            return;
        }

        if (file.Keys.Count == 0)
        {
            file.Set("threads", processes.Node, processes.Value.ToString(CultureInfo.InvariantCulture), "maxProcesses");
        }
        else
        {
            pool.Warn(processes.Node, "maxProcesses is not carried over: the first pool's counts for the process", "keep one of them");
        }
    }

    private void WarnOfOthers()
    {
        foreach (ConfigEntry entry in keys.Unknown)
        {
            string remedy = keys.NearestTo(entry.Key.Value) is { } near ? $"did you mean '{near}'?" : "remove it";
            pool.Warn(entry.Key, $"'{entry.Key.Value}' is unknown and is not carried over", remedy);
        }
    }

    /// <summary>0 stands for the default.</summary>
    private static Foreign<long>? NonZero(Foreign<long>? number) => number is { Value: > 0 } ? number : null;
}
