using Keyway.WriteBehind.Journal;
using Keyway.WriteBehind.Journal.Format;
using Keyway.WriteBehind.Tests.Journal.Storage;

namespace Keyway.WriteBehind.Tests.Journal;

public sealed class JournalRecoveryTests
{
    private const int PayloadLength = 20;
    private const int RecordLength = RecordHeader.Size + 1 + PayloadLength; // The header that TestJournal writes is one byte long.
    private const int Records = 6;

    private static readonly int[] All = [.. Enumerable.Range(1, Records)];

    [Fact]
    public void Tail_TornAtEveryByte_IsCutAndNothingElseIsLost()
    {
        MemoryStorage whole = SixRecords(out string segment);
        byte[] bytes = whole[segment];
        for (int length = 0; length < bytes.Length; length++)
        {
            MemoryStorage torn = whole.AfterKill();
            torn[segment] = bytes[..length];
            int kept = Math.Max(0, length - SegmentHeader.Size) / RecordLength;

            var journal = new TestJournal(torn);

            Assert.Equal(All[..kept], journal.ReadAll());
            RecoveryReport report = journal.Journal.Recovery;
            int expected = length < SegmentHeader.Size ? 0 : (length - SegmentHeader.Size) % RecordLength;
            Assert.Equal((expected, 0), (report.TornBytes, report.CorruptRanges));
            journal.Keep(99);
            Assert.Equal([.. All[..kept], 99], journal.Reopen().ReadAll());
        }
    }

    [Fact]
    public void Tail_OfZeros_IsCut()
    {
        MemoryStorage storage = SixRecords(out string segment);
        storage[segment] = [.. storage[segment], .. new byte[5000]];

        var journal = new TestJournal(storage);

        Assert.Equal(All, journal.ReadAll());
        Assert.Equal(5000, journal.Journal.Recovery.TornBytes);
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public void Byte_DamagedAnywhere_CostsItsRecordOnly(byte damage)
    {
        MemoryStorage whole = SixRecords(out string segment);
        byte[] bytes = whole[segment];
        for (int at = 0; at < bytes.Length; at++)
        {
            MemoryStorage damaged = whole.AfterKill();
            byte[] changed = [.. bytes];
            changed[at] ^= damage;
            damaged[segment] = changed;

            var journal = new TestJournal(damaged);

            int hit = at < SegmentHeader.Size ? -1 : (at - SegmentHeader.Size) / RecordLength;
            int start = hit < 0 ? 0 : SegmentHeader.Size + hit * RecordLength;
            int length = hit < 0 ? SegmentHeader.Size : RecordLength;
            Assert.Equal(All.Where(number => number != hit + 1), journal.ReadAll());
            Assert.Equal((1, length, 0), (journal.Journal.Recovery.CorruptRanges, journal.Journal.Recovery.CorruptBytes, journal.Journal.Recovery.TornBytes));
            Assert.Equal(changed[start..(start + length)], journal.Storage[Assert.Single(journal.Storage.Corrupt)]);
            Assert.True(journal.Keep(99) > Records - 1);
        }
    }

    [Fact]
    public void Record_FoundAgainBehindLaterOnes_IsNotTakenForANewOne()
    {
        MemoryStorage storage = SixRecords(out string segment);
        byte[] bytes = storage[segment];
        storage[segment] = [.. bytes, .. bytes[SegmentHeader.Size..(SegmentHeader.Size + 2 * RecordLength)]];

        var journal = new TestJournal(storage);

        Assert.Equal(All, journal.ReadAll());
        Assert.Equal((Records, 1), (journal.Journal.GetStatus().Pending, journal.Journal.Recovery.CorruptRanges));
        Assert.Equal(Records + 1, journal.Keep(7));
    }

    [Fact]
    public void CompletionFile_DamagedAnywhere_LosesNoRecord()
    {
        var journal = new TestJournal();
        journal.Keep(All);
        foreach (int number in new[] { 2, 4, 6 })
        {
            journal.Journal.Complete(number);
            journal.KeepHouse();
        }

        string file = Assert.Single(journal.Storage.Completions);
        byte[] bytes = journal.Storage[file];
        Assert.Equal(3 * CompletionEntry.Size, bytes.Length);
        for (int at = 0; at < bytes.Length; at++)
        {
            MemoryStorage damaged = journal.Storage.AfterKill();
            byte[] changed = [.. bytes];
            changed[at] ^= 0x11;
            damaged[file] = changed;
            int again = 2 * (at / CompletionEntry.Size + 1);

            var reopened = new TestJournal(damaged);

            Assert.Equal(new[] { 1, 3, 5, again }.Order(), reopened.ReadAll());
            Assert.Equal(1, reopened.Journal.Recovery.DamagedCompletions);

            // Torn instead of damaged: what follows is written over the torn entry.
            MemoryStorage torn = journal.Storage.AfterKill();
            torn[file] = bytes[..at];
            reopened = new TestJournal(torn);
            reopened.Journal.Complete(1);
            reopened.Journal.Complete(6);
            reopened.KeepHouse();
            Assert.Equal(All[1..5].Where(number => number % 2 == 1 || number > at / CompletionEntry.Size * 2), reopened.Reopen().ReadAll());
        }
    }

    [Fact]
    public void Payload_ThatLooksLikeARecord_IsNotTakenForOne()
    {
        SixRecords(out string foreignSegment, out MemoryStorage foreign);
        byte[] decoy = foreign[foreignSegment][SegmentHeader.Size..];
        var journal = new TestJournal();
        journal.Keep(1);
        journal.Producer.Append(1, "h"u8, decoy, out _);
        journal.Producer.Commit();
        journal.Journal.Turn();
        journal.Producer.TryTakeSettled(out _);
        journal.Keep(3);
        string segment = Assert.Single(journal.Storage.Segments);
        MemoryStorage damaged = journal.Storage.AfterKill();
        byte[] bytes = damaged[segment];
        bytes[SegmentHeader.Size + RecordHeader.Size + 1 + sizeof(int)] ^= 1; // The marker of the record that carries the decoy.
        damaged[segment] = bytes;

        var reopened = new TestJournal(damaged);

        Assert.Equal([1, 3], reopened.ReadAll());
        Assert.Equal(1, reopened.Journal.Recovery.CorruptRanges);
    }

    [Fact]
    public void Garbage_OfAnyKind_LosesNoUntouchedFileAndInventsNothing()
    {
        var journal = new TestJournal(with: options => options with { SegmentBytes = 64 * 1024 });
        for (int i = 1; i <= 60; i++)
        {
            journal.KeepOf(i % 7 == 0 ? 20_000 : 100, i);
        }

        journal.Journal.Complete([3, 5, 20]);
        journal.KeepHouse();
        int[] pending = [.. journal.ReadAll()];
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            MemoryStorage damaged = journal.Storage.AfterKill();
            string[] files = [.. damaged.List()];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                string file = files[random.Next(files.Length)];
                damaged[file] = Damage(damaged[file], random);
            }

            var reopened = new TestJournal(damaged);

            List<int> read = reopened.ReadAll();
            Assert.Equal(read.Order(), read);
            Assert.All(read, number => Assert.InRange(number, 1, 60));
            Assert.Equal(read, reopened.ReadAll());
            reopened.Keep(1000);
            Assert.Equal([.. read, 1000], reopened.Reopen().ReadAll());
        }

        Assert.Equal(57, pending.Length);
    }

    [Fact]
    public void Segment_OfANewerFormat_IsRefusedAndLeftAlone()
    {
        MemoryStorage storage = SixRecords(out string segment);
        byte[] bytes = storage[segment];
        bytes[8] = 2;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(36), Crc32C.Of(bytes.AsSpan(0, 36)));
        storage[segment] = bytes;

        var exception = Assert.Throws<JournalException>(() => new TestJournal(storage));

        Assert.Contains("format 2", exception.Message);
        Assert.Equal(bytes, storage[segment]);
        using (storage.Lock())
        {
        }
    }

    [Fact]
    public void Damage_AfterOpening_IsSkippedCountedAndKeptAside()
    {
        var journal = new TestJournal(with: options => options with { SegmentBytes = 64 * 1024, TailCacheBytes = 0 });
        for (int i = 1; i <= 30; i++)
        {
            journal.KeepOf(20_000, i);
        }

        string oldest = journal.Storage.Segments.First();
        byte[] bytes = journal.Storage[oldest];
        bytes[SegmentHeader.Size + 30_000] ^= 1; // In the second record.
        journal.Storage[oldest] = bytes;

        Assert.Equal(Enumerable.Range(1, 30).Where(i => i != 2), journal.ReadAll());
        Assert.Equal(1, journal.Journal.GetStatus().Lost);
        Assert.Single(journal.Storage.Corrupt);
        Assert.Equal(29, journal.ReadAll().Count);
    }

    private static MemoryStorage SixRecords(out string segment)
    {
        SixRecords(out segment, out MemoryStorage storage);
        return storage;
    }

    private static void SixRecords(out string segment, out MemoryStorage storage)
    {
        var journal = new TestJournal();
        journal.KeepOf(PayloadLength, All[..4]);
        journal.KeepOf(PayloadLength, All[4..]);
        storage = journal.Storage.AfterKill();
        segment = Assert.Single(storage.Segments);
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length + 1);
        int length = random.Next(Math.Min(3000, bytes.Length - at) + 1);
        byte[] noise = new byte[random.Next(500)];
        random.NextBytes(noise);
        return random.Next(4) switch
        {
            0 => [.. bytes[..at], .. bytes[(at + length)..]],
            1 => [.. bytes[..at], .. noise, .. bytes[at..]],
            2 => [.. bytes[..at], .. new byte[length], .. bytes[(at + length)..]],
            _ => [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]],
        };
    }
}
