using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Keyway.WriteBehind.Sinks.Http;

/// <summary>POSTs each batch to an address as lines of JSON (<c>application/x-ndjson</c>). Any 2xx accepts all of it.</summary>
public sealed class HttpSink : ISink
{
    private static readonly MediaTypeHeaderValue Lines = new("application/x-ndjson");

    private readonly HttpClient _client;
    private readonly Uri _address;
    private readonly AuthenticationHeaderValue? _credentials;
    private readonly TimeProvider _time;

    /// <param name="endpoint">Where to; a user and password in it are sent as Basic authentication.</param>
    /// <param name="proxy">The proxy on the way, or null for the environment's.</param>
    /// <param name="timeout">Longest wait for an answer.</param>
    /// <param name="time">The clock that dates in answers are compared with.</param>
    public HttpSink(Uri endpoint, Uri? proxy, TimeSpan timeout, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        _time = time;
        _address = new UriBuilder(endpoint) { UserName = "", Password = "" }.Uri;
        if (endpoint.UserInfo.Length > 0)
        {
            byte[] user = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(endpoint.UserInfo));
            _credentials = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(user));
        }

        // Redirects are not followed: what answers elsewhere is for a person to decide.
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (proxy is not null)
        {
            handler.Proxy = HttpProxy.Of(proxy);
        }

        _client = new HttpClient(handler) { Timeout = timeout };
    }

    /// <inheritdoc/>
    public string Name => $"{_address.Scheme}://{_address.Authority}{_address.AbsolutePath}";

    /// <inheritdoc/>
    public SinkLimits Limits { get; } = new() { Records = 500, Bytes = 4 << 20, RecordBytes = 4 << 20 };

    /// <inheritdoc/>
    public async Task<SinkResult> SendAsync(IReadOnlyList<SinkRecord> records, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(records);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, _address) { Content = new ByteArrayContent(Body(records)) };
            request.Content.Headers.ContentType = Lines;
            request.Headers.Authorization = _credentials;

            // Of the answer nobody reads the body, which may be of any length.
            using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop).ConfigureAwait(false);
            return ResultOf(response);
        }
        catch (HttpRequestException e)
        {
            return new SinkResult { Verdict = SinkVerdict.Retry, Reason = OneLine.Of(e) };
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new SinkResult { Verdict = SinkVerdict.Retry, Reason = "no answer in time" };
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The records, each on a line of its own whatever the pool's newline policy.</summary>
    private static byte[] Body(IReadOnlyList<SinkRecord> records)
    {
        byte[] body = new byte[records.Sum(static record => record.Data.Length + (IsLine(record) ? 0 : 1))];
        int at = 0;
        foreach (SinkRecord record in records)
        {
            record.Data.Span.CopyTo(body.AsSpan(at));
            at += record.Data.Length;
            if (!IsLine(record))
            {
                body[at++] = (byte)'\n';
            }
        }

        return body;
    }

    private static bool IsLine(SinkRecord record) => record.Data.Span is [.., (byte)'\n'];

    private SinkResult ResultOf(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            return SinkResult.Ok;
        }

        int status = (int)response.StatusCode;
        return new SinkResult
        {
            Verdict = VerdictOf(response.StatusCode),
            IsThrottled = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable,
            Reason = string.Create(CultureInfo.InvariantCulture, $"HTTP {status} {response.ReasonPhrase}").TrimEnd(),
            RetryAfter = WaitOf(response.Headers.RetryAfter),
        };
    }

    private static SinkVerdict VerdictOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or (HttpStatusCode)425 or HttpStatusCode.Conflict => SinkVerdict.Retry,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed
            or HttpStatusCode.Gone or HttpStatusCode.ProxyAuthenticationRequired => SinkVerdict.Parked,
        >= HttpStatusCode.InternalServerError => SinkVerdict.Retry,
        >= HttpStatusCode.BadRequest => SinkVerdict.Refused,
        _ => SinkVerdict.Parked,
    };

    private TimeSpan? WaitOf(RetryConditionHeaderValue? header)
    {
        TimeSpan? wait = header?.Delta ?? (header?.Date - _time.GetUtcNow());
        return wait > TimeSpan.Zero ? wait : null;
    }
}
