using System.Globalization;
using Keyway.Testing;

namespace Keyway.LoadBenchmarks.Cluster;

/// <summary>A cluster and as many independent servers, all full of keys, and a Keyway before each.</summary>
internal sealed class ClusterFleet : IDisposable
{
    private const int Batch = 1000;

    private readonly List<IDisposable> _processes = [];

    /// <summary>Starts everything; the sets of CPUs may be null for any.</summary>
    public ClusterFleet(int nodes, string? proxyCpus, string? serverCpus)
    {
        try
        {
            RedisCluster cluster = RedisCluster.Start(nodes);
            _processes.Add(cluster);
            RedisProcess[] servers = [.. Enumerable.Range(0, nodes).Select(_ => Add(RedisProcess.StartOn(serverCpus, port: null)))];
            foreach (RedisProcess node in cluster.Nodes)
            {
                Pin(node.Process, serverCpus);
            }

            NodePort = cluster.Nodes[0].Port;
            ServerPort = servers[0].Port;
            Sharded = Start("sharded", proxyCpus, servers.Select(static server => server.Address), "");
            Cluster = Start("cluster", proxyCpus, cluster.Addresses, "topology: cluster");
            Fill(Sharded.Port);
            Fill(Cluster.Port);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Keyway before independent servers.</summary>
    public Target Sharded { get; }

    /// <summary>Keyway before the cluster.</summary>
    public Target Cluster { get; }

    /// <summary>The port of one of the cluster's nodes.</summary>
    public int NodePort { get; }

    /// <summary>The port of one of the servers that are no cluster.</summary>
    public int ServerPort { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = _processes.Count - 1; i >= 0; i--)
        {
            _processes[i].Dispose();
        }
    }

    private T Add<T>(T process)
        where T : IDisposable
    {
        _processes.Add(process);
        return process;
    }

    private Target Start(string name, string? cpus, IEnumerable<string> servers, string settings)
    {
        int port = FreePorts.Next();
        string config = $"threads: 1\npools:\n  pool:\n    listen: 127.0.0.1:{port}\n    preconnect: true\n    servers: [{string.Join(", ", servers)}]\n    {settings}\n";
        return new Target(name, port, Add(KeywayProcess.StartOn(cpus, config)).Process);
    }

    private static void Pin(ChildProcess process, string? cpus)
    {
        if (cpus is not null)
        {
            using ChildProcess pin = ChildProcess.Start("taskset", ["-a", "-c", "-p", cpus, process.Id.ToString(CultureInfo.InvariantCulture)]);
            pin.WaitForExit(TimeSpan.FromSeconds(10));
        }
    }

    private static void Fill(int port)
    {
        using RespClient client = RespClient.Connect(port);
        for (int first = 0; first < Scenario.Keys; first += Batch)
        {
            client.Call(["MSET", .. Enumerable.Range(first, Batch).SelectMany(static key => new[] { "key:" + key.ToString("D12", CultureInfo.InvariantCulture), Scenario.Value })]);
        }
    }
}
