using System.Globalization;
using System.Text;
using Keyway.Testing;

namespace Keyway.LoadBenchmarks;

/// <summary>Four servers full of keys and, on demand, each proxy before one or all of them.</summary>
internal sealed class Fleet : IDisposable
{
    private const int ServerCount = 4;

    private readonly string? _proxyCpus;
    private readonly string _nutcrackerProtocol;
    private readonly string _keywayProtocol;
    private readonly List<IDisposable> _processes = [];
    private readonly ServerProcess[] _servers = new ServerProcess[ServerCount];
    private readonly Dictionary<(string Name, int Servers), Target> _targets = [];

    private Fleet(string? proxyCpus, string nutcrackerProtocol, string keywayProtocol, Func<ServerProcess> startServer)
    {
        _proxyCpus = proxyCpus;
        _nutcrackerProtocol = nutcrackerProtocol;
        _keywayProtocol = keywayProtocol;
        try
        {
            for (var i = 0; i < ServerCount; i++)
            {
                _servers[i] = startServer();
                _processes.Add(_servers[i]);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Starts and fills Redis servers; the sets of CPUs may be null for any.</summary>
    public static Fleet OfRedis(string? proxyCpus, string? serverCpus) => new(proxyCpus, "redis: true\n", string.Empty, () =>
    {
        var server = RedisProcess.StartOn(serverCpus, port: null);
        Fill(server);
        return server;
    });

    /// <summary>Starts and fills memcached servers; the sets of CPUs may be null for any.</summary>
    public static Fleet OfMemcached(string? proxyCpus, string? serverCpus) => new(proxyCpus, string.Empty, "protocol: memcached\n", () =>
    {
        var server = MemcachedProcess.StartOn(serverCpus);
        Fill(server);
        return server;
    });

    /// <summary>The target of that name before the scenario's number of servers, started the first time.</summary>
    public Target this[string name, int servers]
    {
        get
        {
            if (!_targets.TryGetValue((name, servers), out var target))
            {
                target = Start(name, servers);
                _targets.Add((name, servers), target);
            }

            return target;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (var i = _processes.Count - 1; i >= 0; i--)
        {
            _processes[i].Dispose();
        }
    }

    private Target Start(string name, int servers)
    {
        switch (name)
        {
            case Target.Direct:
                // There is no direct way to several servers: one of them stands for the least that can be had.
                return new Target(name, _servers[0].Port, Proxy: null);

            case Target.Nutcracker:
                var nutcracker = NutcrackerProcess.Start(_nutcrackerProtocol + "preconnect: true\n" + Pool(servers), _proxyCpus);
                _processes.Add(nutcracker);
                return new Target(name, nutcracker.Port, nutcracker.Process);

            case Target.Keyway:
                return StartKeyway(name, servers, threads: 1);

            case Target.KeywayTwo:
                return StartKeyway(name, servers, threads: 2);

            default:
                throw new ArgumentException($"No target is named '{name}'.", nameof(name));
        }
    }

    private Target StartKeyway(string name, int servers, int threads)
    {
        var port = FreePorts.Next();
        var pool = $"listen: 127.0.0.1:{port}\npreconnect: true\n{_keywayProtocol}" + Pool(servers);
        var keyway = KeywayProcess.StartOn(
            _proxyCpus, $"threads: {threads}\npools:\n  pool:\n    " + pool.Replace("\n", "\n    ", StringComparison.Ordinal));
        _processes.Add(keyway);
        return new Target(name, port, keyway.Process);
    }

    private string Pool(int servers) =>
        "hash: fnv1a_64\ndistribution: ketama\nservers:\n" + string.Join('\n', _servers.Take(servers).Select(server => $"  - {server.Address}:1"));

    // Each server gets every key, so that every GET hits wherever a proxy sends it.
    private static void Fill(RedisProcess server)
    {
        const int Batch = 1000;
        using var client = server.Connect();
        for (var first = 0; first < Scenario.Keys; first += Batch)
        {
            client.Call(["MSET", .. Enumerable.Range(first, Batch).SelectMany(key => new[] { Key(key), Scenario.Value })]);
        }
    }

    private static void Fill(MemcachedProcess server)
    {
        var sets = new StringBuilder();
        for (var key = 0; key < Scenario.Keys; key++)
        {
            sets.Append(CultureInfo.InvariantCulture, $"set {Key(key)} 0 0 {Scenario.Value.Length} noreply\r\n{Scenario.Value}\r\n");
        }

        using var client = server.Connect();
        if (client.Call(sets.Append("mn\r\n").ToString()) != "MN")
        {
            throw new InvalidDataException("memcached did not take the keys.");
        }
    }

    private static string Key(int number) => "key:" + number.ToString("D12", CultureInfo.InvariantCulture);
}
