using Keyway.WriteBehind.Journal;
using Keyway.WriteBehind.Tests.Journal.Storage;

namespace Keyway.WriteBehind.Tests.Journal;

/// <summary>Random courses of events against a list that knows what must be there, and what may.</summary>
public sealed class ModelTests
{
    private const int Steps = 200;

    private readonly SortedDictionary<long, int> _must = [];
    private readonly HashSet<int> _may = [];
    private int _number;

    [Theory]
    [InlineData(Durability.Disk)]
    [InlineData(Durability.Fsync)]
    public void RandomCourse_AcrossFailuresAndCrashes_KeepsWhatItPromised(Durability durability)
    {
        for (int seed = 0; seed < 12; seed++)
        {
            _must.Clear();
            _may.Clear();
            Run(new Random(seed), options => options with
            {
                Durability = durability,
                SegmentBytes = 64 * 1024,
                TailCacheBytes = seed % 2 == 0 ? 0 : 1024 * 1024,
            });
        }
    }

    private void Run(Random random, Func<JournalOptions, JournalOptions> with)
    {
        bool powerCuts = with(new JournalOptions { Directory = "memory" }).Durability == Durability.Fsync;
        var journal = new TestJournal(with: with);
        JournalReader reader = journal.Journal.CreateReader();
        for (int step = 0; step < Steps; step++)
        {
            switch (random.Next(12))
            {
                case < 5:
                    Append(journal, random);
                    break;
                case < 8:
                    Complete(journal, random);
                    break;
                case 8:
                    journal.KeepHouse();
                    break;
                case 9:
                    journal.Storage.Fault = random.Next(3) == 0 ? (StorageFault)random.Next(32) & ~StorageFault.Read : StorageFault.None;
                    journal.Storage.BytesOfFailingWrite = random.Next(3000);
                    break;
                case 10:
                    ReadSome(reader, random);
                    break;
                default:
                    journal = Crash(journal, random, powerCuts, with);
                    reader = journal.Journal.CreateReader();
                    break;
            }

            Assert.Equal(_must.Count, journal.Journal.GetStatus().Pending);
        }

        Assert.Equal(_must.Values, journal.ReadAll());
    }

    private void Append(TestJournal journal, Random random)
    {
        List<(long First, int[] Numbers)> batches = [];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int[] numbers = [.. Enumerable.Range(_number, random.Next(1, 5))];
            _number += numbers.Length;
            batches.Add((journal.CommitOf(random.Next(40) == 0 ? 300_000 : random.Next(4, 6000), numbers), numbers));
        }

        journal.Journal.Turn();
        foreach ((long first, int[] numbers) in batches)
        {
            Assert.True(journal.Producer.TryTakeSettled(out SettledBatch settled));
            Assert.Equal((first, numbers.Length), (settled.First, settled.Count));
            for (int i = 0; i < numbers.Length; i++)
            {
                if (settled.Failure == JournalFailure.None)
                {
                    _must.Add(first + i, numbers[i]);
                }
                else
                {
                    _may.Add(numbers[i]); // If the disk did not let it be cut off either.
                }
            }
        }
    }

    private void Complete(TestJournal journal, Random random)
    {
        long[] sequences = [.. _must.Keys.Where(_ => random.Next(4) != 0).Take(random.Next(30))];
        random.Shuffle(sequences);
        journal.Journal.Complete(sequences);
        foreach (long sequence in sequences)
        {
            _may.Add(_must[sequence]); // Until a later crash shows that it was written.
            _must.Remove(sequence);
        }
    }

    private void ReadSome(JournalReader reader, Random random)
    {
        for (int i = random.Next(20); i > 0 && reader.Read(out JournalRecord record) == ReadResult.Record; i--)
        {
            Assert.Equal(_must[record.Sequence], TestJournal.NumberIn(record));
        }
    }

    private TestJournal Crash(TestJournal journal, Random random, bool powerCuts, Func<JournalOptions, JournalOptions> with)
    {
        if (random.Next(3) == 0)
        {
            journal.Journal.Dispose();
        }

        MemoryStorage left = powerCuts ? journal.Storage.AfterPowerCut(random) : journal.Storage.AfterKill();
        var next = new TestJournal(left, with);
        List<int> read = next.ReadAll();
        Assert.Equal(read.Order(), read);
        Assert.Subset(read.ToHashSet(), _must.Values.ToHashSet());
        Assert.Subset(_must.Values.Concat(_may).ToHashSet(), read.ToHashSet());

        _must.Clear();
        using JournalReader reader = next.Journal.CreateReader();
        while (reader.Read(out JournalRecord record) == ReadResult.Record)
        {
            _must.Add(record.Sequence, TestJournal.NumberIn(record));
        }

        return next;
    }
}
