using System.Buffers.Binary;
using Keyway.Testing;
using Keyway.WriteBehind.Journal;
using Keyway.WriteBehind.Tests.Journal.Storage;

namespace Keyway.WriteBehind.Tests.Journal;

/// <summary>A journal over <see cref="MemoryStorage"/> whose writer runs when the test says so. Payloads begin with a number of the test's own.</summary>
internal sealed class TestJournal
{
    private const int LongestPayload = 4 * 1024 * 1024;

    private static readonly byte[] Noise = MakeNoise();

    public TestJournal(MemoryStorage? storage = null, Func<JournalOptions, JournalOptions>? with = null)
    {
        Storage = storage ?? new MemoryStorage();
        var options = new JournalOptions { Directory = "memory", MinFreeBytes = 0, OnError = Errors.Add };
        Journal = SegmentedJournal.Open(with is null ? options : with(options), Time, Storage);
        Producer = Journal.CreateProducer(() => Notifications++);
    }

    public ManualTimeProvider Time { get; } = new();

    public MemoryStorage Storage { get; }

    public List<Exception> Errors { get; } = [];

    public SegmentedJournal Journal { get; }

    public JournalProducer Producer { get; }

    public int Notifications { get; private set; }

    public static byte[] Payload(int number, int length = sizeof(int))
    {
        byte[] payload = new byte[Math.Max(sizeof(int), length)];
        BinaryPrimitives.WriteInt32LittleEndian(payload, number);
        Noise.AsSpan(number & byte.MaxValue, payload.Length - sizeof(int)).CopyTo(payload.AsSpan(sizeof(int)));
        return payload;
    }

    public static int NumberIn(JournalRecord record)
    {
        int number = BinaryPrimitives.ReadInt32LittleEndian(record.Payload);
        Assert.True(record.Payload.SequenceEqual(Payload(number, record.Payload.Length)));
        return number;
    }

    /// <summary>Appends and commits one batch, without writing it; returns the number of its first record.</summary>
    public long Commit(params int[] numbers) => CommitOf(sizeof(int), numbers);

    public long CommitOf(int length, params int[] numbers)
    {
        foreach (int number in numbers)
        {
            Assert.Equal(AppendResult.Appended, Producer.Append(1, "h"u8, Payload(number, length), out _));
        }

        return Producer.Commit();
    }

    /// <summary>Appends, commits and writes one batch that must be kept; returns the number of its first record.</summary>
    public long Keep(params int[] numbers) => KeepOf(sizeof(int), numbers);

    public long KeepOf(int length, params int[] numbers)
    {
        long first = CommitOf(length, numbers);
        Assert.Equal(new SettledBatch(first, numbers.Length, JournalFailure.None), Settle());
        return first;
    }

    /// <summary>Writes, and takes the news of the oldest batch.</summary>
    public SettledBatch Settle()
    {
        Journal.Turn();
        Assert.True(Producer.TryTakeSettled(out SettledBatch settled));
        return settled;
    }

    /// <summary>Lets the completion interval pass and writes what is due.</summary>
    public void KeepHouse()
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        Journal.Turn();
    }

    /// <summary>The numbers of all pending payloads, in order.</summary>
    public List<int> ReadAll()
    {
        using JournalReader reader = Journal.CreateReader();
        return ReadAll(reader);
    }

    public static List<int> ReadAll(JournalReader reader)
    {
        List<int> numbers = [];
        ReadResult result;
        while ((result = reader.Read(out JournalRecord record)) == ReadResult.Record)
        {
            numbers.Add(NumberIn(record));
        }

        Assert.Equal(ReadResult.CaughtUp, result);
        return numbers;
    }

    /// <summary>Opens what another process would find if this one were killed now.</summary>
    public TestJournal Reopen(Func<JournalOptions, JournalOptions>? with = null) => new(Storage.AfterKill(), with);

    private static byte[] MakeNoise()
    {
        byte[] noise = new byte[LongestPayload];
        new Random(1).NextBytes(noise);
        return noise;
    }
}
