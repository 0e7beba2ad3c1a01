using Keyway.FirehoseServer;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;
using Keyway.WriteBehind.Sinks;
using Keyway.WriteBehind.Sinks.Aws;

namespace Keyway.IntegrationTests.Relay.Aws;

/// <summary>Every place that credentials come from, and what happens when they end.</summary>
[Collection(AloneCollection.Name)]
public sealed class CredentialTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-aws-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Environment_HasThem()
    {
        using AwsEnvironment environment = new(("AWS_ACCESS_KEY_ID", "AKIDLOCAL"), ("AWS_SECRET_ACCESS_KEY", "local-secret"));
        await using FirehoseRig rig = await StartAsync();

        Assert.True(AwsSinks.HaveCredentials());
        Assert.Equal(SinkVerdict.Accepted, (await SendAsync(rig)).Verdict);
    }

    [Fact]
    public async Task Nowhere_IsParked_AndSaysWhy()
    {
        using AwsEnvironment environment = new();
        await using FirehoseRig rig = await StartAsync();

        SinkResult result = await SendAsync(rig);

        Assert.False(AwsSinks.HaveCredentials());
        Assert.Equal(SinkVerdict.Parked, result.Verdict);
        Assert.StartsWith("no credentials: ", result.Reason, StringComparison.Ordinal);
        Assert.Equal(0, rig.Server.Calls);
    }

    [Fact]
    public async Task Nowhere_AndThenInTheFile_AreFound()
    {
        using AwsEnvironment environment = new();
        await using FirehoseRig rig = await StartAsync();

        Assert.Equal(SinkVerdict.Parked, (await SendAsync(rig)).Verdict);
        WriteProfile("default", "AKIDLOCAL", "local-secret", token: null);

        Assert.Equal(SinkVerdict.Accepted, (await SendAsync(rig)).Verdict);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("relay")]
    public async Task ExpiredSessionInAFile_IsReadAgain(string? profile)
    {
        using AwsEnvironment environment = new();
        await using FirehoseRig rig = await StartAsync(options => options with { Profile = profile });
        rig.Server.Keys.Add("ASIAOLD", "s1", "t1");
        rig.Server.Keys.Add("ASIANEW", "s2", "t2");
        WriteProfile(profile ?? "default", "ASIAOLD", "s1", "t1");

        Assert.True(AwsSinks.HaveCredentials(profile));
        Assert.Equal(SinkVerdict.Accepted, (await SendAsync(rig)).Verdict);
        rig.Server.Keys.Expire("ASIAOLD");
        SinkResult expired = await SendAsync(rig);
        WriteProfile(profile ?? "default", "ASIANEW", "s2", "t2");
        SinkResult renewed = await SendAsync(rig);
        SinkResult after = await SendAsync(rig);

        Assert.Equal((SinkVerdict.Parked, "ExpiredTokenException (400): The security token included in the request is expired"), (expired.Verdict, expired.Reason));

        // Read again after the refusal, so that the file's new ones are found at once or at the next refusal.
        Assert.Contains(renewed.Verdict, new[] { SinkVerdict.Accepted, SinkVerdict.Retry });
        Assert.Equal(SinkVerdict.Accepted, after.Verdict);
    }

    [Fact]
    public async Task Container_GivesNewOnes_BeforeTheOldEnd()
    {
        await using FirehoseRig rig = await StartAsync();
        await using CredentialServer container = await CredentialServer.StartAsync(rig.Server.Keys);
        container.Lifetime = TimeSpan.FromSeconds(20);
        using AwsEnvironment environment = InContainer(container);

        Assert.True(AwsSinks.HaveCredentials());
        Assert.Equal(SinkVerdict.Accepted, (await SendAsync(rig)).Verdict);
        rig.Server.Keys.Expire(CredentialServer.Key(container.Issued));

        // What ends in seconds is asked for anew before each call.
        Assert.Equal(SinkVerdict.Accepted, (await SendAsync(rig)).Verdict);
        Assert.InRange(container.Issued, 2, int.MaxValue);
    }

    [Fact]
    public async Task Container_GivesNewOnes_WhenTheServiceSaysExpired()
    {
        await using FirehoseRig rig = await StartAsync();
        await using CredentialServer container = await CredentialServer.StartAsync(rig.Server.Keys);
        using AwsEnvironment environment = InContainer(container);
        Assert.Equal(SinkVerdict.Accepted, (await SendAsync(rig)).Verdict);
        Assert.Equal(SinkVerdict.Accepted, (await SendAsync(rig)).Verdict);
        Assert.Equal(1, container.Issued);
        rig.Server.Keys.Expire(CredentialServer.Key(1));

        SinkResult[] results = await Task.WhenAll(SendAsync(rig), SendAsync(rig), SendAsync(rig));

        Assert.All(results, static result => Assert.NotEqual(SinkVerdict.Parked, result.Verdict));
        Assert.Contains(results, static result => result.Reason?.EndsWith("; the credentials are renewed", StringComparison.Ordinal) == true);
        Assert.Equal(SinkVerdict.Accepted, (await SendAsync(rig)).Verdict);
    }

    [Fact]
    public async Task InstanceMetadata_IsAskedByItsSecondVersion()
    {
        await using LocalFirehose service = await LocalFirehose.StartAsync(new FirehoseServerOptions { Region = "us-east-1", Streams = ["events"] });
        await using CredentialServer metadata = await CredentialServer.StartAsync(service.Keys);
        int port = FreePorts.Next();

        // A process of its own: the SDK remembers for good what it has found out about the machine.
        Dictionary<string, string> machine = new() { ["AWS_EC2_METADATA_DISABLED"] = "false", ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = metadata.Address };
        using KeywayProcess keyway = KeywayProcess.StartWith(machine, $"""
            pools:
              events:
                protocol: firehose
                listen: 127.0.0.1:{port}
                stream: events
                endpoint: {service.Address}
            """);
        using (RespClient client = RespClient.Connect(port))
        {
            Assert.Equal("+OK", client.Call("RAWSET", "record").ToString());
        }

        Assert.True(keyway.Stop() == 0, keyway.Log);
        Assert.Equal(1, service.Ledger.Count);
        Assert.InRange(metadata.Issued, 1, int.MaxValue);
    }

    [Fact]
    public async Task WebIdentity_AssumesItsRole()
    {
        string token = Path.Combine(_directory, "token");
        await File.WriteAllTextAsync(token, "identity", TestContext.Current.CancellationToken);
        await using FirehoseRig rig = await StartAsync();
        await using CredentialServer sts = await CredentialServer.StartAsync(rig.Server.Keys);
        using AwsEnvironment environment = new(
            ("AWS_WEB_IDENTITY_TOKEN_FILE", token), ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r"), ("AWS_ROLE_SESSION_NAME", "keyway"),
            ("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL_STS", sts.Address));

        SinkResult result = await SendAsync(rig);

        Assert.True(AwsSinks.HaveCredentials());
        Assert.True(result.Verdict is SinkVerdict.Accepted, result.Reason);
        Assert.Equal(1, sts.Issued);
    }

    [Fact]
    public async Task Environment_SaysWhereAndInWhichRegion()
    {
        using AwsEnvironment environment = new(("AWS_ENDPOINT_URL", "http://127.0.0.1:1/"), ("AWS_ENDPOINT_URL_FIREHOSE", "http://127.0.0.1:2/"), ("AWS_DEFAULT_REGION", "sa-east-1"));

        Assert.Equal(new AwsLocation(new Uri("http://127.0.0.1:2/"), "sa-east-1"), await FindAsync(AwsService.Firehose));
        Assert.Equal(new AwsLocation(new Uri("http://127.0.0.1:1/"), "sa-east-1"), await FindAsync(AwsService.Kinesis));
    }

    private static ValueTask<AwsLocation?> FindAsync(AwsService service) =>
        new AwsLocator(service, null, null, null, fips: false).FindAsync(TestContext.Current.CancellationToken);

    private static AwsEnvironment InContainer(CredentialServer container) =>
        new(("AWS_CONTAINER_CREDENTIALS_FULL_URI", container.Address + "/container"), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "container-token"));

    private static Task<FirehoseRig> StartAsync(Func<AwsOptions, AwsOptions>? with = null) =>
        FirehoseRig.StartAsync(with: options => (with?.Invoke(options) ?? options) with { Credentials = null });

    private static Task<SinkResult> SendAsync(FirehoseRig rig) => rig.SendAsync(FirehoseRig.Lines(1));

    private static void WriteProfile(string name, string key, string secret, string? token) => File.WriteAllText(
        AwsEnvironment.CredentialsFile, $"[{name}]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n{(token is null ? "" : $"aws_session_token = {token}\n")}");
}
