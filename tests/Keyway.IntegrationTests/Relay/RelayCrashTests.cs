using System.Globalization;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Relay;

/// <summary>
/// Keyway is killed with -9 while clients send records: every record that was acknowledged arrives, and after each kill no more arrives twice than was under way.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class RelayCrashTests(ITestOutputHelper output) : IDisposable
{
    private const int Writers = 4;
    private const int BatchRecords = 100;
    private const string KillsVariable = "KEYWAY_RELAY_KILLS";
    private const string LevelVariable = "KEYWAY_RELAY_LEVEL";

    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-relay-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("disk", 1)]
    [InlineData("fsync", 3)]
    public void Killed_NoAcknowledgedRecordIsMissing_AndFewArriveTwice(string level, int parallel) => Run(level, parallel, kills: 5, seed: 20260101);

    /// <summary>The long version: KEYWAY_RELAY_KILLS=200 and by its name; eng/check-relay does it.</summary>
    [Fact(Explicit = true)]
    public void KilledOften_NoAcknowledgedRecordIsMissing_AndFewArriveTwice() => Run(
        Environment.GetEnvironmentVariable(LevelVariable) ?? "disk",
        parallel: 1,
        int.Parse(Environment.GetEnvironmentVariable(KillsVariable) ?? "200", CultureInfo.InvariantCulture),
        Environment.TickCount);

    private void Run(string level, int parallel, int kills, int seed)
    {
        using LedgerServer ledger = new(seed);
        int port = FreePorts.Next();
        string config = $"""
            threads: 2
            pools:
              events:
                listen: 127.0.0.1:{port}
                protocol: firehose
                sink: http
                endpoint: {ledger.Address}
                acknowledge: {level}
                journal_dir: {_directory}
                max_backlog: 1mb
                batch_records: {BatchRecords}
                parallel: {parallel}
                linger: 10ms
                retry_min: 5ms
                retry_max: 50ms
            """;
        Random random = new(seed);
        KeywayProcess keyway = KeywayProcess.Start(config);
        RecordWriter[] writers = [.. Enumerable.Range(0, Writers).Select(i => new RecordWriter(port, $"w{i}"))];
        try
        {
            for (int i = 0; i < kills; i++)
            {
                AwaitProgress(writers);
                Thread.Sleep(random.Next(100)); // the kill is to come at any moment
                keyway.Kill();
                keyway.Dispose();
                keyway = KeywayProcess.Start(config);
            }

            AwaitProgress(writers);
            Array.ForEach(writers, static writer => writer.Stop());
            string[] acknowledged = [.. writers.SelectMany(static writer => writer.Acknowledged)];
            AwaitArrival(ledger, acknowledged);
            Check(ledger, acknowledged.Length, kills, parallel);
            Assert.Equal(0, keyway.Stop());
        }
        finally
        {
            Array.ForEach(writers, static writer => writer.Dispose());
            keyway.Dispose();
        }
    }

    private void Check(LedgerServer ledger, int acknowledged, int kills, int parallel)
    {
        Dictionary<string, int> taken = ledger.Taken;
        int twice = taken.Values.Sum(static count => count - 1);
        output.WriteLine($"{kills} kills: {acknowledged} acknowledged, all arrived; {taken.Count} arrived, {twice} of them again");
        Assert.InRange(ledger.LargestCall, 1, BatchRecords);
        Assert.InRange(twice, 0, kills * parallel * BatchRecords);
    }

    /// <summary>As long as records arrive there is hope for the others.</summary>
    private static void AwaitArrival(LedgerServer ledger, string[] acknowledged)
    {
        string[] missing = acknowledged;
        while (missing.Length > 0)
        {
            int before = missing.Length;
            Wait.Until(
                () => ledger.Taken is var taken && (missing = [.. missing.Where(record => !taken.ContainsKey(record))]).Length < before,
                $"arriving: {before} of {acknowledged.Length} records, as {missing[0]}");
        }
    }

    private static void AwaitProgress(RecordWriter[] writers)
    {
        long[] before = [.. writers.Select(static writer => writer.AcknowledgedCount)];
        Wait.Until(() => writers.Zip(before).All(static pair => pair.First.AcknowledgedCount > pair.Second + 50), "going on");
    }
}
