using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>
/// SQS, by SendMessageBatch (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html). A record is a message, as it is: one that SQS
/// would not take as text (not UTF-8, control characters, empty) is refused here, since encoding it would make messages of two kinds.
/// </summary>
internal sealed class SqsSink : ISink
{
    // 1 MiB since August 2025, but a queue may be set to less and those made before are.
    private const int MostRecords = 10;
    private const int MostBytes = 256 * 1024;

    private static readonly JsonWriterOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly AwsClient _client;
    private readonly string _queue;
    private readonly string? _group;

    /// <param name="queue">The queue's URL.</param>
    /// <param name="group">The message group, of a FIFO queue.</param>
    /// <param name="options">How SQS is reached; its address is that in the queue's.</param>
    /// <param name="time">The clock.</param>
    public SqsSink(Uri queue, string group, AwsOptions options, TimeProvider time)
    {
        _client = new AwsClient(AwsService.Sqs, options with { Endpoint = new Uri(queue, "/") }, time);
        _queue = queue.OriginalString;
        _group = queue.AbsolutePath.EndsWith(".fifo", StringComparison.Ordinal) ? group : null;
        Name = $"sqs {queue.Segments[^1]}";
        Limits = new SinkLimits
        {
            Records = MostRecords,
            Bytes = options.MostBytes ?? Math.Max(MostBytes, options.LongestRecord ?? 0),
            RecordBytes = options.LongestRecord ?? MostBytes,
        };
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SinkLimits Limits { get; }

    /// <inheritdoc/>
    public async Task<SinkResult> SendAsync(IReadOnlyList<SinkRecord> records, CancellationToken stop)
    {
        List<FailedRecord> refused = [];
        List<int> sent = [];
        for (var i = 0; i < records.Count; i++)
        {
            if (SqsText.IsMessage(records[i].Data.Span))
            {
                sent.Add(i);
            }
            else
            {
                refused.Add(new FailedRecord(i, "not a text that SQS takes: empty, not UTF-8, or with control characters", IsRefused: true));
            }
        }

        if (sent.Count == 0)
        {
            return FailedEntries.Result(refused);
        }

        return await _client.CallAsync("SendMessageBatch", Body(records, sent), body => Read(body, sent, refused), stop).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SinkResult? Read(ReadOnlySpan<byte> body, List<int> sent, List<FailedRecord> refused)
    {
        if (SqsAnswer.Read(body, sent.Count) is not { } failed)
        {
            return null;
        }

        return FailedEntries.Result([.. failed.Select(entry => entry with { Index = sent[entry.Index] }).Concat(refused).OrderBy(static entry => entry.Index)]);
    }

    private PooledBuffer Body(IReadOnlyList<SinkRecord> records, List<int> sent)
    {
        var body = new PooledBuffer(sent.Sum(i => records[i].Data.Length + 256) + _queue.Length);
        using var writer = new Utf8JsonWriter(body, AsItIs);
        writer.WriteStartObject();
        writer.WriteString("QueueUrl"u8, _queue);
        writer.WriteStartArray("Entries"u8);
        for (var i = 0; i < sent.Count; i++)
        {
            var record = records[sent[i]];
            writer.WriteStartObject();
            writer.WriteString("Id"u8, i.ToString(CultureInfo.InvariantCulture));
            writer.WriteString("MessageBody"u8, record.Data.Span);
            if (_group is not null)
            {
                writer.WriteString("MessageGroupId"u8, _group);
                writer.WriteString("MessageDeduplicationId"u8, DeduplicationId(record));
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return body;
    }

    // SQS forgets a second message with the same within five minutes: what is the same record has the same, and nothing else, though numbers begin anew
    // with a new journal.
    private static string DeduplicationId(in SinkRecord record) =>
        $"{record.Id:x}-{record.Time.ToUnixTimeMilliseconds():x}-{Convert.ToHexStringLower(SHA256.HashData(record.Data.Span).AsSpan(0, 16))}";
}
