using System.Globalization;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Smart;

/// <summary>A journal whose disk is really full: no client is told OK for what is not kept, and service goes on by itself when there is room.</summary>
[Collection(AloneCollection.Name)]
public sealed class FullDiskTests
{
    private const int Megabytes = 80; // the journal leaves 64 of them to others
    private static readonly string Value = new('x', 10_000);

    [Theory]
    [InlineData("disk")]
    [InlineData("fsync")]
    public void FullDisk_IsAnErrorForTheClient_AndServiceGoesOnWhenThereIsRoom(string acknowledge)
    {
        using SmallFileSystem? disk = SmallFileSystem.TryMount(Megabytes);
        Assert.SkipWhen(disk is null, "a file system can be mounted by root only");
        using RedisProcess server = RedisProcess.Start();
        int port = FreePorts.Next();
        string config = $"""
            threads: 2
            pools:
              cache:
                listen: 127.0.0.1:{port}
                servers: [{server.Address}]
                server_retry_timeout: 100ms
                mode: smart
                acknowledge: {acknowledge}
                journal_dir: {disk.Path}
            """;
        SortedSet<int> kept = [];
        using (KeywayProcess keyway = KeywayProcess.Start(config))
        {
            using RespClient client = RespClient.Connect(port);
            server.Kill();
            int next = Write(client, kept, 0, 200);
            Assert.Equal(200, kept.Count);

            disk.Fill();
            next = Write(client, kept, next, 200);
            Assert.InRange(kept.Count, 200, 210);
            Assert.Contains("journal", keyway.Log, StringComparison.Ordinal);

            disk.Empty();
            int refused = kept.Count;
            Wait.Until(() => (next = Write(client, kept, next, 1)) > 0 && kept.Count > refused, "a write is taken again");
            next = Write(client, kept, next, 200);
            Assert.Equal(refused + 201, kept.Count);

            // Twice, so that it is not the first failure only that is survived.
            disk.Fill();
            next = Write(client, kept, next, 20);
            disk.Empty();
            refused = kept.Count;
            Wait.Until(() => (next = Write(client, kept, next, 1)) > 0 && kept.Count > refused, "a write is taken again");
            keyway.Kill();
        }

        server.Restart();
        using KeywayProcess again = KeywayProcess.Start(config);
        using RespClient reader = RespClient.Connect(port);
        Wait.Until(() => reader.Call("INFO", "keyway").Text!.Contains("keyway_journal_pending:0", StringComparison.Ordinal), "all is delivered");
        using RespClient direct = server.Connect();
        Assert.All(kept, number => Assert.Equal(Value, direct.Call("GET", Key(number)).Text));
        Assert.Equal(0, again.Stop());
    }

    /// <summary>Writes so many values; those that are answered OK are noted. Returns the number after the last.</summary>
    private static int Write(RespClient client, SortedSet<int> kept, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            RespValue reply = client.Call("SET", Key(i), Value);
            if (reply.Text == "OK")
            {
                kept.Add(i);
            }
            else
            {
                Assert.StartsWith("ERR ", reply.Text, StringComparison.Ordinal);
            }
        }

        return first + count;
    }

    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"k{number}");
}
