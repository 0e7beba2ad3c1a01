using System.Text;
using Amazon.Runtime;
using Keyway.FirehoseServer;
using Keyway.WriteBehind.Sinks;
using Keyway.WriteBehind.Sinks.Aws;

namespace Keyway.IntegrationTests.Relay.Aws;

/// <summary>A local Firehose and a sink that sends to it.</summary>
internal sealed class FirehoseRig : IAsyncDisposable
{
    private FirehoseRig(LocalFirehose server, FirehoseSink sink)
    {
        Server = server;
        Sink = sink;
    }

    public LocalFirehose Server { get; }

    public FirehoseSink Sink { get; }

    public static async Task<FirehoseRig> StartAsync(
        FirehoseServerOptions? server = null, Func<AwsOptions, AwsOptions>? with = null, string stream = "events")
    {
        server ??= new FirehoseServerOptions();
        LocalFirehose firehose = await LocalFirehose.StartAsync(server);
        AwsOptions options = new()
        {
            Endpoint = firehose.Address,
            Region = server.Region,
            Credentials = new BasicAWSCredentials(server.AccessKey, server.SecretKey),
        };
        return new FirehoseRig(firehose, new FirehoseSink(stream, with?.Invoke(options) ?? options, TimeProvider.System));
    }

    public static SinkRecord[] Lines(int count, int from = 0) =>
        [.. Enumerable.Range(from, count).Select(static i => new SinkRecord(Encoding.UTF8.GetBytes($"{{\"n\":{i}}}\n"), i + 1, DateTimeOffset.UnixEpoch))];

    public Task<SinkResult> SendAsync(params SinkRecord[] records) => Sink.SendAsync(records, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Sink.DisposeAsync();
        await Server.DisposeAsync();
    }
}
