using System.Globalization;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Smart;

/// <summary>Keyway is killed with -9, and its servers are killed and stopped, while clients write: nothing that was acknowledged may be missing.</summary>
[Collection(AloneCollection.Name)]
public sealed class SmartCrashTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-smart-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("disk")]
    [InlineData("fsync")]
    public void Killed_NoAcknowledgedWriteIsMissing(string level) => Run(level, kills: 5, new Random(20260101));

    /// <summary>The long version: KEYWAY_SMART_KILLS=100 and by its name; eng/check-smart does it.</summary>
    [Theory(Explicit = true)]
    [InlineData("disk")]
    [InlineData("fsync")]
    public void KilledOften_Servers_NoAcknowledgedWriteIsMissing(string level) =>
        SmartProof.InRounds((kills, random) => Run(level, kills, random));

    [Fact]
    public void Memory_ServersKilledAndStopped_LosesNothingThatIsSafeToRepeat() => RunMemory(disturbances: 4, new Random(7));

    [Fact(Explicit = true)]
    public void KilledOften_Memory_LosesNothingThatIsSafeToRepeat() => SmartProof.InRounds(RunMemory);

    [Fact]
    public void Memory_BacklogFull_LosesExactlyWhatIsReported()
    {
        using RedisProcess server = StartRedis();
        int port = FreePorts.Next();
        using KeywayProcess keyway = KeywayProcess.Start(Config(port, "max_backlog: 1mb\n    when_full: drop_newest", server));
        using RespClient client = RespClient.Connect(port);
        string value = new('x', 1000);
        server.Stop();
        const int Written = 3000;
        for (int i = 0; i < Written; i++)
        {
            Assert.Equal("OK", client.Call("SET", $"k{i}", value).Text);
        }

        server.Continue();
        SmartProof.Await(port, "keyway_early_pending");

        using RespClient direct = server.Connect();
        long there = long.Parse(direct.Call("DBSIZE").Text!, CultureInfo.InvariantCulture);
        Assert.Equal(Written - there, SmartProof.Info(port, "keyway_early_dropped"));
        Assert.InRange(there, 100, Written - 500);
    }

    private void Run(string level, int kills, Random random)
    {
        using RedisProcess one = StartRedis();
        using RedisProcess two = StartRedis();
        int port = FreePorts.Next();
        string config = Config(port, $"acknowledge: {level}\n    journal_dir: {_directory}", one, two);
        SmartProof.Run(
            () => KeywayProcess.Start(config),
            port,
            kills,
            random,
            _ => SmartProof.Disturb(random.Next(2) == 0 ? one : two, random.Next(3)),
            () => [one, two]);
    }

    private static void RunMemory(int disturbances, Random random)
    {
        using RedisProcess one = StartRedis();
        using RedisProcess two = StartRedis();
        int port = FreePorts.Next();
        using KeywayProcess keyway = KeywayProcess.Start(Config(port, "acknowledge: memory", one, two));
        NumberWriter[] writers = SmartProof.StartWriters(port);
        for (int i = 0; i < disturbances; i++)
        {
            SmartProof.AwaitProgress(writers);
            SmartProof.Disturb(random.Next(2) == 0 ? one : two, random.Next(2));
        }

        SmartProof.Finish(writers, port, "keyway_early_pending");
        SmartProof.Check(writers, one, two);
        keyway.Stop();
    }

    private static RedisProcess StartRedis() => RedisProcess.Start(SmartProof.Lasting);

    private static string Config(int port, string more, params RedisProcess[] servers) => $"""
        threads: 2
        pools:
          cache:
            listen: 127.0.0.1:{port}
            servers: [{string.Join(", ", servers.Select(static server => server.Address))}]
            timeout: 500ms
            connect_timeout: 300ms
            server_retry_timeout: 100ms
            mode: smart
            {more}
        """;
}
