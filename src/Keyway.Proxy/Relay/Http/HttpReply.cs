using System.Buffers.Text;
using Keyway.Net.Buffers;

namespace Keyway.Proxy.Relay.Http;

/// <summary>Answers of the HTTP listener.</summary>
internal sealed class HttpReply
{
    /// <summary>smart-relayer's text, which its clients compare.</summary>
    internal static ReadOnlySpan<byte> Success => "{\"status\": \"success\"}"u8;

    internal static ReadOnlySpan<byte> InvalidJson => "{\"status\": \"invalid_json\"}"u8;

    private const int DateLength = 29;

    private readonly byte[] _date = new byte[DateLength];
    private long _second = -1;

    /// <summary>Writes a whole answer.</summary>
    /// <param name="output">Where.</param>
    /// <param name="milliseconds">The time, since 1970.</param>
    /// <param name="status">The status code.</param>
    /// <param name="body">The body; text for people where the status is 404 or 405, else JSON.</param>
    /// <param name="connection">What becomes of the connection.</param>
    /// <param name="isHead">The body is only announced.</param>
    internal void Write(OutputBuffer output, long milliseconds, int status, ReadOnlySpan<byte> body, HttpPersistence connection, bool isHead)
    {
        output.Write("HTTP/1.1 "u8);
        output.Write(LineOf(status));
        output.Write("\r\nDate: "u8);
        output.Write(DateOf(milliseconds));
        output.Write(status is 404 or 405 ? "\r\nContent-Type: text/plain\r\nContent-Length: "u8 : "\r\nContent-Type: application/json\r\nContent-Length: "u8);
        Span<byte> digits = stackalloc byte[10];
        Utf8Formatter.TryFormat(body.Length, digits, out int length);
        output.Write(digits[..length]);
        output.Write(MoreOf(status));
        output.Write(connection switch
        {
            HttpPersistence.Close => "\r\nConnection: close\r\n\r\n"u8,
            HttpPersistence.KeepAlive => "\r\nConnection: keep-alive\r\n\r\n"u8,
            _ => "\r\n\r\n"u8,
        });
        if (!isHead)
        {
            output.Write(body);
        }
    }

    /// <summary>The body for a request that is refused.</summary>
    internal static ReadOnlySpan<byte> BodyOf(int status) => status switch
    {
        401 => "{\"status\": \"unauthorized\"}"u8,
        404 => "Not Found"u8,
        405 => "Method Not Allowed"u8,
        413 => "{\"status\": \"too_large\"}"u8,
        415 => "{\"status\": \"unsupported_encoding\"}"u8,
        431 => "{\"status\": \"headers_too_large\"}"u8,
        _ => "{\"status\": \"bad_request\"}"u8,
    };

    private static ReadOnlySpan<byte> LineOf(int status) => status switch
    {
        200 => "200 OK"u8,
        401 => "401 Unauthorized"u8,
        404 => "404 Not Found"u8,
        405 => "405 Method Not Allowed"u8,
        413 => "413 Content Too Large"u8,
        415 => "415 Unsupported Media Type"u8,
        417 => "417 Expectation Failed"u8,
        431 => "431 Request Header Fields Too Large"u8,
        501 => "501 Not Implemented"u8,
        503 => "503 Service Unavailable"u8,
        505 => "505 HTTP Version Not Supported"u8,
        _ => "400 Bad Request"u8,
    };

    private static ReadOnlySpan<byte> MoreOf(int status) => status switch
    {
        401 => "\r\nWWW-Authenticate: Bearer, Basic realm=\"keyway\""u8,
        405 => "\r\nAllow: GET, HEAD, POST"u8,
        503 => "\r\nRetry-After: 1"u8,
        _ => default,
    };

    private ReadOnlySpan<byte> DateOf(long milliseconds)
    {
        if (milliseconds / 1000 != _second)
        {
            _second = milliseconds / 1000;
            Utf8Formatter.TryFormat(DateTimeOffset.FromUnixTimeSeconds(_second), _date, out _, 'R');
        }

        return _date;
    }
}
