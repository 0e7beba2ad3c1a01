using Amazon.Runtime;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>How a service of AWS is reached.</summary>
internal sealed record AwsOptions
{
    /// <summary>Its address, or null for AWS's.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The region, or null for what environment, profile or machine say.</summary>
    public string? Region { get; init; }

    /// <summary>The profile of the shared files, or null for the usual chain.</summary>
    public string? Profile { get; init; }

    /// <summary>Credentials in place of the chain's, or null.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>AWS's FIPS endpoints.</summary>
    public bool Fips { get; init; }

    /// <summary>The HTTP proxy, or null for the environment's.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Most connections.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>Longest wait for an answer, connecting and credentials included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most bytes in a call, of a stream or queue that takes another number than all do; or null.</summary>
    public long? MostBytes { get; init; }

    /// <summary>Longest record in bytes, likewise; or null.</summary>
    public int? LongestRecord { get; init; }
}
