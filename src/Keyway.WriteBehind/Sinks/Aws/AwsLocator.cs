using Amazon.Runtime.CredentialManagement;
using Amazon.Util;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>Finds out where a service is: from the configuration, else the environment, else the profile, else the machine's own region.</summary>
internal sealed class AwsLocator(AwsService service, Uri? endpoint, string? region, string? profile, bool fips)
{
    private volatile AwsLocation? _found;

    /// <summary>Where it is.</summary>
    /// <returns>Null if no region is known.</returns>
    /// <exception cref="UriFormatException">The environment has an address that is none.</exception>
    public async ValueTask<AwsLocation?> FindAsync(CancellationToken stop)
    {
        // On another thread: files are read, and instance metadata may take seconds not to answer.
        return _found ??= await Task.Run(Find, stop).WaitAsync(stop).ConfigureAwait(false);
    }

    private AwsLocation? Find()
    {
        // https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
        var url = Variable($"AWS_ENDPOINT_URL_{service.Name.ToUpperInvariant()}") ?? Variable("AWS_ENDPOINT_URL");
        var address = endpoint ?? (url is null ? null : new Uri(url));
        var name = region ?? RegionOf(address) ?? Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION") ?? RegionOfProfile();
        if (name is null)
        {
            // An address of one's own, such as a test server's, has no region, and any will do for its signature.
            name = address is null ? EC2InstanceMetadata.Region?.SystemName : "us-east-1";
        }

        return name is null ? null : new AwsLocation(address ?? service.EndpointIn(name, fips), name);
    }

    // sqs.eu-west-1.amazonaws.com, firehose-fips.us-gov-west-1.amazonaws.com, sqs.cn-north-1.amazonaws.com.cn
    private static string? RegionOf(Uri? address)
    {
        var parts = address?.Host.Split('.') ?? [];
        return parts.Length >= 4 && parts[2] == "amazonaws" ? parts[1] : null;
    }

    private string? RegionOfProfile() =>
        new CredentialProfileStoreChain().TryGetProfile(profile ?? Variable("AWS_PROFILE") ?? "default", out var found) ? found.Region?.SystemName : null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
