using Keyway.WriteBehind.Journal;

namespace Keyway.WriteBehind.Tests.Journal;

public sealed class JournalInspectorTests
{
    [Fact]
    public void Inspection_OfADamagedJournalInUse_ShowsAllAndChangesNothing()
    {
        var journal = new TestJournal(with: options => options with { SegmentBytes = 64 * 1024 });
        for (int i = 1; i <= 9; i++)
        {
            journal.KeepOf(20_000, i);
        }

        journal.Journal.Complete(2);
        journal.KeepHouse();
        string first = journal.Storage.Segments.First();
        byte[] bytes = journal.Storage[first];
        bytes[100] ^= 1;
        journal.Storage[first] = [.. bytes, 0xF5, (byte)'K'];
        Dictionary<string, byte[]> before = journal.Storage.List().ToDictionary(name => name, name => journal.Storage[name]);

        var inspector = new JournalInspector(journal.Storage);

        List<(int, bool)> seen = [];
        inspector.Read(1, (record, isComplete) =>
        {
            seen.Add((TestJournal.NumberIn(record), isComplete));
            return seen.Count < 5;
        });
        Assert.Equal([(2, true), (3, false), (4, false), (5, false), (6, false)], seen);
        Assert.Equal((7, 1, 2), (inspector.Report.Pending, inspector.Report.CorruptRanges, inspector.Report.TornBytes));
        Assert.Equal([(1, 3, 1), (4, 6, 3), (7, 9, 3)], inspector.Segments.Select(segment => (segment.First, segment.Last, segment.Pending)));
        Assert.Equal(before, journal.Storage.List().ToDictionary(name => name, name => journal.Storage[name]));
    }
}
