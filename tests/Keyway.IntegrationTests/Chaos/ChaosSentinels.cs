using System.Globalization;
using System.Net.Sockets;
using Keyway.IntegrationTests.Sentinel;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Chaos;

/// <summary>A master with replicas, the Sentinels that watch it, and what can happen to them.</summary>
internal sealed class ChaosSentinels(SentinelRig rig, Random random) : IChaosServers
{
    private readonly HashSet<ServerProcess> _away = [];

    /// <inheritdoc/>
    public IReadOnlyList<Func<ChaosEvent>> Events =>
    [
        FailOver,
        () => Away("master killed", Master(), static server => server.Kill(), static server => server.Restart()),
        () => Away("master frozen", Master(), static server => server.Stop(), static server => server.Continue()),
        () => Away("replica killed", AnyReplica(), static server => server.Kill(), static server => server.Restart()),
        () => Away("replica frozen", AnyReplica(), static server => server.Stop(), static server => server.Continue()),
        () => Away("a Sentinel killed", AnySentinel(), static server => server.Kill(), static server => server.Restart(), isPlanned: true),
        () => Away("a Sentinel frozen", AnySentinel(), static server => server.Stop(), static server => server.Continue(), isPlanned: true),
        () => Restarted("all Sentinels restarted", rig.Sentinels, isPlanned: true),
        () => Restarted("everything restarted", [.. rig.Sentinels, .. rig.Servers], isPlanned: false),
    ];

    /// <inheritdoc/>
    public bool IsServed()
    {
        // What most Sentinels say holds; and it has to be so.
        int?[] named = [.. rig.Sentinels.Where(sentinel => !_away.Contains(sentinel)).Select(static sentinel => PortOfMaster(sentinel))];
        return named.Length > 1 && named[0] is { } port && named.All(other => other == port)
            && rig.Servers.FirstOrDefault(server => server.Port == port) is { } master && !_away.Contains(master)
            && Ask(master, "INFO", "replication").Contains("role:master", StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public bool IsWhole()
    {
        if (_away.Count > 0 || !IsServed())
        {
            return false;
        }

        foreach (SentinelProcess sentinel in rig.Sentinels)
        {
            // Else they look only every 10 s at who is whose replica. Forgotten with each restart.
            AskSentinel(sentinel, "SENTINEL", "DEBUG", "INFO-PERIOD", "1000");
        }

        int port = PortOfMaster(rig.Sentinels[0])!.Value;
        return rig.Sentinels.All(sentinel =>
            {
                string state = AskSentinel(sentinel, "SENTINEL", "MASTER", SentinelProcess.MasterName);
                string replicas = AskSentinel(sentinel, "SENTINEL", "REPLICAS", SentinelProcess.MasterName);
                return state.Contains("$flags, $master,", StringComparison.Ordinal)
                    && state.Contains($"$num-slaves, ${rig.Servers.Count - 1},", StringComparison.Ordinal)
                    && state.Contains($"$num-other-sentinels, ${rig.Sentinels.Count - 1},", StringComparison.Ordinal)
                    && replicas.Split("$flags, $slave,").Length == rig.Servers.Count
                    && replicas.Split($"$master-port, ${port},").Length == rig.Servers.Count;
            })
            && rig.Servers.Where(server => server.Port != port).All(server =>
            {
                string role = Ask(server, "INFO", "replication");
                return role.Contains($"master_port:{port}", StringComparison.Ordinal) && role.Contains("master_link_status:up", StringComparison.Ordinal);
            });
    }

    /// <inheritdoc/>
    public long Failures() => rig.Servers.Count(static server => Ask(server, "INFO", "replication").Contains("role:master", StringComparison.Ordinal))
        + (PortOfMaster(rig.Sentinels[0]) ?? 0);

    /// <inheritdoc/>
    public string Describe() => string.Join('\n', rig.Sentinels.Where(sentinel => !_away.Contains(sentinel)).Select(static sentinel =>
            $"{sentinel.Address}\n{AskSentinel(sentinel, "SENTINEL", "MASTER", SentinelProcess.MasterName)}\n{string.Join('\n', sentinel.Process.Log.Split('\n').TakeLast(40))}"))
        + string.Join('\n', rig.Servers.Where(server => !_away.Contains(server)).Select(static server => $"{server.Address}\n{Ask(server, "INFO", "replication")}"));

    private static int? PortOfMaster(SentinelProcess sentinel)
    {
        try
        {
            using RespClient client = sentinel.Connect();
            RespValue address = client.Call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", SentinelProcess.MasterName);
            return address.Items is [_, { } port] ? int.Parse(port.Text!, CultureInfo.InvariantCulture) : null;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return null;
        }
    }

    private static string Ask(RedisProcess server, params string[] command)
    {
        try
        {
            return RedisCluster.Ask(server, command);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return "";
        }
    }

    private static string AskSentinel(SentinelProcess sentinel, params string[] command)
    {
        try
        {
            using RespClient client = sentinel.Connect();
            return client.Call(command).ToString();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return "";
        }
    }

    /// <summary>A replica takes over from a master that is well: Redis loses what was not replicated in that moment, and cuts the old master's clients off.</summary>
    private ChaosEvent FailOver()
    {
        RedisProcess old = Master();
        return new("SENTINEL FAILOVER", () =>
        {
            RedisCluster.WaitUntil(
                () => AskSentinel(rig.Sentinels[0], "SENTINEL", "FAILOVER", SentinelProcess.MasterName) == "+OK", "ready to fail over", TimeSpan.FromSeconds(60));
            RedisCluster.WaitUntil(() => rig.Sentinels.All(sentinel => PortOfMaster(sentinel) != old.Port), "switched", TimeSpan.FromSeconds(60));
        });
    }

    private ChaosEvent Away(string name, ServerProcess server, Action<ServerProcess> leave, Action<ServerProcess> comeBack, bool isPlanned = false) => new(
        $"{name}, {server.Address}",
        () =>
        {
            _away.Add(server);
            leave(server);
        },
        () =>
        {
            comeBack(server);
            _away.Remove(server);
        },
        isPlanned,
        MayLoseWrites: !isPlanned);

    private static ChaosEvent Restarted(string name, IReadOnlyList<ServerProcess> servers, bool isPlanned) => new(
        name,
        () =>
        {
            foreach (ServerProcess server in servers)
            {
                server.Kill();
            }

            foreach (ServerProcess server in servers)
            {
                server.Restart();
            }
        },
        IsPlanned: isPlanned,
        MayLoseWrites: !isPlanned);

    private RedisProcess Master()
    {
        int? port = PortOfMaster(rig.Sentinels[0]);
        return rig.Servers.First(server => server.Port == port);
    }

    private RedisProcess AnyReplica()
    {
        RedisProcess master = Master();
        RedisProcess[] replicas = [.. rig.Servers.Where(server => server != master)];
        return replicas[random.Next(replicas.Length)];
    }

    private SentinelProcess AnySentinel() => rig.Sentinels[random.Next(rig.Sentinels.Count)];
}
