using Keyway.Proxy.Configuration;
using Keyway.WriteBehind.Sinks;

namespace Keyway.WriteBehind.Batching;

/// <summary>What goes into one call: what the sink takes, or less if the configuration says so. Sizes are bytes.</summary>
internal sealed class BatchLimits
{
    /// <summary>What is in memory is bounded, whatever the sink takes.</summary>
    private const long MostBytes = 64L << 20;

    private readonly Func<int, long> _encodedLength;

    internal BatchLimits(SinkLimits sink, RelayConfig relay)
    {
        BatchConfig config = relay.Batch;
        _encodedLength = sink.EncodedLength;
        Records = Math.Max(1, Math.Min(sink.Records, config.Records ?? int.MaxValue));
        Bytes = Math.Min(MostBytes, Math.Min(sink.Bytes, config.Bytes ?? MostBytes));
        RecordBytes = LongestWithin(Bytes, Math.Min(sink.RecordBytes, config.MaxRecord ?? int.MaxValue));
        Aggregate = Math.Min(config.Aggregate, RecordBytes);
        AggregateLines = config.AggregateLines;
        AddsNewline = relay.EndsLines;
    }

    /// <summary>Most records in a call.</summary>
    internal int Records { get; }

    /// <summary>Most bytes in a call, encoded.</summary>
    internal long Bytes { get; }

    /// <summary>Longest record, newline included, before encoding: what fits a call alone.</summary>
    internal int RecordBytes { get; }

    /// <summary>Longest record as it comes in.</summary>
    internal int IncomingBytes => RecordBytes - (AddsNewline ? 1 : 0);

    /// <summary>Up to what length records are joined.</summary>
    internal int Aggregate { get; }

    /// <summary>Most records joined to one.</summary>
    internal int AggregateLines { get; }

    /// <summary>Whether each record is to end with a line feed.</summary>
    internal bool AddsNewline { get; }

    /// <summary>What a record of that length takes of <see cref="Bytes"/>.</summary>
    internal long Encoded(int length) => _encodedLength(length);

    /// <summary>The encoding makes it longer the longer it is, which is all that is known of it.</summary>
    private int LongestWithin(long bytes, int most)
    {
        int low = 0;
        int high = most;
        while (low < high)
        {
            int middle = low + (high - low + 1) / 2;
            (low, high) = Encoded(middle) <= bytes ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}
