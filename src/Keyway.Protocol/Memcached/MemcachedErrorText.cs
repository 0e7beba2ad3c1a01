namespace Keyway.Protocol.Memcached;

/// <summary>The reply line for each <see cref="MemcachedError"/>, in the words of memcached 1.6.18.</summary>
public static class MemcachedErrorText
{
    /// <summary>The whole line with its CRLF; empty for <see cref="MemcachedError.None"/> and <see cref="MemcachedError.Http"/>.</summary>
    /// <param name="error">What is wrong.</param>
    /// <param name="action">With which kind of command: some have words of their own.</param>
    public static ReadOnlySpan<byte> Of(MemcachedError error, MemcachedAction action) => error switch
    {
        MemcachedError.None or MemcachedError.Http => default,
        MemcachedError.Syntax => "ERROR\r\n"u8,
        MemcachedError.BadLine => "CLIENT_ERROR bad command line format\r\n"u8,
        MemcachedError.BadDelete => "CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]\r\n"u8,
        MemcachedError.BadDelta => "CLIENT_ERROR invalid numeric delta argument\r\n"u8,
        MemcachedError.BadExptime => "CLIENT_ERROR invalid exptime argument\r\n"u8,
        MemcachedError.BadData => "CLIENT_ERROR bad data chunk\r\n"u8,
        MemcachedError.TooLarge => "SERVER_ERROR object too large for cache\r\n"u8,
        MemcachedError.TooManyFlags => "CLIENT_ERROR options flags too long\r\n"u8,
        MemcachedError.DuplicateFlag => action is MemcachedAction.MetaDelete or MemcachedAction.MetaArithmetic
            ? "CLIENT_ERROR invalid or duplicate flag\r\n"u8
            : "CLIENT_ERROR duplicate flag\r\n"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(error)),
    };
}
