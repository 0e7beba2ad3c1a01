using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Sentinel;

/// <summary>The real keyway executable in front of a master with two replicas and three Sentinels.</summary>
public sealed class SentinelRig : IDisposable
{
    private readonly List<RedisProcess> _servers = [];
    private readonly List<SentinelProcess> _sentinels = [];

    /// <summary>Starts all; returns when the Sentinels know each other and the replicas.</summary>
    /// <param name="settings">Further lines of the pool.</param>
    /// <param name="sentinelSettings">Further lines of each Sentinel's configuration.</param>
    /// <param name="sentinelPassword">What the Sentinels ask for, or null.</param>
    /// <param name="serverArguments">Further arguments of the servers.</param>
    public SentinelRig(string settings = "", string sentinelSettings = "", string? sentinelPassword = null, params string[] serverArguments)
    {
        try
        {
            // Each remembers who its master is: a Sentinel has them write that down.
            for (int i = 0; i < 3; i++)
            {
                _servers.Add(RedisProcess.StartWithFile(["--repl-diskless-sync-delay", "0", "--rdb-del-sync-files", "yes", .. serverArguments]));
            }

            foreach (RedisProcess replica in _servers.Skip(1))
            {
                RedisCluster.Ask(replica, "REPLICAOF", "127.0.0.1", $"{_servers[0].Port}");
                RedisCluster.Ask(replica, "CONFIG", "REWRITE");
            }

            for (int i = 0; i < 3; i++)
            {
                _sentinels.Add(SentinelProcess.Start(_servers[0].Port, quorum: 2, sentinelSettings));
            }

            RedisCluster.WaitUntil(() => _sentinels.All(sentinel => KnowsAll(sentinel, sentinelPassword)), "known to each other");
            Port = FreePorts.Next();
            Keyway = ProxyRig.StartKeyway(Port, _sentinels.Select(static sentinel => sentinel.Address), $"topology: sentinel\nmaster: {SentinelProcess.MasterName}\n{settings}");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The master of the beginning, then its replicas.</summary>
    public IReadOnlyList<RedisProcess> Servers => _servers;

    /// <summary>The Sentinels.</summary>
    public IReadOnlyList<SentinelProcess> Sentinels => _sentinels;

    /// <summary>The proxy.</summary>
    public KeywayProcess? Keyway { get; }

    /// <summary>Where clients connect.</summary>
    public int Port { get; }

    /// <summary>The server that says it is the master, or null.</summary>
    public RedisProcess? Master => _servers.FirstOrDefault(static server => !server.Process.HasExited && RedisCluster.Ask(server, "INFO", "replication").Contains("role:master", StringComparison.Ordinal));

    /// <summary>A new client of the proxy.</summary>
    public RespClient Connect(TimeSpan? timeout = null) => RespClient.Connect(Port, timeout);

    /// <inheritdoc/>
    public void Dispose()
    {
        Keyway?.Dispose();
        _sentinels.ForEach(static sentinel => sentinel.Dispose());
        _servers.ForEach(static server => server.Dispose());
    }

    private static bool KnowsAll(SentinelProcess sentinel, string? password)
    {
        using RespClient client = sentinel.Connect();
        if (password is not null)
        {
            client.Call("AUTH", password);
        }

        string state = client.Call("SENTINEL", "MASTER", SentinelProcess.MasterName).ToString();
        return state.Contains("$num-slaves, $2,", StringComparison.Ordinal) && state.Contains("$num-other-sentinels, $2,", StringComparison.Ordinal);
    }
}
