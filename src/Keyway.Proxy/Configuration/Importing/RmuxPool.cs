using System.Globalization;
using Keyway.Proxy.Commands;
using Keyway.Proxy.Configuration.Keys;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>One pool of rmux, from its JSON file or its flags; the keys of anexia's fork are among them.</summary>
internal sealed class RmuxPool(ForeignKeys keys, ImportedPool pool, ImportedFile file, Reading reading)
{
    private const int BuiltInTimeout = 500; // milliseconds, for each of connecting, reading and writing
    private const int BuiltInCheckInterval = 100; // milliseconds; the fork's is 1 s
    private const int UnixSocketMode = 666; // octal, by rmux's umask of 0111

    private static readonly string[] ForkKeys = ["authUser", "authPassword", "localTransactionTimeout", "remoteReconnectInterval", "remoteDiagnosticCheckInterval"];

    private ConfigNode Source => pool.Source;

    public ImportedPool Translate()
    {
        Listen();
        bool isMux = Servers();
        Timeouts();
        Health(isMux);
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

    /// <summary>True if there are several servers.</summary>
    private bool Servers()
    {
        // The order places the keys: TCP servers come first whatever the order of the file.
        Foreign<string>[] servers = [.. keys.Texts("tcpConnections"), .. keys.Texts("unixConnections")];
        if (servers.Length == 0)
        {
            reading.Error(Source, "the pool has no servers", "name them in \"tcpConnections\": [\"host:port\"] or \"unixConnections\": [\"/path\"]");
            return false;
        }

        pool.SetList("servers", servers[0].Node, servers.Select(s => (s.Node, s.Value)));
        if (servers.Length == 1)
        {
            return false;
        }

        pool.Set("distribution", servers[0].Node, "rmux", "several servers: rmux's own hash and table");
        return true;
    }

    private void Timeouts()
    {
        Foreign<long>? all = NonZero(keys.Number("remoteTimeout"));
        Foreign<long>? read = NonZero(keys.Number("remoteReadTimeout"));
        Foreign<long>? connect = NonZero(keys.Number("remoteConnectTimeout"));
        Foreign<long>? write = NonZero(keys.Number("remoteWriteTimeout"));
        Set("timeout", read ?? all);
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

        void Set(string key, Foreign<long>? value) => pool.Set(
            key, value?.Node ?? Source, TimeSpan.FromMilliseconds(value?.Value ?? BuiltInTimeout), value?.Key ?? "rmux's default");
    }

    private void Health(bool isMux)
    {
        Foreign<long>? interval = NonZero(keys.Number("remoteDiagnosticCheckInterval"));
        TimeSpan every = interval is null ? TimeSpan.FromMilliseconds(BuiltInCheckInterval) : TimeSpan.FromSeconds(interval.Value);
        string origin = interval is null ? "rmux's diagnostic check" : "remoteDiagnosticCheckInterval, in seconds";
        pool.Set("health_interval", interval?.Node ?? Source, every, origin);
        pool.Set("server_retry_timeout", interval?.Node ?? Source, every, origin);
        if (isMux)
        {
            pool.Set("server_failure_limit", Source, 1, "rmux takes one failed check for an outage");
        }

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
        if (keys.Number("poolSize") is { } size)
        {
            pool.Remark(string.Create(
                CultureInfo.InvariantCulture, $"poolSize {size.Value}: clients share one pipelined connection to each server; 'server_connections' makes it more"));
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
            Offer("transaction_timeout", limit, TimeSpan.FromMilliseconds(limit.Value), "localTransactionTimeout");
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

    /// <summary>Sets a key if this version has it.</summary>
    private void Offer(string key, Foreign<long> from, TimeSpan value, string origin)
    {
        if (PoolKeys.Section.Knows(key))
        {
            pool.Set(key, from.Node, value, origin);
        }
        else
        {
            pool.Warn(from.Node, $"{from.Key} is not carried over: this version has nothing like it", "remove it");
        }
    }

    /// <summary>0 stands for the default.</summary>
    private static Foreign<long>? NonZero(Foreign<long>? number) => number is { Value: > 0 } ? number : null;
}
