using Keyway.WriteBehind.Sinks;

namespace Keyway.MicroBenchmarks.Relay;

/// <summary>A sink with Firehose's limits that takes everything at once.</summary>
internal sealed class CountingSink : ISink
{
    private long _records;
    private long _bytes;

    public string Name => "nowhere";

    public SinkLimits Limits { get; } = new()
    {
        Records = 500,
        Bytes = 4 << 20,
        RecordBytes = 1_024_000,
        EncodedLength = static length => (length + 2L) / 3 * 4 + 12,
    };

    public long Records => Interlocked.Read(ref _records);

    public long Bytes => Interlocked.Read(ref _bytes);

    public Task<SinkResult> SendAsync(IReadOnlyList<SinkRecord> records, CancellationToken stop)
    {
        Interlocked.Add(ref _records, records.Count);
        Interlocked.Add(ref _bytes, records.Sum(static record => (long)record.Data.Length));
        return Task.FromResult(SinkResult.Ok);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
