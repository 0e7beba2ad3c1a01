using System.Text;
using Keyway.Proxy.Smart;
using Keyway.Testing;
using Keyway.WriteBehind.Batching;
using Keyway.WriteBehind.Journal;

namespace Keyway.WriteBehind.Tests.Batching;

public sealed class MemorySourceTests
{
    private readonly ManualTimeProvider _time = new();
    private int _arrivals;

    [Fact]
    public void Committed_IsSettledWithinTheCommit_AndReadInOrder()
    {
        using MemorySource source = Open();
        int settled = 0;
        IWriteProducer producer = source.CreateProducer(() => settled++);
        Assert.Equal(0, producer.Commit());
        Append(producer, "a", "b");
        Assert.Equal(ReadResult.CaughtUp, source.Read(out _));

        Assert.Equal(1, producer.Commit());
        Append(producer, "c");
        Assert.Equal(3, producer.Commit());

        Assert.Equal((2, 2, 3), (settled, _arrivals, source.Pending));
        Assert.True(producer.TryTakeSettled(out long last, out string? failure));
        Assert.Equal((2, null), (last, failure));
        Assert.True(producer.TryTakeSettled(out last, out _));
        Assert.Equal(3, last);
        Assert.False(producer.TryTakeSettled(out _, out _));
        Assert.Equal("1a 2b 3c", ReadAll(source));
        source.Complete([1, 3]);
        Assert.Equal(1, source.Pending);
        source.Complete([2, 2]);
        Assert.Equal((0, 0), (source.Pending, source.PendingBytes));
    }

    [Fact]
    public void Bound_IsOneOfBytes_WhatIsUnderWayIncluded()
    {
        using MemorySource source = Open(10_000);
        IWriteProducer producer = source.CreateProducer(static () => { });
        byte[] record = new byte[988];
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(WriteResult.Taken, producer.Append([], record));
        }

        Assert.Equal(WriteResult.Full, producer.Append([], record));
        producer.Commit();
        Assert.Equal(WriteResult.Full, producer.Append([], record));
        Assert.Equal(WriteResult.Refused, producer.Append([], new byte[10_000]));
        ReadAll(source);
        Assert.Equal(WriteResult.Full, producer.Append([], record));
        source.Complete([1]);
        Assert.Equal(WriteResult.Taken, producer.Append([], record));
    }

    [Fact]
    public void DropOldest_MakesRoom_ButNotOfWhatIsUnderWay()
    {
        using MemorySource source = Open();
        IWriteProducer producer = source.CreateProducer(static () => { });
        string record = new('x', 10_000);
        Append(producer, [.. Enumerable.Repeat(record, 20)]);
        producer.Commit();
        Assert.Equal(ReadResult.Record, source.Read(out JournalRecord first));

        Assert.Equal(5, source.DropOldest());

        Assert.Equal(record, Encoding.Latin1.GetString(first.Payload));
        Assert.Equal((15, 15 * 10_012), (source.Pending, source.PendingBytes));
        Assert.Equal(ReadResult.Record, source.Read(out JournalRecord next));
        Assert.Equal(7, next.Sequence);
        Assert.Equal(5 + 6 + 2, source.DropOldest() + source.DropOldest() + source.DropOldest());
        Assert.Equal(0, source.DropOldest());
        Assert.Equal(2, source.Pending);
        Append(producer, "new");
        producer.Commit();
        Assert.Equal("21new", ReadAll(source));
    }

    [Fact]
    public void RecordsOfAllLengths_ComeBackAsTheyWere()
    {
        using MemorySource source = Open();
        IWriteProducer producer = source.CreateProducer(static () => { });
        Random random = new(1);
        Queue<byte[]> expected = new();
        for (int round = 0; round < 300; round++)
        {
            for (int i = random.Next(20); i >= 0; i--)
            {
                byte[] record = new byte[random.Next(50) == 0 ? random.Next(200_000) : random.Next(500)];
                random.NextBytes(record);
                expected.Enqueue(record);
                Assert.Equal(WriteResult.Taken, producer.Append([], record));
            }

            producer.Commit();
            for (int i = random.Next(25); i >= 0 && source.Read(out JournalRecord record) == ReadResult.Record; i--)
            {
                Assert.True(record.Payload.SequenceEqual(expected.Dequeue()));
                source.Complete([record.Sequence]);
            }
        }

        Assert.Equal(expected.Count, source.Pending);
    }

    [Fact]
    public void Times_AreThoseOfTheAppend()
    {
        using MemorySource source = Open();
        IWriteProducer producer = source.CreateProducer(static () => { });
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        Append(producer, "a");
        producer.Commit();
        _time.Advance(TimeSpan.FromSeconds(1));
        Append(producer, "b");
        producer.Commit();

        source.Read(out JournalRecord record);
        Assert.Equal(now, record.Time);
        source.Read(out record);
        Assert.Equal(now + 1000, record.Time);
    }

    private MemorySource Open(long bytes = 1L << 30) => new(bytes, () => _arrivals++, _time);

    private static void Append(IWriteProducer producer, params string[] records) =>
        Array.ForEach(records, record => Assert.Equal(WriteResult.Taken, producer.Append([], Encoding.Latin1.GetBytes(record))));

    private static string ReadAll(MemorySource source)
    {
        List<string> records = [];
        while (source.Read(out JournalRecord record) == ReadResult.Record)
        {
            records.Add($"{record.Sequence}{Encoding.Latin1.GetString(record.Payload)}");
        }

        return string.Join(' ', records);
    }
}
