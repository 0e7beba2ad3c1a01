using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>
/// Credentials from the SDK's chain: environment, web identity, profile (with roles), container, instance metadata. The SDK renews those that expire before
/// they do; those that others renew, in files, are read again when the service says that they are no longer good.
/// </summary>
internal sealed class AwsCredentialSource(string? profile, AWSCredentials? given = null)
{
    private readonly Lock _lock = new();
    private Task<AWSCredentials>? _resolved;

    static AwsCredentialSource()
    {
        // The SDK looks once, when it is first used, and forgets the variable if the file is not there yet.
        var file = Environment.GetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE");
        if (!string.IsNullOrEmpty(file) && !File.Exists(file))
        {
            AWSConfigs.AWSProfilesLocation = file;
        }
    }

    /// <summary>Whether there are any without asking the network: what instance metadata has is not known then.</summary>
    public static bool AreConfigured(string? profile)
    {
        if (profile is null
            && ((IsSet("AWS_ACCESS_KEY_ID") && IsSet("AWS_SECRET_ACCESS_KEY")) || IsSet("AWS_WEB_IDENTITY_TOKEN_FILE")
                || IsSet("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") || IsSet("AWS_CONTAINER_CREDENTIALS_FULL_URI")))
        {
            return true;
        }

        var name = profile ?? (Environment.GetEnvironmentVariable("AWS_PROFILE") is { Length: > 0 } set ? set : "default");
        return new CredentialProfileStoreChain().TryGetProfile(name, out var found) && found.CanCreateAWSCredentials;
    }

    /// <summary>Credentials for a request.</summary>
    /// <exception cref="AmazonClientException">There are none, or they cannot be had now.</exception>
    /// <exception cref="AmazonServiceException">They cannot be had now.</exception>
    public async Task<ImmutableCredentials> GetAsync(CancellationToken stop)
    {
        Task<AWSCredentials> resolved;
        lock (_lock)
        {
            if (_resolved is null or { IsFaulted: true } or { IsCanceled: true })
            {
                // On another thread: some of the chain's steps wait for network or disk.
                _resolved = Task.Run(ResolveAsync, CancellationToken.None);
            }

            resolved = _resolved;
        }

        var credentials = await resolved.WaitAsync(stop).ConfigureAwait(false);
        return await credentials.GetCredentialsAsync().WaitAsync(stop).ConfigureAwait(false);
    }

    /// <summary>The service does not take what <see cref="GetAsync"/> gave. The next call looks for others.</summary>
    public void Refuse()
    {
        lock (_lock)
        {
            if (_resolved is { IsCompletedSuccessfully: true } resolved && resolved.Result is RefreshingAWSCredentials refreshing)
            {
                refreshing.ClearCredentials();
            }

            _resolved = null;
        }
    }

    private async Task<AWSCredentials> ResolveAsync()
    {
        if (given is not null)
        {
            return given;
        }

        if (profile is null)
        {
            return await new DefaultAWSCredentialsIdentityResolver().ResolveIdentityAsync(null, CancellationToken.None).ConfigureAwait(false);
        }

        return new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var credentials)
            ? credentials
            : throw new AmazonClientException($"The profile \"{profile}\" has no credentials.");
    }

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
