using Keyway.Proxy.Configuration;
using Keyway.WriteBehind.Sinks;
using Keyway.WriteBehind.Sinks.Aws;

namespace Keyway.WriteBehind.Tests.Sinks.Aws;

/// <summary>From configuration to sinks.</summary>
public sealed class AwsSinksTests
{
    private static readonly RelayConfig Config = new() { Stream = "events", Endpoint = new Uri("https://sqs.eu-west-1.amazonaws.com/1/jobs.fifo") };

    [Theory]
    [InlineData(SinkKind.Firehose, "firehose events", 500, 1_024_000)]
    [InlineData(SinkKind.Kinesis, "kinesis events", 500, 1_048_560)]
    [InlineData(SinkKind.Sqs, "sqs jobs.fifo", 10, 262_144)]
    public async Task Sink_IsNamed_AndHasItsServicesLimits(SinkKind kind, string name, int records, int recordBytes)
    {
        await using ISink sink = AwsSinks.Create(Config with { Sink = kind }, "pool", TimeProvider.System);

        Assert.Equal((name, records, recordBytes), (sink.Name, sink.Limits.Records, sink.Limits.RecordBytes));
    }

    [Theory]
    [InlineData(SinkKind.Kinesis, 8 << 20, 3 << 20, 8 << 20, 3 << 20)]
    [InlineData(SinkKind.Kinesis, null, 8 << 20, (8 << 20) + 16, 8 << 20)]
    [InlineData(SinkKind.Sqs, null, 1 << 20, 1 << 20, 1 << 20)]
    [InlineData(SinkKind.Sqs, 1 << 20, null, 1 << 20, 256 << 10)]
    public async Task Limits_OfStreamsAndQueuesThatTakeMore_AreTheConfigurations(SinkKind kind, int? bytes, int? longest, int mostBytes, int recordBytes)
    {
        RelayConfig config = Config with { Sink = kind, Batch = new BatchConfig { Bytes = bytes, MaxRecord = longest } };
        await using ISink sink = AwsSinks.Create(config, "pool", TimeProvider.System);

        Assert.Equal((mostBytes, recordBytes), (sink.Limits.Bytes, sink.Limits.RecordBytes));
    }

    [Theory]
    [InlineData(SinkKind.Firehose)]
    [InlineData(SinkKind.Kinesis)]
    [InlineData(SinkKind.Sqs)]
    [InlineData(SinkKind.File)]
    public void Sink_WithoutItsPlace_IsRefused(SinkKind kind) =>
        Assert.Throws<ArgumentException>(() => AwsSinks.Create(new RelayConfig { Sink = kind }, "pool", TimeProvider.System));

    [Theory]
    [InlineData("eu-west-1", false, "https://firehose.eu-west-1.amazonaws.com/")]
    [InlineData("us-east-2", true, "https://firehose-fips.us-east-2.amazonaws.com/")]
    [InlineData("cn-north-1", false, "https://firehose.cn-north-1.amazonaws.com.cn/")]
    public void Endpoint_FollowsTheRegion(string region, bool fips, string address) =>
        Assert.Equal(address, AwsService.Firehose.EndpointIn(region, fips).ToString());

    [Theory]
    [InlineData("https://sqs.eu-west-1.amazonaws.com/1/q", null, "eu-west-1")]
    [InlineData("https://sqs.cn-north-1.amazonaws.com.cn/1/q", null, "cn-north-1")]
    [InlineData("https://sqs.eu-west-1.amazonaws.com/1/q", "us-west-2", "us-west-2")]
    [InlineData("http://127.0.0.1:1234/", "us-west-2", "us-west-2")]
    public async Task Region_IsTheConfigurations_OrTheAddresses(string address, string? configured, string region)
    {
        AwsLocation? location = await new AwsLocator(AwsService.Sqs, new Uri(address), configured, null, false).FindAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new AwsLocation(new Uri(address), region), location);
    }
}
