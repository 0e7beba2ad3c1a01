using System.Text.Json;
using Keyway.WriteBehind.Sinks;
using Keyway.WriteBehind.Sinks.Aws;

namespace Keyway.WriteBehind.Tests.Sinks.Aws;

/// <summary>The bodies of requests, and what is said of their length before they are made.</summary>
public sealed class RequestBodyTests
{
    private static readonly AwsOptions Options = new() { Endpoint = new Uri("http://127.0.0.1:9/"), Region = "eu-west-1" };

    [Fact]
    public async Task FirehoseBody_IsNeverLongerThanTheLimitsSay()
    {
        await using FirehoseSink sink = new("a stream \"é\"", Options, TimeProvider.System);
        long overhead = (4 * 1024 * 1024) - sink.Limits.Bytes;
        Random random = new(7);
        for (int i = 0; i < 300; i++)
        {
            SinkRecord[] records = Records(random, random.Next(1, 20), 600);

            using PooledBuffer body = sink.Body(records);

            long said = records.Sum(record => sink.Limits.EncodedLength(record.Data.Length)) + overhead;
            Assert.InRange(said - body.Length, 0, 1);
            using JsonDocument json = JsonDocument.Parse(body.Array.AsMemory(0, body.Length));
            Assert.Equal("a stream \"é\"", json.RootElement.GetProperty("DeliveryStreamName").GetString());
            Assert.Equal(
                records.Select(static record => record.Data.ToArray()),
                json.RootElement.GetProperty("Records").EnumerateArray().Select(static record => record.GetProperty("Data").GetBytesFromBase64()));
        }
    }

    [Fact]
    public async Task KinesisBody_HasAKeyForEachRecord_CountedInItsLength()
    {
        await using KinesisSink sink = new("s", Options, TimeProvider.System);
        SinkRecord[] records = Records(new Random(8), 20, 600);

        using PooledBuffer body = sink.Body(records);

        using JsonDocument json = JsonDocument.Parse(body.Array.AsMemory(0, body.Length));
        JsonElement[] entries = [.. json.RootElement.GetProperty("Records").EnumerateArray()];
        Assert.Equal(records.Select(static record => $"{record.Id:x16}"), entries.Select(static entry => entry.GetProperty("PartitionKey").GetString()));
        Assert.Equal(records.Select(static record => record.Data.ToArray()), entries.Select(static entry => entry.GetProperty("Data").GetBytesFromBase64()));
        Assert.All(records, record => Assert.Equal(record.Data.Length + 16, sink.Limits.EncodedLength(record.Data.Length)));
    }

    [Fact]
    public async Task KinesisBody_OfAnArn_NamesItSo()
    {
        await using KinesisSink sink = new("arn:aws:kinesis:eu-west-1:1:stream/s", Options, TimeProvider.System);

        using PooledBuffer body = sink.Body(Records(new Random(1), 1, 10));

        Assert.True(body.Written.StartsWith("{\"StreamARN\":\"arn:aws:kinesis:eu-west-1:1:stream/s\","u8));
    }

    [Fact]
    public void PooledBuffer_BeyondItsCapacity_KeepsWhatItHas()
    {
        using PooledBuffer buffer = new(1);
        List<byte> expected = [];
        for (int i = 0; i < 1000; i++)
        {
            byte[] part = [(byte)i, (byte)(i >> 8), (byte)(i * 7)];
            part.CopyTo(buffer.GetSpan(3));
            buffer.Advance(3);
            expected.AddRange(part);
        }

        Assert.Equal(expected, buffer.Written.ToArray());
    }

    private static SinkRecord[] Records(Random random, int count, int longest)
    {
        SinkRecord[] records = new SinkRecord[count];
        for (int i = 0; i < count; i++)
        {
            byte[] data = new byte[random.Next(longest)];
            random.NextBytes(data);
            records[i] = new SinkRecord(data, random.NextInt64(), default);
        }

        return records;
    }
}
