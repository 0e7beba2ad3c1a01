namespace Keyway.Protocol.Resp;

/// <summary>Why a client's bytes are no request; texts in <see cref="RequestErrorText"/>. Names follow Redis's messages.</summary>
public enum RequestError : byte
{
    /// <summary>No error.</summary>
    None,

    /// <summary>The number of arguments is no canonical number, or above <see cref="RespLimits.MaxArgs"/>.</summary>
    InvalidMultibulkLength,

    /// <summary>The length of an argument is no canonical number of 0 or more, or above <see cref="RespLimits.MaxBulk"/>.</summary>
    InvalidBulkLength,

    /// <summary>An argument does not begin with <c>$</c>; <see cref="RequestScanState.OffendingByte"/> is what came.</summary>
    ExpectedDollar,

    /// <summary>The line with the number of arguments does not end.</summary>
    TooBigMultibulkCount,

    /// <summary>The line with the length of an argument does not end.</summary>
    TooBigBulkCount,

    /// <summary>An inline request is longer than <see cref="RespLimits.MaxLine"/>.</summary>
    TooBigInline,

    /// <summary>An inline request with an open quote, or with something stuck to a closing one.</summary>
    UnbalancedQuotes,

    /// <summary>An argument is not followed by CRLF. Redis skips two bytes unseen; a proxy must not.</summary>
    MissingBulkEnd,

    /// <summary>An inline request with a zero byte, on which Redis waits for ever.</summary>
    ZeroByteInline,

    /// <summary>An HTTP request (<c>POST</c> or <c>Host:</c>): somebody tricks a browser into talking to us. Closed without an answer, as Redis does.</summary>
    Http,
}
