using Keyway.WriteBehind.Journal;
using Keyway.WriteBehind.Sinks;

namespace Keyway.WriteBehind.Batching;

/// <summary>One record of a call: one of the relay's, or several that were joined. It is accepted or refused as a whole.</summary>
internal sealed class Parcel
{
    private readonly Line _first;
    private byte[] _data;
    private List<Line>? _others;

    private Parcel(Line first, byte[] data, int length, long readAt)
    {
        _first = first;
        _data = data;
        Length = length;
        ReadAt = readAt;
    }

    /// <summary>The number of its first record.</summary>
    internal long Id => _first.Sequence;

    /// <summary>The number of its last record.</summary>
    internal long LastId => _others is null ? Id : _others[^1].Sequence;

    /// <summary>When its first record was taken, in milliseconds of Unix time.</summary>
    internal long Time => _first.Time;

    /// <summary>When it was read, as a time stamp.</summary>
    internal long ReadAt { get; }

    /// <summary>Its bytes.</summary>
    internal int Length { get; private set; }

    /// <summary>Records in it.</summary>
    internal int Count => 1 + (_others?.Count ?? 0);

    /// <summary>How often it failed for another reason than being too much at a time.</summary>
    internal int Failures { get; set; }

    /// <summary>True if it, or what it is a part of, has been in a call.</summary>
    internal bool WasSent { get; set; }

    /// <summary>Its bytes.</summary>
    internal ReadOnlySpan<byte> Data => _data.AsSpan(0, Length);

    /// <summary>Makes one of a record.</summary>
    /// <param name="record">The record, which is copied.</param>
    /// <param name="limits">Whether it gets a line feed.</param>
    /// <param name="readAt">The time stamp of now.</param>
    internal static Parcel Of(JournalRecord record, BatchLimits limits, long readAt)
    {
        int length = LengthOf(record.Payload, limits);
        byte[] data = GC.AllocateUninitializedArray<byte>(length);
        Put(record.Payload, data);
        return new Parcel(new Line(record.Sequence, record.Time, length), data, length, readAt);
    }

    /// <summary>Its length as a record of a call.</summary>
    internal static int LengthOf(ReadOnlySpan<byte> record, BatchLimits limits) => record.Length + (limits.AddsNewline && !EndsLine(record) ? 1 : 0);

    /// <summary>Adds a record; false if they cannot be joined within the limits. Only whole lines are, so that what is joined can be told apart.</summary>
    internal bool TryJoin(JournalRecord record, BatchLimits limits)
    {
        int end = Length + LengthOf(record.Payload, limits);
        if (end > limits.Aggregate || Count >= limits.AggregateLines || !EndsLine(Data) || (!limits.AddsNewline && !EndsLine(record.Payload)))
        {
            return false;
        }

        if (end > _data.Length)
        {
            Array.Resize(ref _data, Math.Min(limits.Aggregate, Math.Max(end, _data.Length * 2)));
        }

        Put(record.Payload, _data.AsSpan(Length, end - Length));
        Length = end;
        (_others ??= []).Add(new Line(record.Sequence, record.Time, end));
        return true;
    }

    /// <summary>Takes it apart in two halves; it has two records at least.</summary>
    internal (Parcel Left, Parcel Right) Split()
    {
        int left = Count / 2;
        return (Part(0, left), Part(left, Count - left));
    }

    /// <summary>Adds the numbers of its records to a list.</summary>
    internal void AddSequences(List<long> sequences)
    {
        sequences.Add(Id);
        _others?.ForEach(line => sequences.Add(line.Sequence));
    }

    /// <summary>Its records, one by one.</summary>
    internal IEnumerable<(long Sequence, ReadOnlyMemory<byte> Data)> Records()
    {
        int start = 0;
        for (int i = 0; i < Count; i++)
        {
            Line line = LineAt(i);
            yield return (line.Sequence, _data.AsMemory(start, line.End - start));
            start = line.End;
        }
    }

    internal SinkRecord ToRecord() => new(_data.AsMemory(0, Length), Id, DateTimeOffset.FromUnixTimeMilliseconds(Time));

    private static bool EndsLine(ReadOnlySpan<byte> record) => record.EndsWith((byte)'\n');

    /// <summary>Copies a record, and ends it with a line feed if there is room for one.</summary>
    private static void Put(ReadOnlySpan<byte> record, Span<byte> target)
    {
        record.CopyTo(target);
        if (target.Length > record.Length)
        {
            target[record.Length] = (byte)'\n';
        }
    }

    private Line LineAt(int index) => index == 0 ? _first : _others![index - 1];

    private Parcel Part(int from, int count)
    {
        int start = from == 0 ? 0 : LineAt(from - 1).End;
        int length = LineAt(from + count - 1).End - start;
        Parcel part = new(LineAt(from) with { End = LineAt(from).End - start }, _data.AsSpan(start, length).ToArray(), length, ReadAt) { Failures = Failures, WasSent = WasSent };
        for (int i = from + 1; i < from + count; i++)
        {
            (part._others ??= []).Add(LineAt(i) with { End = LineAt(i).End - start });
        }

        return part;
    }
}
