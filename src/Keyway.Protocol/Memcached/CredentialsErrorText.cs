namespace Keyway.Protocol.Memcached;

/// <summary>The answer for each <see cref="CredentialsError"/>, in memcached's words.</summary>
public static class CredentialsErrorText
{
    /// <summary>The whole line with its CRLF.</summary>
    public static ReadOnlySpan<byte> Of(CredentialsError error) => error switch
    {
        CredentialsError.None => "STORED\r\n"u8,
        CredentialsError.Missing => "CLIENT_ERROR unauthenticated\r\n"u8,
        CredentialsError.BadEnd => "CLIENT_ERROR bad command line termination\r\n"u8,
        CredentialsError.BadFormat => "CLIENT_ERROR bad authentication token format\r\n"u8,
        CredentialsError.Refused => "CLIENT_ERROR authentication failure\r\n"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(error)),
    };
}
