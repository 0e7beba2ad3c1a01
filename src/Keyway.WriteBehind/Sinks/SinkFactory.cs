using Keyway.Proxy.Configuration;
using Keyway.WriteBehind.Sinks.Aws;
using Keyway.WriteBehind.Sinks.Files;
using Keyway.WriteBehind.Sinks.Http;
using Keyway.WriteBehind.Sinks.Output;
using Keyway.WriteBehind.Sinks.RedisStream;

namespace Keyway.WriteBehind.Sinks;

/// <summary>Makes the sink that a pool's configuration names.</summary>
public static class SinkFactory
{
    private static readonly SemaphoreSlim StandardOutputTurn = new(1);

    /// <param name="pool">A pool with <c>protocol: firehose</c> whose configuration was checked.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="IOException">The sink cannot be used at all: the directory cannot be made.</exception>
    public static ISink Create(PoolConfig pool, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(pool);
        RelayConfig relay = pool.Relay;
        return relay.Sink switch
        {
            SinkKind.File => FileSink.Open(
                new FileSinkOptions
                {
                    Directory = relay.Directory!,
                    Pool = pool.Name,
                    RollSize = relay.RollSize,
                    RollInterval = relay.RollInterval,
                    Gzip = relay.GzipFiles,
                    IsLines = relay.EndsLines,
                },
                time),
            SinkKind.Http => new HttpSink(relay.Endpoint!, relay.Proxy, relay.Batch.RequestTimeout, time),
            SinkKind.Stdout => new OutputSink(StandardOutput(), StandardOutputTurn, "standard output"),
            SinkKind.RedisStream => new RedisStreamSink(
                RedisAddress.Parse(relay.Endpoint!) ?? throw new IOException("endpoint is no address of a Redis server"),
                relay.Stream!,
                relay.Batch.RequestTimeout),
            _ => AwsSinks.Create(relay, pool.Name, time),
        };
    }

    private static Stream StandardOutput() =>
        OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : OutputSink.Unbuffered(1, Console.OpenStandardOutput());
}
