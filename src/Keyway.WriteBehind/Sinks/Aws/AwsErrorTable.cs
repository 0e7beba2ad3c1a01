using System.Collections.Frozen;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>Which error is of which kind: first by its code, then by the status of the answer.</summary>
internal static class AwsErrorTable
{
    private static readonly FrozenDictionary<string, AwsErrorKind> Kinds = new (AwsErrorKind Kind, string[] Codes)[]
    {
        (AwsErrorKind.Passing, ["InternalFailure", "InternalServerError", "InternalError", "InternalFailureException", "RequestTimeout", "RequestTimeoutException",
            "ResourceInUseException", "PriorRequestNotComplete"]),
        (AwsErrorKind.Throttled, ["ServiceUnavailableException", "ServiceUnavailable", "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
            "RequestThrottledException", "TooManyRequestsException", "LimitExceededException", "RequestLimitExceeded", "BandwidthLimitExceeded", "OverLimit",
            "SlowDown", "ProvisionedThroughputExceededException", "KMSThrottlingException", "KmsThrottled"]),
        (AwsErrorKind.Content, ["InvalidArgumentException", "ValidationException", "SerializationException", "InvalidParameterValue", "InvalidMessageContents",
            "BatchRequestTooLong", "TooManyEntriesInBatchRequest", "BatchEntryIdsNotDistinct", "InvalidBatchEntryId", "RequestEntityTooLarge",
            "RequestTooLargeException", "MessageTooLong"]),
        (AwsErrorKind.Token, ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "UnrecognizedClientException", "InvalidClientTokenId",
            "InvalidAccessKeyId", "InvalidToken"]),
        (AwsErrorKind.Signature, ["InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture",
            "IncompleteSignature", "IncompleteSignatureException", "AuthFailure"]),
        (AwsErrorKind.Standing, ["AccessDenied", "AccessDeniedException", "NotAuthorized", "OptInRequired", "ResourceNotFoundException", "InvalidSourceException",
            "InvalidKMSResourceException", "KMSAccessDeniedException", "KMSDisabledException", "KMSInvalidStateException", "KMSNotFoundException", "KMSOptInRequired",
            "KmsAccessDenied", "KmsDisabled", "KmsInvalidKeyUsage", "KmsInvalidState", "KmsNotFound", "KmsOptInRequired", "MissingAuthenticationToken",
            "MissingAuthenticationTokenException", "QueueDoesNotExist", "NonExistentQueue", "UnknownOperationException", "UnsupportedOperation", "InvalidAction"]),
    }.SelectMany(static row => row.Codes.Select(code => KeyValuePair.Create(code, row.Kind))).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What an error asks for.</summary>
    /// <param name="status">Of the answer; 200 for the error of a single record.</param>
    /// <param name="code">As <see cref="AwsError.Code"/> has it; may be empty.</param>
    /// <param name="message">What the service says; may be empty.</param>
    public static AwsErrorKind KindOf(int status, string code, string message)
    {
        // A fault of the server is one whatever else is said: https://smithy.io/2.0/spec/http-bindings.html.
        var kind = Kinds.TryGetValue(code, out var known) && (status < 500 || known is AwsErrorKind.Throttled) ? known : KindOf(status);
        return kind is AwsErrorKind.Content && IsAboutTheStream(message) ? AwsErrorKind.Standing : kind;
    }

    private static AwsErrorKind KindOf(int status) => status switch
    {
        429 or 503 => AwsErrorKind.Throttled,
        200 or 408 or 425 or >= 500 => AwsErrorKind.Passing,
        413 => AwsErrorKind.Content,
        _ => AwsErrorKind.Standing,
    };

    // The same codes tell of a stream that cannot be written to; bisecting would set all its records aside one by one.
    private static bool IsAboutTheStream(string message) =>
        message.Contains("KinesisStreamAsSource", StringComparison.OrdinalIgnoreCase)
        || message.Contains("deliveryStreamName", StringComparison.OrdinalIgnoreCase)
        || message.Contains("streamName", StringComparison.OrdinalIgnoreCase)
        || message.Contains("QueueUrl", StringComparison.OrdinalIgnoreCase)
        || message.Contains("MessageGroupId", StringComparison.OrdinalIgnoreCase);
}
