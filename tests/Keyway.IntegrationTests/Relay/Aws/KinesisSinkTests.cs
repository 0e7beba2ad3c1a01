using System.Text;
using System.Text.Json;
using Keyway.WriteBehind.Sinks;
using Keyway.WriteBehind.Sinks.Aws;

namespace Keyway.IntegrationTests.Relay.Aws;

/// <summary>The sink against kinesalite.</summary>
public sealed class KinesisSinkTests
{
    private const string Json = "application/x-amz-json-1.1";

    [Fact]
    public async Task Batches_ArriveOnAllShards_AndLimitsAreTheServices()
    {
        await using AwsEmulator kinesis = AwsEmulator.Start("kinesalite");
        await kinesis.CallAsync(Json, "Kinesis_20131202.CreateStream", new { StreamName = "events", ShardCount = 3 });
        await UntilActiveAsync(kinesis);
        await using KinesisSink sink = new("events", kinesis.Options, TimeProvider.System);
        SinkRecord[] most = FirehoseRig.Lines(500);
        SinkRecord longest = new(new byte[sink.Limits.RecordBytes], 1, default);
        SinkRecord tooLong = new(new byte[(1024 * 1024) + 1], 1, default);

        Assert.Same(SinkResult.Ok, await SendAsync(sink, most));
        Assert.Same(SinkResult.Ok, await SendAsync(sink, longest));
        SinkResult tooMany = await SendAsync(sink, FirehoseRig.Lines(501));
        Assert.Equal(SinkVerdict.Refused, tooMany.Verdict);
        Assert.StartsWith("ValidationException (400): ", tooMany.Reason, StringComparison.Ordinal);
        Assert.Equal(SinkVerdict.Refused, (await SendAsync(sink, tooLong)).Verdict);

        string[][] shards = [.. await ReadAllAsync(kinesis)];
        Assert.Equal(3, shards.Length);
        Assert.All(shards, static shard => Assert.NotEmpty(shard));
        IEnumerable<string> lines = shards.SelectMany(static shard => shard).Where(static text => text.StartsWith('{'));
        Assert.Equal(most.Select(static record => Encoding.UTF8.GetString(record.Data.Span)).Order(), lines.Order());
    }

    [Fact]
    public async Task StreamThatIsNotThere_IsParked()
    {
        await using AwsEmulator kinesis = AwsEmulator.Start("kinesalite");
        await using KinesisSink sink = new("nothing", kinesis.Options, TimeProvider.System);

        SinkResult result = await SendAsync(sink, FirehoseRig.Lines(1));

        Assert.Equal(SinkVerdict.Parked, result.Verdict);
        Assert.StartsWith("ResourceNotFoundException (400): ", result.Reason, StringComparison.Ordinal);
    }

    private static Task<SinkResult> SendAsync(KinesisSink sink, params SinkRecord[] records) => sink.SendAsync(records, TestContext.Current.CancellationToken);

    private static async Task UntilActiveAsync(AwsEmulator kinesis)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while ((await DescribeAsync(kinesis)).GetProperty("StreamStatus").GetString() != "ACTIVE")
        {
            // The stream exists at once and is ready some milliseconds later; nothing tells.
            await Task.Delay(20, limit.Token);
        }
    }

    private static async Task<JsonElement> DescribeAsync(AwsEmulator kinesis) =>
        (await kinesis.CallAsync(Json, "Kinesis_20131202.DescribeStream", new { StreamName = "events" })).GetProperty("StreamDescription");

    private static async Task<List<string[]>> ReadAllAsync(AwsEmulator kinesis)
    {
        List<string[]> shards = [];
        foreach (JsonElement shard in (await DescribeAsync(kinesis)).GetProperty("Shards").EnumerateArray())
        {
            JsonElement iterator = await kinesis.CallAsync(
                Json, "Kinesis_20131202.GetShardIterator",
                new { StreamName = "events", ShardId = shard.GetProperty("ShardId").GetString(), ShardIteratorType = "TRIM_HORIZON" });
            JsonElement answer = await kinesis.CallAsync(
                Json, "Kinesis_20131202.GetRecords", new { ShardIterator = iterator.GetProperty("ShardIterator").GetString() });
            shards.Add([.. answer.GetProperty("Records").EnumerateArray().Select(static record => Encoding.UTF8.GetString(record.GetProperty("Data").GetBytesFromBase64()))]);
        }

        return shards;
    }
}
