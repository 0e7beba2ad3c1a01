namespace Keyway.Protocol.Memcached;

/// <summary>What is wrong with a request. The connection goes on after each of them but <see cref="Http"/>.</summary>
public enum MemcachedError : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>An unknown command, or a wrong number of words.</summary>
    Syntax,

    /// <summary>A key that is too long, or a number that is none.</summary>
    BadLine,

    /// <summary>What follows the key of a <c>delete</c> is neither 0 nor <c>noreply</c>.</summary>
    BadDelete,

    /// <summary>The delta of <c>incr</c> or <c>decr</c> is no number.</summary>
    BadDelta,

    /// <summary>The time of <c>touch</c>, <c>gat</c> or <c>flush_all</c> is no number.</summary>
    BadExptime,

    /// <summary>The data block does not end with CRLF where its length says.</summary>
    BadData,

    /// <summary>The data block is longer than the limit; it is still to be skipped.</summary>
    TooLarge,

    /// <summary>More flags than memcached takes.</summary>
    TooManyFlags,

    /// <summary>The flag <c>q</c> more than once.</summary>
    DuplicateFlag,

    /// <summary>An HTTP request: whoever sent it did not mean memcached. It is closed without an answer.</summary>
    Http,
}
