using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Keyway.FirehoseServer;

/// <summary>
/// Verifies AWS Signature Version 4 from the request as it came; written from the specification, apart from the client's signer, and held to it by AWS's own
/// clients in the tests.
/// </summary>
internal sealed class SignatureCheck(KeyBook keys, string region, string service)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <exception cref="ServiceException">The service would not take it.</exception>
    public void Verify(HttpRequest request, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        string authorization = request.Headers.Authorization.ToString();
        if (authorization.Length == 0)
        {
            throw new ServiceException("MissingAuthenticationTokenException", "Missing Authentication Token");
        }

        const string Algorithm = "AWS4-HMAC-SHA256 ";
        Dictionary<string, string> parts = authorization.StartsWith(Algorithm, StringComparison.Ordinal) ? Parts(authorization[Algorithm.Length..]) : [];
        string[] scope = parts.GetValueOrDefault("Credential", "").Split('/');
        string signedHeaders = parts.GetValueOrDefault("SignedHeaders", "");
        string timestamp = request.Headers["x-amz-date"].ToString();
        if (scope.Length != 5 || signedHeaders.Length == 0 || !parts.TryGetValue("Signature", out string? given)
            || !DateTimeOffset.TryParseExact(timestamp, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset signed))
        {
            throw new ServiceException("IncompleteSignatureException", $"Authorization header is incomplete: {authorization}");
        }

        AccessKey key = keys.Find(scope[0]) ?? throw new ServiceException("UnrecognizedClientException", "The security token included in the request is invalid.");
        if (key.Token is not null && request.Headers["x-amz-security-token"] != key.Token)
        {
            throw new ServiceException("UnrecognizedClientException", "The security token included in the request is invalid.");
        }

        CheckScope(scope, timestamp);
        CheckTime(signed, now);
        string[] names = signedHeaders.Split(';');
        string[] needed = ["host", "x-amz-date", .. request.Headers.Keys.Where(static name => name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase)).Select(static name => name.ToLowerInvariant())];
        string bodyHash = Hex(SHA256.HashData(body));
        bool saysOtherHash = request.Headers["x-amz-content-sha256"].ToString() is { Length: > 0 } said && said != bodyHash;
        string canonical = Canonical(request, names, signedHeaders, bodyHash);
        string toSign = $"AWS4-HMAC-SHA256\n{timestamp}\n{string.Join('/', scope.Skip(1))}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        byte[] secret = Encoding.UTF8.GetBytes("AWS4" + key.Secret);
        byte[] signingKey = scope.Skip(1).Aggregate(secret, static (mac, part) => HMACSHA256.HashData(mac, Encoding.UTF8.GetBytes(part)));
        string signature = Hex(HMACSHA256.HashData(signingKey, Encoding.UTF8.GetBytes(toSign)));
        if (signature != given || saysOtherHash || needed.Except(names, StringComparer.Ordinal).Any())
        {
            throw new ServiceException("InvalidSignatureException", "The request signature we calculated does not match the signature you provided. "
                + $"Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'{canonical}'");
        }

        if (key.IsExpired)
        {
            throw new ServiceException("ExpiredTokenException", "The security token included in the request is expired");
        }
    }

    private void CheckScope(string[] scope, string timestamp)
    {
        if (scope[1] != timestamp[..8] || scope[4] != "aws4_request")
        {
            throw new ServiceException("InvalidSignatureException", "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP");
        }

        if (scope[2] != region || scope[3] != service)
        {
            throw new ServiceException("InvalidSignatureException", $"Credential should be scoped to a valid region, not '{scope[2]}', and correct service: '{service}'.");
        }
    }

    private static void CheckTime(DateTimeOffset signed, DateTimeOffset now)
    {
        if ((now - signed).Duration() > Tolerance)
        {
            string what = signed < now ? "Signature expired" : "Signature not yet current";
            throw new ServiceException("InvalidSignatureException", $"{what}: {signed:yyyyMMdd'T'HHmmss'Z'} is now {(signed < now ? "earlier" : "later")} than {now:yyyyMMdd'T'HHmmss'Z'} (5 min.)");
        }
    }

    private static string Canonical(HttpRequest request, string[] names, string signedHeaders, string bodyHash)
    {
        StringBuilder text = new();
        string[] target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        string sent = target[0].StartsWith('/') ? target[0] : new Uri(target[0]).AbsolutePath; // whole addresses come from clients of a proxy
        string path = string.Join('/', sent.Split('/').Select(Uri.EscapeDataString)); // encoded once more than it came
        text.Append(request.Method).Append('\n').Append(path).Append('\n').Append(target.ElementAtOrDefault(1)).Append('\n');
        foreach (string name in names)
        {
            IEnumerable<string> values = request.Headers[name].Select(static value => string.Join(' ', (value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)));
            text.Append(name).Append(':').AppendJoin(',', values).Append('\n');
        }

        return text.Append('\n').Append(signedHeaders).Append('\n').Append(bodyHash).ToString();
    }

    private static Dictionary<string, string> Parts(string text) => text.Split(',', StringSplitOptions.TrimEntries)
        .Select(static part => part.Split('=', 2))
        .Where(static pair => pair.Length == 2)
        .GroupBy(static pair => pair[0], StringComparer.Ordinal)
        .ToDictionary(static group => group.Key, static group => group.First()[1], StringComparer.Ordinal);

    private static string Hex(byte[] data) => Convert.ToHexStringLower(data);
}
