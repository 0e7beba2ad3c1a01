using System.Net.Http.Headers;
using Amazon.Runtime;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>Signed POST requests to one service of AWS, and what their answers mean. Calls may run at the same time.</summary>
internal sealed class AwsClient : IDisposable
{
    // 500 records' answers are 120 KB.
    private const int UsualAnswer = 128 * 1024;
    private const int LongestAnswer = 8 * 1024 * 1024;

    // AWS takes signatures up to five minutes old (and some services fifteen).
    private static readonly TimeSpan TolerableSkew = TimeSpan.FromMinutes(4);

    private readonly AwsService _service;
    private readonly AwsOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly AwsLocator _locator;
    private readonly AwsCredentialSource _credentials;
    private readonly MediaTypeHeaderValue _contentType;
    private long _skewTicks;
    private volatile bool _hadCredentials;

    public AwsClient(AwsService service, AwsOptions options, TimeProvider time)
    {
        _service = service;
        _options = options;
        _time = time;
        _http = AwsHttp.Create(options);
        _locator = new AwsLocator(service, options.Endpoint, options.Region, options.Profile, options.Fips);
        _credentials = new AwsCredentialSource(options.Profile, options.Credentials);
        _contentType = new MediaTypeHeaderValue(service.ContentType);
    }

    /// <summary>One call.</summary>
    /// <param name="operation">Its name.</param>
    /// <param name="body">What is sent; the call disposes of it.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task<SinkResult> CallAsync(string operation, PooledBuffer body, AnswerReader read, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        try
        {
            var result = await CallWithinAsync(operation, body, read, either.Token).ConfigureAwait(false);
            body.Dispose();
            return result;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            body.Abandon();
            throw new OperationCanceledException(stop);
        }
        catch (OperationCanceledException)
        {
            body.Abandon();
            return Retry($"no answer within {_options.Timeout.TotalSeconds:0.#} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            body.Abandon();
            return Retry(OneLine.Of(e));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<SinkResult> CallWithinAsync(string operation, PooledBuffer body, AnswerReader read, CancellationToken stop)
    {
        AwsLocation? location;
        ImmutableCredentials credentials;
        try
        {
            location = await _locator.FindAsync(stop).ConfigureAwait(false);
            credentials = await _credentials.GetAsync(stop).ConfigureAwait(false);
            _hadCredentials = true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return NoCredentials(e);
        }

        if (location is null)
        {
            return Parked("no region: neither the configuration nor environment, profile and machine name one");
        }

        var signedAt = _time.GetUtcNow() + Skew;
        using var request = Sign(operation, body, location, credentials, signedAt);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop).ConfigureAwait(false);
        using var answer = await ReadAsync(response.Content, stop).ConfigureAwait(false);
        var status = (int)response.StatusCode;
        if (status == 200)
        {
            return read(answer.Written) ?? Retry("an answer that cannot be read");
        }

        var error = AwsError.Read(status, response.Headers, answer.Written);
        return error.Kind switch
        {
            AwsErrorKind.Passing => Retry(error.Reason) with { RetryAfter = WaitAsked(response.Headers) },
            AwsErrorKind.Throttled => Retry(error.Reason) with { RetryAfter = WaitAsked(response.Headers), IsThrottled = true },
            AwsErrorKind.Content => new SinkResult { Verdict = SinkVerdict.Refused, Reason = error.Reason },
            AwsErrorKind.Token => await RenewAsync(error, credentials, stop).ConfigureAwait(false),
            AwsErrorKind.Signature when response.Headers.Date is { } date && (date - signedAt).Duration() > TolerableSkew => Correct(error, date),
            _ => Parked(error.Reason),
        };
    }

    private HttpRequestMessage Sign(string operation, PooledBuffer body, AwsLocation location, ImmutableCredentials credentials, DateTimeOffset now)
    {
        var host = location.Address.Authority; // has no default port, as the header has none
        var target = $"{_service.Target}.{operation}";
        List<KeyValuePair<string, string>> signed =
        [
            new("content-type", _service.ContentType),
            new("host", host),
            new("x-amz-date", SigV4.Timestamp(now)),
        ];
        if (credentials.UseToken)
        {
            signed.Add(new("x-amz-security-token", credentials.Token));
        }

        signed.Add(new("x-amz-target", target));

        // The canonical path is the path as it is sent, encoded once more: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html.
        var path = location.Address.AbsolutePath.Replace("%", "%25", StringComparison.Ordinal);
        var scope = new SigningScope(credentials.AccessKey, credentials.SecretKey, location.Region, _service.Name, now);
        var request = new HttpRequestMessage(HttpMethod.Post, location.Address) { Content = new ByteArrayContent(body.Array, 0, body.Length) };
        request.Content.Headers.ContentType = _contentType;
        request.Headers.Host = host;
        foreach (var (name, value) in signed.Skip(2))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.TryAddWithoutValidation("Authorization", SigV4.Authorization("POST", path, "", signed, body.Written, scope));
        return request;
    }

    private static async Task<PooledBuffer> ReadAsync(HttpContent content, CancellationToken stop)
    {
        var answer = new PooledBuffer((int)Math.Clamp(content.Headers.ContentLength ?? UsualAnswer, 1024, LongestAnswer));
        var stream = await content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            while (answer.Length < LongestAnswer)
            {
                var count = await stream.ReadAsync(answer.GetMemory(1024), stop).ConfigureAwait(false);
                if (count == 0)
                {
                    return answer;
                }

                answer.Advance(count);
            }
        }

        throw new IOException("The answer is too long.");
    }

    // What the service's clock is ahead of this machine's.
    private TimeSpan Skew => new(Volatile.Read(ref _skewTicks));

    private SinkResult Correct(AwsError error, DateTimeOffset serviceTime)
    {
        var skew = serviceTime - _time.GetUtcNow();
        Volatile.Write(ref _skewTicks, skew.Ticks);
        return Retry($"{error.Reason}; this machine's clock is {-skew.TotalSeconds:+0;-0} s off, which the next call takes into account");
    }

    private async Task<SinkResult> RenewAsync(AwsError error, ImmutableCredentials used, CancellationToken stop)
    {
        try
        {
            // Another call may have renewed them meanwhile.
            if ((await _credentials.GetAsync(stop).ConfigureAwait(false)).Equals(used))
            {
                _credentials.Refuse();
            }

            var now = await _credentials.GetAsync(stop).ConfigureAwait(false);
            return now.Equals(used) ? Parked(error.Reason) : Retry(error.Reason + "; the credentials are renewed");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return NoCredentials(e);
        }
    }

    private TimeSpan? WaitAsked(HttpResponseHeaders headers) =>
        headers.RetryAfter is not { } wait ? null : wait.Delta ?? (wait.Date is { } until && until > _time.GetUtcNow() ? until - _time.GetUtcNow() : null);

    // Those that were there will come again: a metadata service that restarts, a role that cannot be assumed for a moment.
    private SinkResult NoCredentials(Exception e) =>
        _hadCredentials ? Retry(OneLine.Of($"no credentials: {e.Message}")) : Parked(OneLine.Of($"no credentials: {e.Message}"));

    private static SinkResult Retry(string reason) => new() { Verdict = SinkVerdict.Retry, Reason = reason };

    private static SinkResult Parked(string reason) => new() { Verdict = SinkVerdict.Parked, Reason = reason };
}
