using Keyway.Proxy.Configuration;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>Makes the sinks that are services of AWS.</summary>
public static class AwsSinks
{
    /// <summary>The sink of a relay. Nothing is asked of the network before the first batch.</summary>
    /// <param name="config">The relay's; its <see cref="RelayConfig.Sink"/> is Firehose, Kinesis or SQS, and stream or queue are given.</param>
    /// <param name="poolName">The pool's name.</param>
    /// <param name="time">The clock of signatures and time-outs.</param>
    /// <exception cref="ArgumentException">The configuration is not that of such a sink.</exception>
    public static ISink Create(RelayConfig config, string poolName, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(config);
        var options = new AwsOptions
        {
            Endpoint = config.Endpoint,
            Region = config.Region,
            Profile = config.Profile,
            Fips = config.Fips,
            Proxy = config.Proxy,
            Connections = config.Batch.StrictOrder ? 1 : config.Batch.Parallel,
            Timeout = config.Batch.RequestTimeout,
            MostBytes = config.Batch.Bytes,
            LongestRecord = config.Batch.MaxRecord,
        };
        return config.Sink switch
        {
            SinkKind.Firehose => new FirehoseSink(StreamOf(config), options, time),
            SinkKind.Kinesis => new KinesisSink(StreamOf(config), options, time),
            SinkKind.Sqs => new SqsSink(
                config.Endpoint ?? throw new ArgumentException("The queue's URL is missing.", nameof(config)), config.MessageGroup ?? poolName, options, time),
            _ => throw new ArgumentException($"{config.Sink} is not a service of AWS.", nameof(config)),
        };
    }

    /// <summary>Whether this machine has credentials for AWS, as far as that is known without asking the network: instance metadata is not asked.</summary>
    /// <param name="profile">A profile of the shared files, or null for the usual chain.</param>
    public static bool HaveCredentials(string? profile = null) => AwsCredentialSource.AreConfigured(profile);

    private static string StreamOf(RelayConfig config) => config.Stream ?? throw new ArgumentException("The stream is missing.", nameof(config));
}
