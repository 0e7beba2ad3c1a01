namespace Keyway.Protocol.Resp;

/// <summary>Why bytes of a server are no RESP value; texts in <see cref="RespErrorText"/>.</summary>
public enum RespError : byte
{
    /// <summary>No error.</summary>
    None,

    /// <summary>The first byte of a value is no known type.</summary>
    UnknownType,

    /// <summary>A length is not a minimal decimal number.</summary>
    BadLength,

    /// <summary>A bulk is longer than <see cref="RespLimits.MaxBulk"/>.</summary>
    BulkTooLong,

    /// <summary>An aggregate has more than 2,147,483,647 elements.</summary>
    TooManyElements,

    /// <summary>CR or LF without the other.</summary>
    BadLineEnd,

    /// <summary>A bulk's bytes are not followed by CRLF.</summary>
    BadBulkEnd,

    /// <summary>A line is longer than <see cref="RespLimits.MaxLine"/>.</summary>
    LineTooLong,

    /// <summary>A null or boolean whose line has the wrong length.</summary>
    BadLine,

    /// <summary>Nested deeper than <see cref="RespLimits.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>A streamed string or aggregate; no server sends them.</summary>
    Streamed,

    /// <summary>A push inside another value.</summary>
    NestedPush,
}
