using Keyway.IntegrationTests.Proxy;

namespace Keyway.IntegrationTests.Memcached;

/// <summary>Clients as they are in use: libmemcached's own check of servers, and the libraries of Python and PHP; no servers stand for the memory server.</summary>
public sealed class ClientProgramTests
{
    /// <summary>Number of servers, and the poller.</summary>
    public static TheoryData<int, string> Shapes => new() { { 0, ProxyRig.Epoll }, { 1, ProxyRig.Epoll }, { 4, ProxyRig.Epoll }, { 4, ProxyRig.Managed } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Memccapable_OfTheTextProtocol_PassesWhatItPassesDirectly(int servers, string poller)
    {
        using var memcached = Testing.MemcachedProcess.Start();
        using var rig = MemcachedRig.Start(servers, poller: poller);

        Assert.Equal(Check(memcached.Port), Check(rig.Port));

        static string Check(int port) => Tool.Run("memccapable", "-h", "127.0.0.1", "-p", $"{port}", "-a");
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Pymemcache_UsedAsByApplications_Works(int servers, string poller)
    {
        using var rig = MemcachedRig.Start(servers, poller: poller);

        Assert.Equal("all right", Tool.Run("/usr/bin/python3", Script("pymemcache_client.py"), $"{rig.Port}"));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void PhpMemcached_UsedAsByApplications_Works(int servers, string poller)
    {
        using var rig = MemcachedRig.Start(servers, poller: poller);

        Assert.Equal("all right", Tool.Run("php", Script("php_memcached.php"), $"{rig.Port}"));
    }

    // The scripts themselves hold for memcached alone.
    [Fact]
    public void Scripts_AgainstMemcachedAlone_Work()
    {
        using var memcached = Testing.MemcachedProcess.Start();

        Assert.Equal("all right", Tool.Run("/usr/bin/python3", Script("pymemcache_client.py"), $"{memcached.Port}"));
        Assert.Equal("all right", Tool.Run("php", Script("php_memcached.php"), $"{memcached.Port}"));
    }

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Memcached", "Scripts", name);
}
