namespace Keyway.Protocol.Resp;

/// <summary>The first byte of a value, https://redis.io/docs/latest/develop/reference/protocol-spec/.</summary>
public enum RespType : byte
{
    /// <summary>Nothing was read yet.</summary>
    None = 0,

    /// <summary><c>+</c></summary>
    SimpleString = (byte)'+',

    /// <summary><c>-</c></summary>
    SimpleError = (byte)'-',

    /// <summary><c>:</c></summary>
    Integer = (byte)':',

    /// <summary><c>$</c></summary>
    BulkString = (byte)'$',

    /// <summary><c>*</c></summary>
    Array = (byte)'*',

    /// <summary><c>_</c></summary>
    Null = (byte)'_',

    /// <summary><c>#</c></summary>
    Boolean = (byte)'#',

    /// <summary><c>,</c></summary>
    Double = (byte)',',

    /// <summary><c>(</c></summary>
    BigNumber = (byte)'(',

    /// <summary><c>!</c></summary>
    BulkError = (byte)'!',

    /// <summary><c>=</c></summary>
    VerbatimString = (byte)'=',

    /// <summary><c>%</c></summary>
    Map = (byte)'%',

    /// <summary><c>~</c></summary>
    Set = (byte)'~',

    /// <summary><c>></c></summary>
    Push = (byte)'>',

    /// <summary><c>|</c>: facts about the value that follows.</summary>
    Attribute = (byte)'|',
}
