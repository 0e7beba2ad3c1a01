using System.Text;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Smart;
using Keyway.WriteBehind.Delivery;

namespace Keyway.WriteBehind.Tests.Delivery;

public sealed class WriteJournalTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-writes-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Records_ComeBackInOrder_UntilTheyAreComplete_AlsoAfterARestart()
    {
        using (WriteJournal journal = Open())
        {
            Assert.Equal((1, false), (journal.FirstNew, journal.HasOld));
            Assert.Equal(1, Keep(journal, "a", "b", "c"));
            Assert.Equal("a b c", Read(journal));
            journal.Complete([2]);
            Assert.Equal(2, journal.Pending);
        }

        using WriteJournal again = Open();
        Assert.Equal((4, true), (again.FirstNew, again.HasOld));
        Assert.Equal(4, Keep(again, "d"));
        Assert.Equal("a c d", Read(again));
        Assert.Equal("c", Read(again, static (sequence, _, _) => sequence == 3));
    }

    [Fact]
    public void Unsettled_IsNotRead_AndRefusedIsSaid()
    {
        using WriteJournal journal = WriteJournal.Open(_directory, new SmartConfig { MaxBacklog = 1 << 20 }, static _ => { }, TimeProvider.System);
        IWriteProducer producer = journal.CreateProducer(static () => { });
        byte[] large = new byte[600_000];

        Assert.Equal(WriteResult.Taken, producer.Append([1], large));
        producer.Commit();

        Assert.Equal(WriteResult.Full, producer.Append([1], large));
        Assert.Equal(WriteResult.Refused, producer.Append([1], new byte[2 << 20]));
    }

    private WriteJournal Open() => WriteJournal.Open(_directory, new SmartConfig { Acknowledge = Acknowledgement.Disk }, static _ => { }, TimeProvider.System);

    private static long Keep(WriteJournal journal, params string[] frames)
    {
        using ManualResetEventSlim settled = new();
        IWriteProducer producer = journal.CreateProducer(settled.Set);
        foreach (string frame in frames)
        {
            Assert.Equal(WriteResult.Taken, producer.Append([1], Encoding.ASCII.GetBytes(frame)));
        }

        long first = producer.Commit();
        Assert.True(settled.Wait(Limit));
        Assert.True(producer.TryTakeSettled(out long last, out string? failure));
        Assert.Equal((first + frames.Length - 1, null), (last, failure));
        return first;
    }

    private static string Read(WriteJournal journal, WriteFilter? filter = null)
    {
        using ManualResetEventSlim isRead = new();
        StoredWrites? batch = null;
        journal.CreateReader(filter ?? (static (_, _, _) => true)).Read(1 << 20, found =>
        {
            batch = found;
            isRead.Set();
        });
        Assert.True(isRead.Wait(Limit));
        Assert.True(batch!.IsCaughtUp);
        return string.Join(' ', batch.Writes.Select(static write => Encoding.ASCII.GetString(write.Frame)));
    }
}
