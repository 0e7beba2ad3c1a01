using System.Globalization;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Smart;

/// <summary>What becomes of writes while their server is away, and when Keyway ends meanwhile.</summary>
[Collection(AloneCollection.Name)]
public sealed class SmartDeliveryTests : IDisposable
{
    private const int Undelivered = 3; // the exit code

    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-smart-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void BacklogBeyondMemory_IsDeliveredInOrder_FromTheJournal()
    {
        using RedisProcess server = RedisProcess.Start();
        int port = FreePorts.Next();
        using KeywayProcess keyway = KeywayProcess.Start(Config(port, $"acknowledge: disk\n    journal_dir: {_directory}", server));
        using RespClient client = RespClient.Connect(port);
        string value = new('x', 10_000);
        server.Stop();
        const int Written = 2500;
        for (int i = 0; i < Written; i++)
        {
            Assert.Equal("OK", client.Call("SET", $"k{i % 100}", $"{i} {value}").Text);
        }

        server.Continue();

        // A read waits for all writes of its client, though most of them are still on disk; further ones go behind them.
        Assert.StartsWith($"{Written - 1} ", client.Call("GET", "k99").Text, StringComparison.Ordinal);
        Assert.Equal("OK", client.Call("SET", "k99", "after").Text);
        Assert.Equal("after", client.Call("GET", "k99").Text);
        AwaitDelivery(port, "keyway_journal_pending");
        using RespClient direct = server.Connect();
        for (int i = 0; i < 99; i++)
        {
            Assert.StartsWith($"{Written - 100 + i} ", direct.Call("GET", $"k{i}").Text, StringComparison.Ordinal);
        }

        Assert.Equal(0, keyway.Stop());
    }

    [Fact]
    public void Terminated_WhileTheServerIsAway_SaysWhatIsLost()
    {
        using RedisProcess server = RedisProcess.Start();
        int port = FreePorts.Next();
        using KeywayProcess keyway = KeywayProcess.Start(Config(port, "acknowledge: memory\n    drain_timeout: 300ms", server));
        Write(port, server);

        Assert.Equal(Undelivered, keyway.Stop());
        Assert.Contains("5 writes or records were answered and not delivered, and are lost", keyway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void Terminated_WithAJournal_DeliversAtTheNextStart()
    {
        using RedisProcess server = RedisProcess.Start();
        int port = FreePorts.Next();
        string config = Config(port, $"acknowledge: disk\n    journal_dir: {_directory}\n    drain_timeout: 300ms", server);
        using (KeywayProcess keyway = KeywayProcess.Start(config))
        {
            Write(port, server);
            Assert.Equal(Undelivered, keyway.Stop());
            Assert.Contains("5 writes or records were not delivered: they are in the journal", keyway.Log, StringComparison.Ordinal);
        }

        server.Restart();
        using KeywayProcess next = KeywayProcess.Start(config);
        AwaitDelivery(port, "keyway_journal_pending");
        using RespClient direct = server.Connect();
        Assert.Equal("4", direct.Call("GET", "a").Text);
        Assert.Equal(0, next.Stop());
    }

    [Fact]
    public void Terminated_UnderLoad_DeliversAll()
    {
        using RedisProcess server = RedisProcess.Start();
        int port = FreePorts.Next();
        using KeywayProcess keyway = KeywayProcess.Start(Config(port, "acknowledge: memory", server));
        using RespClient client = RespClient.Connect(port);
        server.Stop();
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal("OK", client.Call("SET", $"k{i}", "v").Text);
        }

        server.Continue();

        Assert.Equal(0, keyway.Stop());
        using RespClient direct = server.Connect();
        Assert.Equal("1000", direct.Call("DBSIZE").Text);
    }

    private static void Write(int port, RedisProcess server)
    {
        using RespClient client = RespClient.Connect(port);
        server.Kill();
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal("OK", client.Call("SET", "a", $"{i}").Text);
        }
    }

    private static void AwaitDelivery(int port, string what) => Wait.Until(() => Info(port, what) == 0, what + " at 0");

    private static long Info(int port, string what)
    {
        using RespClient client = RespClient.Connect(port);
        string line = client.Call("INFO", "keyway").Text!.Split("\r\n").Single(line => line.StartsWith(what + ":", StringComparison.Ordinal));
        return long.Parse(line[(what.Length + 1)..], CultureInfo.InvariantCulture);
    }

    private static string Config(int port, string more, RedisProcess server) => $"""
        threads: 2
        pools:
          cache:
            listen: 127.0.0.1:{port}
            servers: [{server.Address}]
            timeout: 1s
            connect_timeout: 300ms
            server_retry_timeout: 100ms
            mode: smart
            {more}
        """;
}
