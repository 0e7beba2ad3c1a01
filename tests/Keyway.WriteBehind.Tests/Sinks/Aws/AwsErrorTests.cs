using System.Text;
using Keyway.WriteBehind.Sinks.Aws;

namespace Keyway.WriteBehind.Tests.Sinks.Aws;

/// <summary>What is read from answers that are no success, whoever wrote them.</summary>
public sealed class AwsErrorTests
{
    [Theory]
    [InlineData("""{"__type":"ResourceNotFoundException","message":"gone"}""", "ResourceNotFoundException", "gone")]
    [InlineData("""{"Message":"gone","__type":"com.amazonaws.sqs#QueueDoesNotExist","more":{"a":[1]}}""", "QueueDoesNotExist", "gone")]
    [InlineData("""{"code":"AWS.SimpleQueueService.NonExistentQueue","message":null}""", "NonExistentQueue", "")]
    [InlineData("""{"__type":"ThrottlingException:http://internal.amazon.com/coral/","message":"a""", "ThrottlingException", "")]
    [InlineData("<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>", "AccessDenied", "no")]
    [InlineData("<html><head><title>403 Forbidden</title>", "", "403 Forbidden")]
    [InlineData("<html>", "", "")]
    [InlineData("  upstream unavailable\n", "", "upstream unavailable")]
    [InlineData("", "", "")]
    [InlineData("{", "", "")]
    [InlineData("{]", "", "")]
    public void Body_OfAnyKind_IsReadAsFarAsItGoes(string body, string code, string message)
    {
        AwsError error = Read(400, body);

        Assert.Equal((code, message), (error.Code, error.Message));
    }

    [Fact]
    public void Header_NamesTheError_BeforeTheBody()
    {
        using HttpResponseMessage response = new();
        response.Headers.TryAddWithoutValidation("x-amzn-ErrorType", "SlowDown:http://x/");

        Assert.Equal("SlowDown", AwsError.Read(400, response.Headers, "{\"__type\":\"Other\"}"u8).Code);
    }

    [Theory]
    [InlineData(500, "", "", AwsErrorKind.Passing)]
    [InlineData(500, "AccessDenied", "", AwsErrorKind.Passing)]
    [InlineData(502, "", "", AwsErrorKind.Passing)]
    [InlineData(408, "", "", AwsErrorKind.Passing)]
    [InlineData(400, "RequestTimeout", "", AwsErrorKind.Passing)]
    [InlineData(503, "", "", AwsErrorKind.Throttled)]
    [InlineData(429, "", "", AwsErrorKind.Throttled)]
    [InlineData(400, "LimitExceededException", "", AwsErrorKind.Throttled)]
    [InlineData(400, "ProvisionedThroughputExceededException", "", AwsErrorKind.Throttled)]
    [InlineData(200, "ServiceUnavailableException", "Slow down.", AwsErrorKind.Throttled)]
    [InlineData(200, "InternalFailure", "", AwsErrorKind.Passing)]
    [InlineData(200, "NeverHeardOf", "", AwsErrorKind.Passing)]
    [InlineData(413, "", "", AwsErrorKind.Content)]
    [InlineData(400, "InvalidArgumentException", "Records size exceeds 4 MB limit", AwsErrorKind.Content)]
    [InlineData(400, "SerializationException", "", AwsErrorKind.Content)]
    [InlineData(400, "ValidationException", "Value at 'records.1.member.data' failed", AwsErrorKind.Content)]
    [InlineData(400, "ValidationException", "Value at 'deliveryStreamName' failed", AwsErrorKind.Standing)]
    [InlineData(400, "InvalidArgumentException", "not allowed on KinesisStreamAsSource streams", AwsErrorKind.Standing)]
    [InlineData(400, "ExpiredTokenException", "", AwsErrorKind.Token)]
    [InlineData(403, "UnrecognizedClientException", "", AwsErrorKind.Token)]
    [InlineData(403, "InvalidSignatureException", "", AwsErrorKind.Signature)]
    [InlineData(400, "ResourceNotFoundException", "", AwsErrorKind.Standing)]
    [InlineData(400, "InvalidSourceException", "", AwsErrorKind.Standing)]
    [InlineData(400, "InvalidKMSResourceException", "", AwsErrorKind.Standing)]
    [InlineData(403, "AccessDeniedException", "", AwsErrorKind.Standing)]
    [InlineData(403, "", "", AwsErrorKind.Standing)]
    [InlineData(400, "", "", AwsErrorKind.Standing)]
    [InlineData(301, "", "", AwsErrorKind.Standing)]
    [InlineData(407, "", "", AwsErrorKind.Standing)]
    internal void Kind_OfAnError(int status, string code, string message, AwsErrorKind kind) =>
        Assert.Equal(kind, AwsErrorTable.KindOf(status, code, message));

    [Fact]
    public void Reason_IsOneLine_OfBoundedLength()
    {
        string reason = Read(403, $"{{\"__type\":\"AccessDeniedException\",\"message\":\"a\\r\\n\\tb\\u0007 {new string('c', 1000)}\"}}").Reason;

        Assert.StartsWith("AccessDeniedException (403): a b ccc", reason, StringComparison.Ordinal);
        Assert.EndsWith("c...", reason, StringComparison.Ordinal);
        Assert.InRange(reason.Length, 100, 510);
    }

    [Fact]
    public void Reason_OfASignature_LeavesOutWhatWasSigned() =>
        Assert.Equal("InvalidSignatureException (403)", Read(403, """{"__type":"InvalidSignatureException","message":"x-amz-security-token:SECRET"}""").Reason);

    private static AwsError Read(int status, string body)
    {
        using HttpResponseMessage response = new();
        return AwsError.Read(status, response.Headers, Encoding.UTF8.GetBytes(body));
    }
}
