using System.Diagnostics;
using System.Globalization;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Telemetry;
using Keyway.WriteBehind.Delivery;
using Keyway.WriteBehind.Journal;

namespace Keyway.MicroBenchmarks.Relay;

/// <summary>
/// The end of a long outage: a relay is started on a journal that is full of records, and a sink takes whatever comes. How long the start takes, and how fast the relay
/// itself is. <c>Keyway.MicroBenchmarks replay [records] [directory]</c>.
/// </summary>
internal static class OutageReplay
{
    private const int RecordsPerCommit = 500;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    internal static void Run(int records, string parent)
    {
        Console.WriteLine("| record | records | aggregate | journal MB | open s | replay s | records/s | MB/s | CPU us/record | peak memory MB |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach ((int size, int share, int aggregate) in new[] { (200, 1, 0), (200, 1, 100_000), (10_000, 20, 0) })
        {
            Measure(parent, size, records / share, aggregate);
        }
    }

    private static void Measure(string parent, int size, int records, int aggregate)
    {
        string directory = Path.Combine(parent, $"keyway-replay-{Guid.NewGuid():N}");
        try
        {
            Fill(JournalPlaces.Journal(directory, "events"), size, records);
            GC.Collect();
            CountingSink sink = new();
            PoolConfig pool = new()
            {
                Name = "events",
                Listen = [],
                Servers = [],
                Protocol = PoolProtocol.Firehose,
                Smart = new SmartConfig { Acknowledge = Acknowledgement.Disk, JournalDir = directory, MaxBacklog = 16L << 30 },
                Relay = new RelayConfig { Batch = new BatchConfig { Aggregate = aggregate } },
            };
            long bytes = new DirectoryInfo(directory).EnumerateFiles("*.journal", SearchOption.AllDirectories).Sum(static file => file.Length);
            long began = Stopwatch.GetTimestamp();
            using WriteBehind.Batching.Relay relay = WriteBehind.Batching.Relay.Open(pool, sink, Log.ToStandardError(new LogConfig { Level = LogLevel.Error }), TimeProvider.System);
            double open = Stopwatch.GetElapsedTime(began).TotalSeconds;
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            long peak = 0;
            began = Stopwatch.GetTimestamp();
            while (relay.GetStatus().Pending > 0 && Stopwatch.GetElapsedTime(began) < Limit)
            {
                peak = Math.Max(peak, Environment.WorkingSet);
                Thread.Sleep(10);
            }

            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            double micros = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / records;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {size} | {records} | {aggregate} | {bytes / 1e6:N0} | {open:N2} | {seconds:N2} | {records / seconds:N0} | {sink.Bytes / seconds / 1e6:N0} | {micros:N2} | {peak / 1e6:N0} |"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Fill(string directory, int size, int records)
    {
        Directory.CreateDirectory(directory);
        using SegmentedJournal journal = SegmentedJournal.Open(new JournalOptions { Directory = directory, MaxBytes = 16L << 30 }, TimeProvider.System);
        using AutoResetEvent settled = new(false);
        JournalProducer producer = journal.CreateProducer(() => settled.Set());
        byte[] payload = new byte[size];
        payload.AsSpan().Fill((byte)'x');
        for (int kept = 0; kept < records;)
        {
            int appended = 0;
            while (appended < RecordsPerCommit && kept + appended < records && producer.Append(1, default, payload, out _) == AppendResult.Appended)
            {
                appended++;
            }

            producer.Commit();
            kept += appended;
            while (!producer.TryTakeSettled(out _))
            {
                settled.WaitOne();
            }
        }
    }
}
