using System.Buffers.Binary;
using Keyway.WriteBehind.Journal;

namespace Keyway.WriteBehind.Tests.Journal;

/// <summary>The journal with its thread, in a real directory.</summary>
public sealed class DirectoryJournalTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-journal-").FullName;
    private readonly JournalOptions _options;

    public DirectoryJournalTests() => _options = new JournalOptions { Directory = Path.Combine(_directory, "pool"), SegmentBytes = 256 * 1024 };

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Open_WhatSomebodyElseHas_IsRefusedWithTheOwner()
    {
        using (SegmentedJournal.Open(_options, TimeProvider.System))
        {
            var exception = Assert.Throws<JournalException>(() => SegmentedJournal.Open(_options, TimeProvider.System));
            Assert.Contains("in use", exception.Message);
            Assert.Contains($"process {Environment.ProcessId}", exception.Message);
        }

        SegmentedJournal.Open(_options, TimeProvider.System).Dispose();
    }

    [Fact]
    public void Open_WhereThereIsNoDirectory_MakesOneForItsUserAlone()
    {
        SegmentedJournal.Open(_options, TimeProvider.System).Dispose();

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_options.Directory));
        }
    }

    [Fact]
    public void Open_WhereNoDirectoryCanBe_IsRefused()
    {
        string file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "x");

        Assert.Throws<JournalException>(() => SegmentedJournal.Open(_options with { Directory = Path.Combine(file, "pool") }, TimeProvider.System));
        Assert.Throws<JournalException>(() => JournalInspector.Open(Path.Combine(_directory, "none")));
    }

    [Theory]
    [InlineData(Durability.Disk)]
    [InlineData(Durability.Fsync)]
    public void Producers_OnSeveralThreads_AreSettledInOrderAndReadInOrder(Durability durability)
    {
        const int Producers = 3;
        const int Batches = 100;
        JournalOptions options = _options with { Durability = durability };
        using (SegmentedJournal journal = SegmentedJournal.Open(options, TimeProvider.System))
        {
            Thread[] threads = [.. Enumerable.Range(0, Producers).Select(index => new Thread(() => Produce(journal, index, Batches)))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(60))));
        }

        using SegmentedJournal reopened = SegmentedJournal.Open(options, TimeProvider.System);
        using JournalReader reader = reopened.CreateReader();
        int[] next = new int[Producers];
        while (reader.Read(out JournalRecord record) == ReadResult.Record)
        {
            Assert.Equal(next[record.Kind]++, BinaryPrimitives.ReadInt32LittleEndian(record.Payload));
            if (record.Kind != 1)
            {
                reopened.Complete(record.Sequence);
            }
        }

        Assert.All(next, count => Assert.Equal(Batches * 3, count));
        Assert.Equal(Batches * 3, reopened.GetStatus().Pending);
        Assert.Equal(Batches * 3, JournalInspector.Open(options.Directory).Segments.Sum(segment => segment.Last - segment.First + 1) / Producers);
    }

    private static void Produce(SegmentedJournal journal, int index, int batches)
    {
        using var settled = new AutoResetEvent(false);
        JournalProducer producer = journal.CreateProducer(() => settled.Set());
        byte[] payload = new byte[700];
        for (int batch = 0; batch < batches; batch++)
        {
            for (int i = 0; i < 3; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(payload, batch * 3 + i);
                Assert.Equal(AppendResult.Appended, producer.Append((byte)index, "h"u8, payload, out _));
            }

            long first = producer.Commit();
            SettledBatch outcome;
            while (!producer.TryTakeSettled(out outcome))
            {
                Assert.True(settled.WaitOne(TimeSpan.FromSeconds(30)));
            }

            Assert.Equal(new SettledBatch(first, 3, JournalFailure.None), outcome);
        }
    }
}
