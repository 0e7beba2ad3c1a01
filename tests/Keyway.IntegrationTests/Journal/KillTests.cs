using System.Buffers.Binary;
using Keyway.Testing;
using Keyway.WriteBehind.Journal;

namespace Keyway.IntegrationTests.Journal;

/// <summary>A process that writes to a journal is killed with -9, again and again.</summary>
public sealed class KillTests : IDisposable
{
    private const string DirectoryVariable = "KEYWAY_TEST_JOURNAL";
    private const int Rounds = 6;
    private const int NumbersPerRound = 10_000_000;

    private static readonly TimeSpan ChildLimit = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-kill-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Writer_KilledAtAnyMoment_LosesNothingThatWasSettled()
    {
        var random = new Random(20260101);
        var complete = new HashSet<long>();
        var settled = new SortedSet<long>();
        for (int round = 0; round < Rounds; round++)
        {
            KillWriter(round, after: random.Next(200, 20_000));
            settled.UnionWith(Numbers($"settled-{round}"));
            complete.UnionWith(Numbers($"complete-{round}"));

            using SegmentedJournal journal = SegmentedJournal.Open(Options(_directory), TimeProvider.System);
            List<long> read = ReadAll(journal);
            Assert.Equal(read.Order(), read);
            Assert.Equal(read.Count, read.Distinct().Count());
            Assert.Empty(settled.Except(complete).Except(read));
            Assert.Equal(0, journal.Recovery.CorruptRanges);
        }

        Assert.True(complete.Count > 100);
    }

    /// <summary>What the killed process runs; only ever asked for by name.</summary>
    [Fact(Explicit = true)]
    public void Child_WritesUntilItIsKilled()
    {
        string directory = Environment.GetEnvironmentVariable(DirectoryVariable) ?? throw new InvalidOperationException("This is for the killed process.");
        int round = int.Parse(Environment.GetEnvironmentVariable(DirectoryVariable + "_ROUND")!);
        using SegmentedJournal journal = SegmentedJournal.Open(Options(directory), TimeProvider.System);
        using var news = new AutoResetEvent(false);
        using var settledNumbers = File.OpenHandle(Path.Combine(directory, $"settled-{round}"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        using var completeNumbers = File.OpenHandle(Path.Combine(directory, $"complete-{round}"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        JournalProducer producer = journal.CreateProducer(() => news.Set());
        long started = Environment.TickCount64;
        long number = (long)round * NumbersPerRound;
        byte[] payload = new byte[300];
        byte[] numbers = new byte[16 * sizeof(long)];
        while (Environment.TickCount64 - started < ChildLimit.TotalMilliseconds)
        {
            for (int i = 0; i < 16; i++, number++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(payload, number);
                BinaryPrimitives.WriteInt64LittleEndian(numbers.AsSpan(i * sizeof(long)), number);
                Assert.Equal(AppendResult.Appended, producer.Append(1, default, payload, out _));
            }

            producer.Commit();
            SettledBatch batch;
            while (!producer.TryTakeSettled(out batch))
            {
                news.WaitOne();
            }

            Assert.Equal(JournalFailure.None, batch.Failure);
            RandomAccess.Write(settledNumbers, numbers, RandomAccess.GetLength(settledNumbers));

            // Every second batch is complete, but for one record; first it is said, then done.
            if (batch.First / batch.Count % 2 == 0)
            {
                RandomAccess.Write(completeNumbers, numbers.AsSpan(0, 15 * sizeof(long)), RandomAccess.GetLength(completeNumbers));
                journal.CompleteRange(batch.First, batch.First + 14);
            }
        }
    }

    private static JournalOptions Options(string directory) => new()
    {
        Directory = Path.Combine(directory, "journal"),
        SegmentBytes = 256 * 1024,
        MinFreeBytes = 0,
        CompletionInterval = TimeSpan.FromMilliseconds(20),
    };

    private static List<long> ReadAll(SegmentedJournal journal)
    {
        List<long> numbers = [];
        using JournalReader reader = journal.CreateReader();
        while (reader.Read(out JournalRecord record) == ReadResult.Record)
        {
            numbers.Add(BinaryPrimitives.ReadInt64LittleEndian(record.Payload));
        }

        return numbers;
    }

    private void KillWriter(int round, int after)
    {
        string settled = Path.Combine(_directory, $"settled-{round}");
        using ChildProcess child = ChildProcess.Start(
            Path.ChangeExtension(typeof(KillTests).Assembly.Location, null),
            ["--explicit", "only", "--filter-method", $"{typeof(KillTests).FullName}.{nameof(Child_WritesUntilItIsKilled)}", "--no-progress"],
            environment: new Dictionary<string, string> { [DirectoryVariable] = _directory, [DirectoryVariable + "_ROUND"] = $"{round}" });
        child.WaitUntil(() => File.Exists(settled) && new FileInfo(settled).Length > after * sizeof(long), ChildLimit, "far enough");
        child.Kill();
    }

    /// <summary>The whole numbers in a file that may end in the middle of one.</summary>
    private IEnumerable<long> Numbers(string name)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(_directory, name));
        return bytes.Chunk(sizeof(long)).Where(static chunk => chunk.Length == sizeof(long)).Select(static chunk => BinaryPrimitives.ReadInt64LittleEndian(chunk));
    }
}
