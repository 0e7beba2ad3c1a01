using System.Globalization;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>The real keyway executable with one pool in front of servers of its own. All end with it.</summary>
public sealed class ProxyRig : IDisposable
{
    /// <summary>The poller that Linux gets.</summary>
    public const string Epoll = "epoll";

    /// <summary>The portable poller.</summary>
    public const string Managed = "managed";

    private ProxyRig(IReadOnlyList<RedisProcess> servers, KeywayProcess keyway, int port)
    {
        Servers = servers;
        Keyway = keyway;
        Port = port;
    }

    /// <summary>The servers behind, in the order of the file.</summary>
    public IReadOnlyList<RedisProcess> Servers { get; }

    /// <summary>The proxy.</summary>
    public KeywayProcess Keyway { get; }

    /// <summary>Where clients connect.</summary>
    public int Port { get; }

    /// <summary>Starts so many servers and a proxy in front of them.</summary>
    /// <param name="servers">How many servers.</param>
    /// <param name="settings">Further lines of the pool, without indentation.</param>
    /// <param name="poller"><see cref="Epoll"/> or <see cref="Managed"/>.</param>
    /// <param name="serverArguments">redis-server's arguments.</param>
    /// <param name="threads">Reactor threads.</param>
    public static ProxyRig Start(int servers, string settings = "", string poller = Epoll, string[]? serverArguments = null, int threads = 2)
    {
        var redis = new List<RedisProcess>();
        try
        {
            for (var i = 0; i < servers; i++)
            {
                redis.Add(RedisProcess.Start(serverArguments ?? []));
            }

            var port = FreePorts.Next();
            return new ProxyRig(redis, StartKeyway(port, redis.Select(server => server.Address), settings, poller, threads), port);
        }
        catch
        {
            redis.ForEach(server => server.Dispose());
            throw;
        }
    }

    /// <summary>Starts a proxy with one pool on the port, in front of the given addresses.</summary>
    public static KeywayProcess StartKeyway(int port, IEnumerable<string> servers, string settings = "", string poller = Epoll, int threads = 2)
    {
        var environment = new Dictionary<string, string> { ["KEYWAY_POLLER"] = poller };
        var lines = settings.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => "    " + line);
        var config = $"threads: {threads}\npools:\n  cache:\n    listen: 127.0.0.1:{port}\n    servers: [{string.Join(", ", servers)}]\n{string.Join('\n', lines)}\n";
        return KeywayProcess.StartWith(environment, config);
    }

    /// <summary>A new client of the proxy.</summary>
    public RespClient Connect(TimeSpan? timeout = null) => RespClient.Connect(Port, timeout);

    /// <summary>Empties the servers.</summary>
    public void Clear()
    {
        foreach (var server in Servers)
        {
            using var client = server.Connect();
            client.Call("FLUSHALL");
        }
    }

    /// <summary>For each server some names that belong to it: written through the proxy, looked up at the servers.</summary>
    public string[][] KeysOfServers(int perServer, string prefix = "key")
    {
        var keys = Servers.Select(_ => new List<string>()).ToArray();
        var servers = Servers.Select(server => server.Connect()).ToArray();
        using var client = Connect();
        for (var i = 0; keys.Any(list => list.Count < perServer); i++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{prefix}:{i}");
            Assert.Equal("+OK", client.Call("SET", key, key).ToString());
            var owner = Array.FindIndex(servers, server => server.Call("EXISTS", key).ToString() == ":1");
            if (keys[owner].Count < perServer)
            {
                keys[owner].Add(key);
            }

            client.Call("DEL", key);
        }

        foreach (var server in servers)
        {
            server.Dispose();
        }

        return [.. keys.Select(list => list.ToArray())];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Keyway.Dispose();
        foreach (var server in Servers)
        {
            server.Dispose();
        }
    }
}
