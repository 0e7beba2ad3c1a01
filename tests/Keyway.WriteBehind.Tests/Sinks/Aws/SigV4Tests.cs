using System.Text;
using Amazon.Runtime.Internal.Auth;
using Keyway.WriteBehind.Sinks.Aws;

namespace Keyway.WriteBehind.Tests.Sinks.Aws;

/// <summary>Signatures that AWS publishes, and the SDK's signer beside ours.</summary>
public sealed class SigV4Tests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static readonly DateTimeOffset Time = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, and AWS's suite of test vectors (get-vanilla, post-vanilla,
    // post-x-www-form-urlencoded).
    [Theory]
    [InlineData("GET", "iam", "Action=ListUsers&Version=2010-05-08", "content-type:application/x-www-form-urlencoded; charset=utf-8|host:iam.amazonaws.com", "",
        "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")]
    [InlineData("GET", "service", "", "host:example.amazonaws.com", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "service", "", "host:example.amazonaws.com", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("POST", "service", "", "content-type:application/x-www-form-urlencoded|host:example.amazonaws.com", "Param1=value1",
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")]
    public void Authorization_OfAPublishedRequest_IsAsPublished(string method, string service, string query, string headers, string body, string signature)
    {
        List<KeyValuePair<string, string>> signed = [.. headers.Split('|').Select(Header), new("x-amz-date", "20150830T123600Z")];

        string authorization = SigV4.Authorization(
            method, "/", query, signed, Encoding.UTF8.GetBytes(body), new SigningScope("AKIDEXAMPLE", Secret, "us-east-1", service, Time));

        string names = string.Join(';', signed.Select(static header => header.Key));
        Assert.Equal(
            $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/{service}/aws4_request, SignedHeaders={names}, Signature={signature}", authorization);
    }

    [Fact]
    public void Authorization_OfAnyRequest_IsThatOfTheSdk()
    {
        Random random = new(4);
        for (int i = 0; i < 200; i++)
        {
            byte[] body = new byte[random.Next(2000)];
            random.NextBytes(body);
            DateTimeOffset time = Time.AddSeconds(random.Next(100_000_000));
            string secret = Convert.ToBase64String(body.AsSpan(0, Math.Min(body.Length, 30)));
            List<KeyValuePair<string, string>> headers = [new("host", $"firehose.r{i}.amazonaws.com"), new("x-amz-date", SigV4.Timestamp(time)), new("x-amz-target", "T.Op")];
            string canonical = $"POST\n/\n\n{string.Concat(headers.Select(static header => $"{header.Key}:{header.Value}\n"))}\nhost;x-amz-date;x-amz-target\n"
                + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(body));

            string authorization = SigV4.Authorization("POST", "/", "", headers, body, new SigningScope("AKID", secret, $"r{i}", "firehose", time));

            AWS4SigningResult sdk = AWS4Signer.ComputeSignature(
                "AKID", secret, $"r{i}", time.UtcDateTime, "firehose", "host;x-amz-date;x-amz-target", canonical);
            Assert.Equal(sdk.ForAuthorizationHeader, authorization);
        }
    }

    private static KeyValuePair<string, string> Header(string line) => line.Split(':', 2) is [var name, var value] ? new(name, value) : default;
}
