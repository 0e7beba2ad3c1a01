using System.Globalization;
using Keyway.Testing;

namespace Keyway.LoadBenchmarks;

/// <summary>Four Redis servers full of keys and, on demand, each proxy before one or all of them.</summary>
internal sealed class Fleet : IDisposable
{
    private const int ServerCount = 4;

    private readonly string? _proxyCpus;
    private readonly List<IDisposable> _processes = [];
    private readonly RedisProcess[] _servers;
    private readonly Dictionary<(string Name, int Servers), Target> _targets = [];

    /// <summary>Starts and fills the servers; the sets of CPUs may be null for any.</summary>
    public Fleet(string? proxyCpus, string? serverCpus)
    {
        _proxyCpus = proxyCpus;
        _servers = new RedisProcess[ServerCount];
        try
        {
            for (var i = 0; i < ServerCount; i++)
            {
                _servers[i] = RedisProcess.StartOn(serverCpus, port: null);
                _processes.Add(_servers[i]);
                Fill(_servers[i]);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

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
                var nutcracker = NutcrackerProcess.Start("redis: true\npreconnect: true\n" + Pool(servers), _proxyCpus);
                _processes.Add(nutcracker);
                return new Target(name, nutcracker.Port, nutcracker.Process);

            case Target.Keyway:
                var port = FreePorts.Next();
                var pool = $"listen: 127.0.0.1:{port}\npreconnect: true\n" + Pool(servers);
                var keyway = KeywayProcess.StartOn(_proxyCpus, "threads: 1\npools:\n  pool:\n    " + pool.Replace("\n", "\n    ", StringComparison.Ordinal));
                _processes.Add(keyway);
                return new Target(name, port, keyway.Process);

            default:
                throw new ArgumentException($"No target is named '{name}'.", nameof(name));
        }
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
            var pairs = Enumerable.Range(first, Batch).SelectMany(key => new[] { "key:" + key.ToString("D12", CultureInfo.InvariantCulture), Scenario.Value });
            client.Call(["MSET", .. pairs]);
        }
    }
}
