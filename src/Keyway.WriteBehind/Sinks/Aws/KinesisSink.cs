using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>
/// Kinesis Data Streams, by PutRecords (https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html). The partition key is the record's number, which
/// Kinesis hashes: records spread over all shards, and one that is sent again goes to the shard it went to.
/// </summary>
internal sealed class KinesisSink : ISink
{
    // Records and keys count before Base64. Streams can be set to take more, and the configuration with them; these every stream takes.
    private const int MostRecords = 500;
    private const long MostBytes = 5 * 1024 * 1024;
    private const int LongestRecord = (1024 * 1024) - KeyLength;
    private const int KeyLength = 16;

    private readonly AwsClient _client;
    private readonly byte[] _head;

    public KinesisSink(string stream, AwsOptions options, TimeProvider time)
    {
        _client = new AwsClient(AwsService.Kinesis, options, time);
        var member = stream.StartsWith("arn:", StringComparison.Ordinal) ? "StreamARN" : "StreamName";
        _head = Encoding.UTF8.GetBytes($$"""{"{{member}}":"{{JsonEncodedText.Encode(stream)}}","Records":[""");
        Name = $"kinesis {stream}";
        Limits = new SinkLimits
        {
            Records = MostRecords,
            Bytes = options.MostBytes ?? Math.Max(MostBytes, (options.LongestRecord ?? 0L) + KeyLength),
            RecordBytes = options.LongestRecord ?? LongestRecord,
            EncodedLength = static length => length + KeyLength,
        };
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SinkLimits Limits { get; }

    private static ReadOnlySpan<byte> Before => "{\"Data\":\""u8;

    private static ReadOnlySpan<byte> Between => "\",\"PartitionKey\":\""u8;

    private static ReadOnlySpan<byte> After => "\"},"u8;

    private static ReadOnlySpan<byte> Tail => "]}"u8;

    /// <inheritdoc/>
    public Task<SinkResult> SendAsync(IReadOnlyList<SinkRecord> records, CancellationToken stop) =>
        _client.CallAsync("PutRecords", Body(records), body => PutAnswer.Read(body, "Records"u8, "SequenceNumber"u8, records.Count), stop);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The request's body.</summary>
    internal PooledBuffer Body(IReadOnlyList<SinkRecord> records)
    {
        long framing = Before.Length + Between.Length + KeyLength + After.Length;
        var length = records.Sum(record => Base64.GetMaxEncodedToUtf8Length(record.Data.Length) + framing) + _head.Length + Tail.Length;
        var body = new PooledBuffer(checked((int)length));
        body.Write(_head);
        for (var i = 0; i < records.Count; i++)
        {
            body.Write(Before);
            body.WriteBase64(records[i].Data.Span);
            body.Write(Between);
            records[i].Id.TryFormat(body.GetSpan(KeyLength), out var written, "x16", CultureInfo.InvariantCulture);
            body.Advance(written);
            body.Write(i < records.Count - 1 ? After : After[..^1]);
        }

        body.Write(Tail);
        return body;
    }
}
