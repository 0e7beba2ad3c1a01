using Keyway.IntegrationTests.CommandLine;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Smart;

/// <summary>Smart mode before real memcacheds.</summary>
[Collection(AloneCollection.Name)]
public sealed class SmartMemcachedTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-smart-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void WritesInAnOutage_AreDeliveredInOrder_WhenTheServerIsBack()
    {
        using MemcachedProcess server = MemcachedProcess.Start();
        int port = FreePorts.Next();
        using KeywayProcess keyway = KeywayProcess.Start(Config(port, "acknowledge: memory", server));
        using MemcachedClient client = MemcachedClient.Connect(port);
        Assert.Equal("STORED", client.Set("before", "1"));
        Assert.Equal("1", client.Get("before"));
        server.Kill();
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal("STORED", client.Set($"k{i % 10}", $"{i}"));
        }

        Assert.Equal("DELETED", client.Call("delete k0\r\n"));
        server.Restart();

        Await(client, "keyway_early_pending 0");
        using MemcachedClient direct = server.Connect();
        Assert.Null(direct.Get("k0"));
        for (int i = 1; i < 10; i++)
        {
            Assert.Equal($"{990 + i}", direct.Get($"k{i}"));
        }

        Assert.Equal(0, keyway.Stop());
    }

    [Fact]
    public void Killed_WithAJournal_DeliversAtTheNextStart()
    {
        using MemcachedProcess server = MemcachedProcess.Start();
        int port = FreePorts.Next();
        string config = Config(port, $"acknowledge: disk\n    journal_dir: {_directory}", server);
        using (KeywayProcess keyway = KeywayProcess.Start(config))
        {
            using MemcachedClient client = MemcachedClient.Connect(port);
            server.Kill();
            for (int i = 0; i < 100; i++)
            {
                Assert.Equal("STORED", client.Set("a", $"{i}"));
            }

            client.Send("set quiet 0 0 2 noreply\r\nhi\r\n");
            Assert.Equal("STORED", client.Set("last", "x"));
            keyway.Kill();
        }

        server.Restart();
        using KeywayProcess next = KeywayProcess.Start(config);
        using MemcachedClient again = MemcachedClient.Connect(port);
        Await(again, "keyway_journal_pending 0");
        using MemcachedClient direct = server.Connect();
        Assert.Equal("99", direct.Get("a"));
        Assert.Equal("hi", direct.Get("quiet"));
        Assert.Equal("x", direct.Get("last"));
        Assert.Equal(0, next.Stop());
    }

    [Fact]
    public async Task Refused_IsKept_Listed_AndReplayed()
    {
        using MemcachedProcess server = MemcachedProcess.Start();
        int port = FreePorts.Next();
        using (KeywayProcess keyway = KeywayProcess.Start(Config(port, $"dead_letters: true\n    journal_dir: {_directory}", server)))
        {
            using MemcachedClient client = MemcachedClient.Connect(port);
            Assert.Equal("TOUCHED", client.Call("touch nobody 10\r\n"));
            Await(client, "keyway_early_given_up_not_found 1");
            Assert.Equal(0, keyway.Stop());
        }

        string letters = Path.Combine(_directory, "cache.dead");
        Assert.Contains(" NOT_FOUND touch nobody 10", await Run("journal", "show", letters), StringComparison.Ordinal);
        Assert.Contains("0 taken, 1 refused", await Run("journal", "replay", letters, "--server", $"127.0.0.1:{server.Port}"), StringComparison.Ordinal);
        using MemcachedClient direct = server.Connect();
        Assert.Equal("STORED", direct.Set("nobody", "x"));
        Assert.Contains("1 taken, 0 refused", await Run("journal", "replay", letters, "--server", $"127.0.0.1:{server.Port}"), StringComparison.Ordinal);
    }

    [Fact]
    public void ValueBeyondTheServersLimit_IsRefusedAsByTheServer()
    {
        using MemcachedProcess server = MemcachedProcess.Start("-I", "16k", "-o", "slab_chunk_max=8192");
        int port = FreePorts.Next();
        using KeywayProcess keyway = KeywayProcess.Start(Config(port, "acknowledge: memory", server));
        using MemcachedClient client = MemcachedClient.Connect(port);

        Assert.Equal("STORED", client.Set("a", new string('x', 10_000)));
        Assert.Equal("SERVER_ERROR object too large for cache", client.Set("a", new string('x', 20_000)));
        Assert.Equal("STORED", client.Set("a", new string('y', 10_000)));
        Assert.Equal(new string('y', 10_000), client.Get("a"));
    }

    private static void Await(MemcachedClient client, string figure) =>
        Wait.Until(
            () =>
            {
                client.Send("stats\r\n");
                bool isThere = false;
                for (string line = client.ReadLine(); line != "END"; line = client.ReadLine())
                {
                    isThere |= line == "STAT " + figure;
                }

                return isThere;
            },
            figure);

    private static async Task<string> Run(params string[] arguments) => (await KeywayRun.Run(arguments)).Output;

    private static string Config(int port, string more, MemcachedProcess server) => $"""
        threads: 2
        pools:
          cache:
            protocol: memcached
            listen: 127.0.0.1:{port}
            servers: [127.0.0.1:{server.Port}]
            timeout: 1s
            connect_timeout: 300ms
            server_retry_timeout: 100ms
            mode: smart
            {more}
        """;
}
