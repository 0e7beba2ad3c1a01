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
    private const int LongestRecord = (1024 * 1024) - PutBody.KeyLength;

    private readonly AwsClient _client;
    private readonly PutBody _body;

    public KinesisSink(string stream, AwsOptions options, TimeProvider time)
    {
        _client = new AwsClient(AwsService.Kinesis, options, time);
        var member = stream.StartsWith("arn:", StringComparison.Ordinal) ? "StreamARN" : "StreamName";
        _body = new PutBody(member, stream, hasKeys: true);
        Name = $"kinesis {stream}";
        Limits = new SinkLimits
        {
            Records = MostRecords,
            Bytes = options.MostBytes ?? Math.Max(MostBytes, (options.LongestRecord ?? 0L) + PutBody.KeyLength),
            RecordBytes = options.LongestRecord ?? LongestRecord,
            EncodedLength = static length => length + PutBody.KeyLength,
        };
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SinkLimits Limits { get; }

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
    internal PooledBuffer Body(IReadOnlyList<SinkRecord> records) => _body.Write(records);
}
