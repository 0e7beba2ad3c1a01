using System.Globalization;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Memcached;

/// <summary>The real keyway executable with one memcached pool in front of servers of its own. All end with it.</summary>
public sealed class MemcachedRig : IDisposable
{
    private MemcachedRig(IReadOnlyList<MemcachedProcess> servers, KeywayProcess keyway, int port)
    {
        Servers = servers;
        Keyway = keyway;
        Port = port;
    }

    /// <summary>The servers behind, in the order of the file.</summary>
    public IReadOnlyList<MemcachedProcess> Servers { get; }

    /// <summary>The proxy.</summary>
    public KeywayProcess Keyway { get; }

    /// <summary>Where clients connect.</summary>
    public int Port { get; }

    /// <summary>Starts so many servers and a proxy in front of them; none for the memory server.</summary>
    /// <param name="servers">How many servers.</param>
    /// <param name="settings">Further lines of the pool, without indentation.</param>
    /// <param name="poller"><see cref="ProxyRig.Epoll"/> or <see cref="ProxyRig.Managed"/>.</param>
    /// <param name="threads">Reactor threads.</param>
    /// <param name="serverArguments">memcached's arguments.</param>
    public static MemcachedRig Start(int servers, string settings = "", string poller = ProxyRig.Epoll, int threads = 2, string[]? serverArguments = null)
    {
        var memcacheds = new List<MemcachedProcess>();
        try
        {
            for (var i = 0; i < servers; i++)
            {
                memcacheds.Add(MemcachedProcess.Start(serverArguments ?? []));
            }

            var port = FreePorts.Next();
            var addresses = servers == 0 ? ["memory"] : memcacheds.Select(static server => server.Address);
            return new MemcachedRig(memcacheds, StartKeyway(port, addresses, settings, poller, threads), port);
        }
        catch
        {
            memcacheds.ForEach(static server => server.Dispose());
            throw;
        }
    }

    /// <summary>Starts a proxy with one memcached pool on the port, in front of the given addresses.</summary>
    public static KeywayProcess StartKeyway(int port, IEnumerable<string> servers, string settings = "", string poller = ProxyRig.Epoll, int threads = 2) =>
        ProxyRig.StartKeyway(port, servers, "protocol: memcached\n" + settings, poller, threads);

    /// <summary>A new client of the proxy.</summary>
    public MemcachedClient Connect(TimeSpan? timeout = null) => MemcachedClient.Connect(Port, timeout);

    /// <summary>For each server some names that belong to it: written through the proxy, looked up at the servers.</summary>
    public string[][] KeysOfServers(int perServer)
    {
        var keys = Servers.Select(static _ => new List<string>()).ToArray();
        var servers = Servers.Select(static server => server.Connect()).ToArray();
        using var client = Connect();
        for (var i = 0; keys.Any(list => list.Count < perServer); i++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"key:{i}");
            Assert.Equal("STORED", client.Set(key, key));
            var owner = Array.FindIndex(servers, server => server.Get(key) is not null);
            if (keys[owner].Count < perServer)
            {
                keys[owner].Add(key);
            }

            Assert.Equal("DELETED", client.Call($"delete {key}\r\n"));
        }

        foreach (var server in servers)
        {
            server.Dispose();
        }

        return [.. keys.Select(static list => list.ToArray())];
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
