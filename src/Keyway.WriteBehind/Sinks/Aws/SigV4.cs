using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>
/// AWS Signature Version 4 (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). Our own, since the SDK's signer takes
/// requests of the SDK's own pipeline, and lives in a namespace named Internal.
/// </summary>
internal static class SigV4
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The time as the header <c>x-amz-date</c> has it.</summary>
    public static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The value of the header <c>Authorization</c>.</summary>
    /// <param name="method">In upper case.</param>
    /// <param name="path">The canonical path.</param>
    /// <param name="query">The canonical query, without its question mark.</param>
    /// <param name="headers">All headers to be signed, host and x-amz-date among them: names in lower case and in order, values trimmed.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="scope">Who signs, when and for what.</param>
    public static string Authorization(
        string method, string path, string query, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlySpan<byte> body, in SigningScope scope)
    {
        var signed = string.Join(';', headers.Select(static header => header.Key));
        var canonical = new StringBuilder().Append(method).Append('\n').Append(path).Append('\n').Append(query).Append('\n');
        foreach (var (name, value) in headers)
        {
            canonical.Append(name).Append(':').Append(value).Append('\n');
        }

        canonical.Append('\n').Append(signed).Append('\n').Append(HexOfHash(body));
        var timestamp = Timestamp(scope.Time);
        var day = timestamp[..8];
        var place = $"{day}/{scope.Region}/{scope.Service}/aws4_request";
        var toSign = $"{Algorithm}\n{timestamp}\n{place}\n{HexOfHash(Encoding.UTF8.GetBytes(canonical.ToString()))}";
        var signature = Convert.ToHexStringLower(Mac(SigningKey(scope, day), toSign));
        return $"{Algorithm} Credential={scope.AccessKey}/{place}, SignedHeaders={signed}, Signature={signature}";
    }

    private static byte[] SigningKey(in SigningScope scope, string day)
    {
        var key = Mac(Encoding.UTF8.GetBytes("AWS4" + scope.SecretKey), day);
        key = Mac(key, scope.Region);
        key = Mac(key, scope.Service);
        return Mac(key, "aws4_request");
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string HexOfHash(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, hash);
        return Convert.ToHexStringLower(hash);
    }
}
