using System.Net;
using System.Net.Sockets;
using System.Text;
using Keyway.Testing;
using Keyway.WriteBehind.Sinks;
using Keyway.WriteBehind.Sinks.Http;

namespace Keyway.WriteBehind.Tests.Sinks.Http;

public sealed class HttpSinkTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly HttpListener _server = new();
    private readonly Uri _address = new($"http://user:p%40ss@127.0.0.1:{FreePorts.Next()}/in");

    public HttpSinkTests()
    {
        _server.Prefixes.Add($"http://127.0.0.1:{_address.Port}/");
        _server.Start();
    }

    public void Dispose() => _server.Close();

    [Fact]
    public async Task ABatch_IsPostedAsLines_WithTheCredentials()
    {
        await using HttpSink sink = Open();
        Task<SinkResult> sending = sink.SendAsync(Batches.Of("{\"a\":1}\n", "{}"), CancellationToken.None);

        HttpListenerContext context = await _server.GetContextAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);
        using StreamReader reader = new(context.Request.InputStream);
        Assert.Equal("{\"a\":1}\n{}\n", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal("POST /in application/x-ndjson", $"{context.Request.HttpMethod} {context.Request.RawUrl} {context.Request.ContentType}");
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("user:p@ss")), context.Request.Headers["Authorization"]);
        context.Response.StatusCode = 202;
        context.Response.Close();

        Assert.Same(SinkResult.Ok, await sending);
        Assert.DoesNotContain("p@ss", sink.Name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, SinkVerdict.Retry, true)]
    [InlineData(503, SinkVerdict.Retry, true)]
    [InlineData(500, SinkVerdict.Retry, false)]
    [InlineData(408, SinkVerdict.Retry, false)]
    [InlineData(400, SinkVerdict.Refused, false)]
    [InlineData(413, SinkVerdict.Refused, false)]
    [InlineData(401, SinkVerdict.Parked, false)]
    [InlineData(404, SinkVerdict.Parked, false)]
    [InlineData(302, SinkVerdict.Parked, false)]
    public async Task AStatus_IsToldAsWhatItMeans(int status, SinkVerdict verdict, bool isThrottled)
    {
        await using HttpSink sink = Open();
        Task<SinkResult> sending = sink.SendAsync(Batches.Of("a\n"), CancellationToken.None);

        HttpListenerContext context = await _server.GetContextAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);
        context.Response.StatusCode = status;
        context.Response.Headers["Retry-After"] = "7";
        context.Response.Close();

        SinkResult result = await sending;
        Assert.Equal((verdict, isThrottled), (result.Verdict, result.IsThrottled));
        Assert.Equal(TimeSpan.FromSeconds(7), result.RetryAfter);
        Assert.StartsWith($"HTTP {status}", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoServer_IsTriedAgain()
    {
        _server.Stop();
        await using HttpSink sink = Open();

        SinkResult result = await sink.SendAsync(Batches.Of("a\n"), CancellationToken.None);

        Assert.Equal(SinkVerdict.Retry, result.Verdict);
        Assert.NotNull(result.Reason);
    }

    [Fact]
    public async Task ASilentServer_IsTriedAgain()
    {
        await using HttpSink sink = new(_address, proxy: null, TimeSpan.FromMilliseconds(200), TimeProvider.System);

        SinkResult result = await sink.SendAsync(Batches.Of("a\n"), CancellationToken.None);

        Assert.Equal((SinkVerdict.Retry, "no answer in time"), (result.Verdict, result.Reason));
    }

    [Fact]
    public async Task AProxysPassword_IsSentToIt_AndNotShown()
    {
        CancellationToken test = TestContext.Current.CancellationToken;
        using TcpListener proxy = new(IPAddress.Loopback, 0);
        proxy.Start();
        Uri address = new($"http://user:p%40ss@{proxy.LocalEndpoint}/");
        await using HttpSink sink = new(new Uri("https://sink.invalid/in"), address, Limit, TimeProvider.System);
        Task<SinkResult> sending = sink.SendAsync(Batches.Of("a\n"), test);

        List<string> requests = [];
        while (await Task.WhenAny(sending, proxy.AcceptTcpClientAsync(test).AsTask()) is Task<TcpClient> accepted)
        {
            using TcpClient client = await accepted;
            byte[] bytes = new byte[4096];
            int count = await client.GetStream().ReadAsync(bytes, test);
            requests.Add(Encoding.ASCII.GetString(bytes, 0, count));
            await client.GetStream().WriteAsync("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), test);
        }

        SinkResult result = await sending;
        Assert.Equal(SinkVerdict.Retry, result.Verdict);
        Assert.DoesNotContain("p@ss", result.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("p%40ss", result.Reason, StringComparison.Ordinal);
        Assert.Contains(requests, static request => request.Contains("Proxy-Authorization: Basic dXNlcjpwQHNz", StringComparison.Ordinal));
    }

    private HttpSink Open() => new(_address, proxy: null, Limit, TimeProvider.System);
}
