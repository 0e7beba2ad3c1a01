using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>
/// Amazon Data Firehose, by PutRecordBatch (https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html). Firehose puts nothing between
/// records.
/// </summary>
internal sealed class FirehoseSink : ISink
{
    // The quotas of Firehose, none of which AWS raises: https://docs.aws.amazon.com/firehose/latest/dev/limits.html. It does not say whether 4 MiB are counted
    // before Base64 or after; after is the safe side.
    private const int MostRecords = 500;
    private const long MostBytes = 4 * 1024 * 1024;
    private const int LongestRecord = 1000 * 1024;

    private readonly AwsClient _client;
    private readonly byte[] _head;

    public FirehoseSink(string stream, AwsOptions options, TimeProvider time)
    {
        _client = new AwsClient(AwsService.Firehose, options, time);
        _head = Encoding.UTF8.GetBytes($$"""{"DeliveryStreamName":"{{JsonEncodedText.Encode(stream)}}","Records":[""");
        Name = $"firehose {stream}";
        Limits = new SinkLimits
        {
            Records = MostRecords,
            Bytes = MostBytes - _head.Length - Tail.Length,
            RecordBytes = LongestRecord,
            EncodedLength = EncodedLength,
        };
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SinkLimits Limits { get; }

    private static ReadOnlySpan<byte> Before => "{\"Data\":\""u8;

    private static ReadOnlySpan<byte> After => "\"},"u8;

    private static ReadOnlySpan<byte> Tail => "]}"u8;

    /// <inheritdoc/>
    public Task<SinkResult> SendAsync(IReadOnlyList<SinkRecord> records, CancellationToken stop) =>
        _client.CallAsync("PutRecordBatch", Body(records), body => PutAnswer.Read(body, "RequestResponses"u8, "RecordId"u8, records.Count), stop);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The request's body.</summary>
    internal PooledBuffer Body(IReadOnlyList<SinkRecord> records)
    {
        var length = records.Sum(static record => EncodedLength(record.Data.Length)) + _head.Length + Tail.Length;
        var body = new PooledBuffer(checked((int)length));
        body.Write(_head);
        for (var i = 0; i < records.Count; i++)
        {
            body.Write(Before);
            body.WriteBase64(records[i].Data.Span);
            body.Write(i < records.Count - 1 ? After : After[..^1]);
        }

        body.Write(Tail);
        return body;
    }

    private static long EncodedLength(int length) => Base64.GetMaxEncodedToUtf8Length(length) + Before.Length + After.Length;
}
