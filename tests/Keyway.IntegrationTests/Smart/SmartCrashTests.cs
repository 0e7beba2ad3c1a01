using System.Globalization;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Smart;

/// <summary>Keyway is killed with -9, and its servers are killed and stopped, while clients write: nothing that was acknowledged may be missing.</summary>
[Collection(AloneCollection.Name)]
public sealed class SmartCrashTests : IDisposable
{
    private const int Writers = 4;
    private const string KillsVariable = "KEYWAY_SMART_KILLS";


    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-smart-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("disk")]
    [InlineData("fsync")]
    public void Killed_NoAcknowledgedWriteIsMissing(string level) => Run(level, kills: 5, seed: 20260101);

    /// <summary>The long version: KEYWAY_SMART_KILLS=100 and by its name; eng/check-smart does it.</summary>
    [Theory(Explicit = true)]
    [InlineData("disk")]
    [InlineData("fsync")]
    public void KilledOften_NoAcknowledgedWriteIsMissing(string level) =>
        Run(level, int.Parse(Environment.GetEnvironmentVariable(KillsVariable) ?? "100", CultureInfo.InvariantCulture), Environment.TickCount);

    [Fact]
    public void Memory_ServersKilledAndStopped_LosesNothingThatIsSafeToRepeat()
    {
        using RedisProcess one = StartRedis();
        using RedisProcess two = StartRedis();
        int port = FreePorts.Next();
        using KeywayProcess keyway = KeywayProcess.Start(Config(port, "acknowledge: memory", one, two));
        NumberWriter[] writers = StartWriters(port);
        Random random = new(7);
        for (int i = 0; i < 4; i++)
        {
            AwaitProgress(writers);
            Disturb(random.Next(2) == 0 ? one : two, random.Next(2));
        }

        Finish(writers, port, "keyway_early_pending");
        Check(writers, one, two);
        keyway.Stop();
    }

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
        Await(port, "keyway_early_pending");

        using RespClient direct = server.Connect();
        long there = long.Parse(direct.Call("DBSIZE").Text!, CultureInfo.InvariantCulture);
        Assert.Equal(Written - there, Info(port, "keyway_early_dropped"));
        Assert.InRange(there, 100, Written - 500);
    }

    private void Run(string level, int kills, int seed)
    {
        using RedisProcess one = StartRedis();
        using RedisProcess two = StartRedis();
        int port = FreePorts.Next();
        string config = Config(port, $"acknowledge: {level}\n    journal_dir: {_directory}", one, two);
        Random random = new(seed);
        KeywayProcess keyway = KeywayProcess.Start(config);
        NumberWriter[] writers = StartWriters(port);
        try
        {
            for (int i = 0; i < kills; i++)
            {
                AwaitProgress(writers);
                Disturb(random.Next(2) == 0 ? one : two, random.Next(3));
                Thread.Sleep(random.Next(100)); // the kill is to come at any moment of the writing
                keyway.Kill();
                keyway.Dispose();
                keyway = KeywayProcess.Start(config);
            }

            AwaitProgress(writers);
            Finish(writers, port, "keyway_journal_pending");
            Check(writers, one, two);
        }
        finally
        {
            Array.ForEach(writers, static writer => writer.Dispose());
            keyway.Dispose();
        }
    }

    /// <summary>Kills or stops the server for a moment, or leaves it alone.</summary>
    private static void Disturb(RedisProcess server, int how)
    {
        if (how == 0)
        {
            server.Kill();
            Thread.Sleep(100); // long enough for a backlog
            server.Restart();
        }
        else if (how == 1)
        {
            server.Stop();
            Thread.Sleep(400); // long enough for requests to be late
            server.Continue();
        }
    }

    private static void Check(NumberWriter[] writers, params RedisProcess[] servers)
    {
        RespClient[] clients = [.. servers.Select(static server => server.Connect())];
        HashSet<string> keys = [.. clients.SelectMany(static client => client.Call("KEYS", "*").Items.Select(static item => item.Text!))];
        foreach (NumberWriter writer in writers)
        {
            List<long> missing = [.. writer.Acknowledged.Where(number => !keys.Contains(writer.KeyOf(number)))];
            Assert.Empty(missing);
            long last = clients.Select(client => client.Call("GET", writer.LastKey)).Where(static value => !value.IsNull)
                .Select(static value => long.Parse(value.Text!, CultureInfo.InvariantCulture)).Single();
            Assert.InRange(last, writer.Acknowledged[^1], writer.Sent);
        }

        Array.ForEach(clients, static client => client.Dispose());
    }

    private static NumberWriter[] StartWriters(int port) => [.. Enumerable.Range(0, Writers).Select(i => new NumberWriter(port, $"w{i}"))];

    private static void AwaitProgress(NumberWriter[] writers)
    {
        long[] before = [.. writers.Select(static writer => writer.AcknowledgedCount)];
        Wait.Until(() => writers.Zip(before).All(static pair => pair.First.AcknowledgedCount > pair.Second + 50), "going on");
    }

    private static void Finish(NumberWriter[] writers, int port, string what)
    {
        Array.ForEach(writers, static writer => writer.Stop());
        Await(port, what);
    }

    private static void Await(int port, string what) => Wait.Until(() => Info(port, what) == 0, what + " at 0");

    private static long Info(int port, string what)
    {
        using RespClient client = RespClient.Connect(port);
        string line = client.Call("INFO", "keyway").Text!.Split("\r\n").Single(line => line.StartsWith(what + ":", StringComparison.Ordinal));
        return long.Parse(line[(what.Length + 1)..], CultureInfo.InvariantCulture);
    }

    private static RedisProcess StartRedis() => RedisProcess.Start("--appendonly", "yes", "--appendfsync", "no");

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
