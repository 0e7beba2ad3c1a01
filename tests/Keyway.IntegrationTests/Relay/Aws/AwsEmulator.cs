using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Keyway.Testing;
using Keyway.WriteBehind.Sinks.Aws;

namespace Keyway.IntegrationTests.Relay.Aws;

/// <summary>A server by others that speaks as a service of AWS does: kinesalite for Kinesis, fauxqs for SQS.</summary>
internal sealed class AwsEmulator : ServerProcess
{
    private readonly string _name;
    private readonly HttpClient _http;

    private AwsEmulator(string name)
        : base(port: null)
    {
        _name = name;
        _http = new HttpClient { BaseAddress = Uri };
    }

    public Uri Uri => new($"http://{Address}/");

    public AwsOptions Options => new() { Endpoint = Uri, Region = "us-east-1", Credentials = new BasicAWSCredentials("AKID", "secret") };

    public static AwsEmulator Start(string name)
    {
        AwsEmulator emulator = new(name);
        try
        {
            emulator.Restart();
            return emulator;
        }
        catch
        {
            emulator.Dispose();
            throw;
        }
    }

    /// <summary>A call by other means than those under test; neither server looks at the signature.</summary>
    public async Task<JsonElement> CallAsync(string contentType, string target, object body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/") { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        request.Headers.TryAddWithoutValidation("X-Amz-Target", target);
        request.Headers.TryAddWithoutValidation("X-Amz-Date", "20260101T000000Z");
        string service = target.Split('_', '.')[0].Replace("Amazon", "", StringComparison.Ordinal).ToLowerInvariant();
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=0");
        using HttpResponseMessage response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return text.Length == 0 ? default : JsonDocument.Parse(Encoding.UTF8.GetBytes(text)).RootElement;
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    protected override (string Program, IReadOnlyList<string> Arguments) Command() =>
        ("node", [Scripts.PathOf("emulator.js"), Scripts.Modules, _name, $"{Port}"]);

    protected override bool Answers() => Answers("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HTTP/1.1");
}
