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
    private readonly PutBody _body;

    public FirehoseSink(string stream, AwsOptions options, TimeProvider time)
    {
        _client = new AwsClient(AwsService.Firehose, options, time);
        _body = new PutBody("DeliveryStreamName", stream, hasKeys: false);
        Name = $"firehose {stream}";
        Limits = new SinkLimits
        {
            Records = MostRecords,
            Bytes = MostBytes - _body.Overhead,
            RecordBytes = LongestRecord,
            EncodedLength = _body.EncodedLength,
        };
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SinkLimits Limits { get; }

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
    internal PooledBuffer Body(IReadOnlyList<SinkRecord> records) => _body.Write(records);
}
