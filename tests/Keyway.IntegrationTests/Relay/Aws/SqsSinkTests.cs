using System.Text;
using System.Text.Json;
using Keyway.WriteBehind.Sinks;
using Keyway.WriteBehind.Sinks.Aws;

namespace Keyway.IntegrationTests.Relay.Aws;

/// <summary>The sink against fauxqs.</summary>
public sealed class SqsSinkTests
{
    private const string Json = "application/x-amz-json-1.0";

    [Fact]
    public async Task Batch_ArrivesAsItIs_ButForWhatIsNoText()
    {
        await using AwsEmulator sqs = AwsEmulator.Start("fauxqs");
        Uri queue = await CreateAsync(sqs, "jobs", new Dictionary<string, string>());
        await using SqsSink sink = new(queue, "pool", sqs.Options, TimeProvider.System);

        SinkResult result = await SendAsync(sink, Record(1, "{\"a\":\"é€<>&\\\"\"}\n"), Record(2, "\u0001"), Record(3, "third"), new SinkRecord(new byte[] { 0xFF }, 4, default));

        Assert.Equal(SinkVerdict.Accepted, result.Verdict);
        Assert.Equal([1, 3], result.Failed.Select(static failed => failed.Index));
        Assert.All(result.Failed, static failed => Assert.True(failed.IsRefused));
        Assert.Equal(["third", "{\"a\":\"é€<>&\\\"\"}\n"], (await ReceiveAsync(sqs, queue)).Select(Body).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Batch_OfOnlyWhatIsNoText_IsNotSent()
    {
        await using SqsSink sink = new(new Uri("http://127.0.0.1:9/q"), "pool", new AwsOptions(), TimeProvider.System);

        SinkResult result = await SendAsync(sink, Record(1, ""), Record(2, "\0"));

        Assert.Equal([0, 1], result.Failed.Select(static failed => failed.Index));
    }

    [Fact]
    public async Task Batch_BeyondALimit_IsRefused()
    {
        await using AwsEmulator sqs = AwsEmulator.Start("fauxqs");
        Uri queue = await CreateAsync(sqs, "jobs", new Dictionary<string, string>());
        await using SqsSink sink = new(queue, "pool", sqs.Options, TimeProvider.System);
        SinkRecord half = Record(1, new string('x', sink.Limits.RecordBytes / 2));

        Assert.Same(SinkResult.Ok, await SendAsync(sink, half, half));
        SinkResult tooMany = await SendAsync(sink, [.. Enumerable.Repeat(Record(1, "a"), 11)]);
        SinkResult tooLong = await SendAsync(sink, Record(1, new string('x', (1024 * 1024) + 1)));

        Assert.Equal(SinkVerdict.Refused, tooMany.Verdict);
        Assert.StartsWith("TooManyEntriesInBatchRequest", tooMany.Reason, StringComparison.Ordinal);
        Assert.Equal(SinkVerdict.Refused, tooLong.Verdict);
        Assert.StartsWith("BatchRequestTooLong", tooLong.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FifoQueue_KeepsTheOrder_AndForgetsWhatIsSentAgain()
    {
        await using AwsEmulator sqs = AwsEmulator.Start("fauxqs");
        Uri queue = await CreateAsync(sqs, "jobs.fifo", new Dictionary<string, string> { ["FifoQueue"] = "true" });
        await using SqsSink sink = new(queue, "pool one", sqs.Options, TimeProvider.System);
        SinkRecord[] records = [.. Enumerable.Range(0, 10).Select(static i => Record(i + 1, "same"))];

        Assert.Same(SinkResult.Ok, await SendAsync(sink, records));
        Assert.Same(SinkResult.Ok, await SendAsync(sink, records));
        Assert.Same(SinkResult.Ok, await SendAsync(sink, Record(11, "last")));

        List<JsonElement> received = [];
        while (received.Count < 11)
        {
            JsonElement[] some = await ReceiveAsync(sqs, queue);
            Assert.NotEmpty(some);
            received.AddRange(some);
            foreach (JsonElement message in some)
            {
                await sqs.CallAsync(
                    Json, "AmazonSQS.DeleteMessage", new { QueueUrl = queue.OriginalString, ReceiptHandle = message.GetProperty("ReceiptHandle").GetString() });
            }
        }

        Assert.Equal([.. Enumerable.Repeat("same", 10), "last"], received.Select(Body));
        Assert.Empty(await ReceiveAsync(sqs, queue));
        Assert.All(received, static message => Assert.Equal("pool one", message.GetProperty("Attributes").GetProperty("MessageGroupId").GetString()));
    }

    [Fact]
    public async Task QueueThatIsNotThere_IsParked()
    {
        await using AwsEmulator sqs = AwsEmulator.Start("fauxqs");
        await using SqsSink sink = new(new Uri(sqs.Uri, "/000000000000/nothing"), "pool", sqs.Options, TimeProvider.System);

        SinkResult result = await SendAsync(sink, Record(1, "a"));

        Assert.Equal(SinkVerdict.Parked, result.Verdict);
        Assert.Contains("QueueDoesNotExist", result.Reason, StringComparison.Ordinal);
    }

    private static SinkRecord Record(long id, string text) => new(Encoding.UTF8.GetBytes(text), id, DateTimeOffset.UnixEpoch);

    private static Task<SinkResult> SendAsync(SqsSink sink, params SinkRecord[] records) => sink.SendAsync(records, TestContext.Current.CancellationToken);

    private static async Task<Uri> CreateAsync(AwsEmulator sqs, string name, Dictionary<string, string> attributes)
    {
        JsonElement answer = await sqs.CallAsync(Json, "AmazonSQS.CreateQueue", new { QueueName = name, Attributes = attributes });
        return new Uri(answer.GetProperty("QueueUrl").GetString()!);
    }

    private static async Task<JsonElement[]> ReceiveAsync(AwsEmulator sqs, Uri queue)
    {
        JsonElement answer = await sqs.CallAsync(
            Json, "AmazonSQS.ReceiveMessage", new { QueueUrl = queue.OriginalString, MaxNumberOfMessages = 10, AttributeNames = new[] { "All" } });
        return answer.TryGetProperty("Messages", out JsonElement messages) ? [.. messages.EnumerateArray()] : [];
    }

    private static string Body(JsonElement message) => message.GetProperty("Body").GetString()!;
}
