using Keyway.IntegrationTests.CommandLine;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Smart;

/// <summary>Writes that were refused after they were answered, and the commands that look after them.</summary>
public sealed class DeadLetterTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-smart-").FullName;

    private string Letters => Path.Combine(_directory, "cache.dead");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Refused_IsKept_Listed_Replayed_AndDropped()
    {
        using RedisProcess server = RedisProcess.Start();
        int port = FreePorts.Next();
        using (KeywayProcess keyway = KeywayProcess.Start($"""
            pools:
              cache:
                listen: 127.0.0.1:{port}
                servers: [{server.Address}]
                mode: smart
                dead_letters: true
                journal_dir: {_directory}
            """))
        {
            using RespClient client = RespClient.Connect(port);
            client.Call("SELECT", "2");
            client.Call("LPUSH", "list", "1");
            Assert.Equal("1", client.Call("HSET", "list", "f", "v").Text);
            Assert.Equal("1", client.Call("SADD", "list", "m").Text);
            Wait.Until(() => client.Call("INFO", "keyway").Text!.Contains("keyway_early_given_up_wrongtype:2", StringComparison.Ordinal), "counted");
            Wait.Until(() => keyway.Log.Contains("key=list", StringComparison.Ordinal), "logged");
            Assert.Equal(0, keyway.Stop());
        }

        Assert.Contains("cache.dead: 2 pending", await Run("journal", "list", _directory), StringComparison.Ordinal);
        string shown = await Run("journal", "show", Letters);
        Assert.Contains(" WRONGTYPE db=2 HSET list f v", shown, StringComparison.Ordinal);
        Assert.Contains("0 taken, 2 refused", await Run("journal", "replay", Letters, "--server", server.Address), StringComparison.Ordinal);
        using RespClient direct = server.Connect();
        direct.Call("SELECT", "2");
        direct.Call("DEL", "list");
        Assert.Contains("1 taken, 0 refused", await Run("journal", "replay", Letters, "--to", "1", "--server", server.Address), StringComparison.Ordinal);
        Assert.Equal("v", direct.Call("HGET", "list", "f").Text);
        Assert.Contains("1 dropped", await Run("journal", "drop", Letters), StringComparison.Ordinal);
        Assert.Contains("cache.dead: 0 pending", await Run("journal", "list", _directory), StringComparison.Ordinal);
    }

    private static async Task<string> Run(params string[] arguments) => (await KeywayRun.Run(arguments)).Output;
}
