namespace Keyway.Protocol.Resp;

/// <summary>One text for each <see cref="RespError"/>, for logs and error replies.</summary>
public static class RespErrorText
{
    /// <summary>The text of <paramref name="error"/>; empty for none.</summary>
    public static string Of(RespError error) => error switch
    {
        RespError.None => "",
        RespError.UnknownType => "unknown type byte",
        RespError.BadLength => "invalid length",
        RespError.BulkTooLong => "bulk too long",
        RespError.TooManyElements => "too many elements",
        RespError.BadLineEnd => "line does not end with CRLF",
        RespError.BadBulkEnd => "bulk does not end with CRLF",
        RespError.LineTooLong => "line too long",
        RespError.BadLine => "null or boolean of wrong length",
        RespError.TooDeep => "nested too deeply",
        RespError.Streamed => "streamed types are not supported",
        RespError.NestedPush => "push inside another value",
        _ => throw new ArgumentOutOfRangeException(nameof(error)),
    };
}
