using Keyway.WriteBehind.Journal;
using Keyway.WriteBehind.Tests.Journal.Storage;

namespace Keyway.WriteBehind.Tests.Journal;

/// <summary>A fixed course of events, ended before each of its operations on the disk in turn.</summary>
public sealed class CrashTests
{
    private const int Batches = 16;
    private const int PayloadLength = 9000;

    private readonly HashSet<int> _kept = [];
    private readonly HashSet<int> _complete = [];

    [Fact]
    public void Kill_BeforeAnyOperation_LosesNoKeptRecord() => EndAtEveryOperation(Durability.Disk, storage => [storage.AfterKill()]);

    [Fact]
    public void PowerCut_BeforeAnyOperation_LosesNoFlushedRecord() => EndAtEveryOperation(
        Durability.Fsync, storage => Enumerable.Range(0, 2).Select(seed => storage.AfterPowerCut(new Random(seed))));

    private void EndAtEveryOperation(Durability durability, Func<MemoryStorage, IEnumerable<MemoryStorage>> ends)
    {
        JournalOptions With(JournalOptions options) => options with { Durability = durability, SegmentBytes = 64 * 1024 };
        bool crashed = true;
        int at = 0;
        for (; crashed; at++)
        {
            var storage = new MemoryStorage { CrashAt = at };
            crashed = !Run(storage, With);
            foreach (MemoryStorage left in ends(storage))
            {
                var journal = new TestJournal(left, With);
                List<int> read = journal.ReadAll();

                Assert.Equal(read.Order(), read);
                Assert.Subset(read.ToHashSet(), _kept.Except(_complete).ToHashSet());
                Assert.Subset(Enumerable.Range(0, Batches * 2).ToHashSet(), read.ToHashSet());
                journal.Keep(1000);
                Assert.Equal([.. read, 1000], journal.Reopen(With).ReadAll());
            }
        }

        Assert.InRange(at, Batches, 1000);
    }

    /// <summary>False if the storage ended it.</summary>
    private bool Run(MemoryStorage storage, Func<JournalOptions, JournalOptions> with)
    {
        _kept.Clear();
        _complete.Clear();
        try
        {
            var journal = new TestJournal(storage, with);
            for (int i = 0; i < Batches; i++)
            {
                int one = i * 2;
                journal.KeepOf(PayloadLength, one, one + 1);
                _kept.UnionWith([one, one + 1]);
                if (i % 3 != 1)
                {
                    // The record's number is one more than the test's.
                    journal.Journal.Complete([one + 1, one]);
                    _complete.UnionWith([one, one - 1]);
                    journal.KeepHouse();
                }
            }

            journal.Journal.Dispose();
            return true;
        }
        catch (CrashException)
        {
            return false;
        }
    }
}
