using System.Security.Cryptography.X509Certificates;
using System.Text;
using Keyway.FirehoseServer;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Relay.Tls;

/// <summary>Sinks behind a certificate of an authority that only who is told so trusts.</summary>
public sealed class TlsSinkTests : IDisposable
{
    private static readonly string[] Records = [.. Enumerable.Range(0, 200).Select(static i => $"record {i}")];

    private readonly TestAuthority _authority = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-tls-").FullName;
    private readonly int _port = FreePorts.Next();

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        _authority.Dispose();
    }

    [Fact]
    public async Task Http_WithoutTrust_FailsAndKeepsAll_AndDeliversWithTheAuthoritysFile()
    {
        using X509Certificate2 certificate = _authority.Issue();
        await using SecureLedger ledger = await SecureLedger.StartAsync(certificate);
        string config = Config("http", $"endpoint: {ledger.Address}");

        FailWithoutTrust(config);
        Assert.Empty(ledger.Lines);

        using KeywayProcess keyway = StartTrusting(config);
        Wait.Until(() => ledger.Lines.Count >= Records.Length, "all delivered");
        Assert.Equal(Records, ledger.Lines.Distinct());
    }

    [Fact]
    public async Task Firehose_WithoutTrust_FailsAndKeepsAll_AndDeliversWithTheAuthoritysFile()
    {
        using X509Certificate2 certificate = _authority.Issue();
        await using LocalFirehose firehose = await LocalFirehose.StartAsync(new FirehoseServerOptions { Certificate = certificate });
        string config = Config("firehose", $"stream: events\n    region: eu-west-1\n    endpoint: {firehose.Address}");

        FailWithoutTrust(config);
        Assert.Equal(0, firehose.Ledger.Count);

        using KeywayProcess keyway = StartTrusting(config);
        Wait.Until(() => firehose.Ledger.Count >= Records.Length, "all delivered");
        Assert.Equal(Records, firehose.Ledger.Records.Select(static record => Encoding.UTF8.GetString(record.Data).TrimEnd()).Distinct());
    }

    [Fact]
    public async Task Certificate_ForAnotherName_IsRefusedThoughItsAuthorityIsTrusted()
    {
        using X509Certificate2 certificate = _authority.Issue("elsewhere.example");
        await using SecureLedger ledger = await SecureLedger.StartAsync(certificate);

        using KeywayProcess keyway = StartTrusting(Config("http", $"endpoint: {ledger.Address}"));
        Send();

        Wait.Until(() => keyway.Log.Contains("the sink fails", StringComparison.Ordinal), "a failure in the log");
        Assert.Contains("RemoteCertificateNameMismatch", keyway.Log, StringComparison.Ordinal);
        Assert.Empty(ledger.Lines);
    }

    /// <summary>Sends the records to a relay that does not trust its sink, and kills it when it has said so.</summary>
    private void FailWithoutTrust(string config)
    {
        using KeywayProcess keyway = KeywayProcess.StartWith(Environment(), config);
        Send();
        Wait.Until(() => keyway.Log.Contains("the sink fails", StringComparison.Ordinal), "a failure in the log");
        Assert.Contains("The remote certificate is invalid", keyway.Log, StringComparison.Ordinal);
        keyway.Kill();
    }

    private void Send()
    {
        using RespClient client = RespClient.Connect(_port);
        Assert.All(Records, record => Assert.Equal("+OK", client.Call("RAWSET", record).ToString()));
    }

    private KeywayProcess StartTrusting(string config)
    {
        Dictionary<string, string> environment = Environment();
        environment["SSL_CERT_FILE"] = _authority.File;
        return KeywayProcess.StartWith(environment, config);
    }

    private static Dictionary<string, string> Environment()
    {
        FirehoseServerOptions options = new();
        return new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = options.AccessKey, ["AWS_SECRET_ACCESS_KEY"] = options.SecretKey };
    }

    private string Config(string sink, string keys) => $"""
        pools:
          events:
            protocol: firehose
            listen: 127.0.0.1:{_port}
            sink: {sink}
            {keys}
            linger: 10ms
            retry_max: 1s
            journal_dir: {_directory}
        """;
}
