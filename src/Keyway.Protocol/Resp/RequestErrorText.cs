namespace Keyway.Protocol.Resp;

/// <summary>The text of the error reply for each <see cref="RequestError"/>; where Redis has the error, its exact text.</summary>
public static class RequestErrorText
{
    /// <summary>Longest text in bytes.</summary>
    public const int MaxLength = 64;

    /// <summary>The text behind <c>-ERR </c>. Empty: no reply is sent (<see cref="RequestError.Http"/>).</summary>
    /// <remarks>For <see cref="RequestError.ExpectedDollar"/> without the byte and quote that follow: see <see cref="Write"/>.</remarks>
    public static ReadOnlySpan<byte> Of(RequestError error) => error switch
    {
        RequestError.None or RequestError.Http => default,
        RequestError.InvalidMultibulkLength => "Protocol error: invalid multibulk length"u8,
        RequestError.InvalidBulkLength => "Protocol error: invalid bulk length"u8,
        RequestError.ExpectedDollar => "Protocol error: expected '$', got '"u8,
        RequestError.TooBigMultibulkCount => "Protocol error: too big mbulk count string"u8,
        RequestError.TooBigBulkCount => "Protocol error: too big bulk count string"u8,
        RequestError.TooBigInline => "Protocol error: too big inline request"u8,
        RequestError.UnbalancedQuotes => "Protocol error: unbalanced quotes in request"u8,
        RequestError.MissingBulkEnd => "Protocol error: expected CRLF after bulk"u8,
        RequestError.ZeroByteInline => "Protocol error: zero byte in inline request"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(error)),
    };

    /// <summary>Writes the whole text, with the offending byte where there is one (CR and LF as a blank, as Redis shows them).</summary>
    /// <returns>The number of bytes written, at most <see cref="MaxLength"/>.</returns>
    public static int Write(Span<byte> target, RequestError error, byte offending)
    {
        ReadOnlySpan<byte> text = Of(error);
        text.CopyTo(target);
        if (error != RequestError.ExpectedDollar)
        {
            return text.Length;
        }

        target[text.Length] = offending is (byte)'\r' or (byte)'\n' ? (byte)' ' : offending;
        target[text.Length + 1] = (byte)'\'';
        return text.Length + 2;
    }
}
