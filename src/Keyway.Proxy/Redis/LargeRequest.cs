using Keyway.Net.Buffers;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;

namespace Keyway.Proxy.Redis;

/// <summary>
/// A request with a large argument on its way: its bytes are passed on as they come, on a connection of its own, so that it neither has to
/// fit in a buffer nor delays the small requests of others.
/// </summary>
internal sealed class LargeRequest
{
    private readonly RedisServerConnection _connection;
    private readonly Request _request;
    private readonly RespLimits _limits;
    private RespFrameScanner _scanner;
    private int _argsLeft;

    /// <param name="connection">A private connection, which closes when the request is answered.</param>
    /// <param name="request">The request, queued on the connection.</param>
    /// <param name="state">What the scan knows: a bulk is pending.</param>
    /// <param name="limits">Limits of the arguments that follow.</param>
    internal LargeRequest(RedisServerConnection connection, Request request, in RequestScanState state, in RespLimits limits)
    {
        _connection = connection;
        _request = request;
        _limits = limits;
        _argsLeft = state.TotalArgs - state.CompleteArgs;

        // The scanner is put where the request scan stands: behind the header of the large argument.
        Span<byte> header = stackalloc byte[RespWriter.MaxHeader];
        _ = _scanner.Scan(header[..RespWriter.WriteBulkHeader(header, state.PendingBulk)], _limits, out _);
    }

    /// <summary>True when the last byte has been passed on.</summary>
    internal bool IsWhole => _argsLeft == 0;

    /// <summary>The connection that it goes through.</summary>
    internal RedisServerConnection Connection => _connection;

    /// <summary>Passes on what belongs to the request; when its server has gone, the bytes are swallowed.</summary>
    /// <param name="bytes">What the client sent.</param>
    /// <param name="consumed">How much of it belongs to the request and is done with.</param>
    /// <returns>False when the client broke the protocol.</returns>
    internal bool Pass(ReadOnlySpan<byte> bytes, out int consumed)
    {
        consumed = 0;
        while (_argsLeft > 0 && consumed < bytes.Length)
        {
            ReadOnlySpan<byte> rest = bytes[consumed..];
            if (!_scanner.IsMidFrame)
            {
                // An argument is a bulk string and not null: two bytes tell.
                if (rest[0] != '$' || (rest.Length > 1 && !char.IsAsciiDigit((char)rest[1])))
                {
                    return false;
                }

                if (rest.Length == 1)
                {
                    break;
                }
            }

            ScanStatus status = _scanner.Scan(rest, _limits, out int length);
            if (status == ScanStatus.Error)
            {
                return false;
            }

            consumed += length;
            _argsLeft -= status == ScanStatus.Complete ? 1 : 0;
        }

        PassOn(bytes[..consumed]);
        if (_argsLeft == 0)
        {
            _connection.EndLarge();
        }

        return true;
    }

    /// <summary>The client has gone or broke the protocol: the server must not take what came so far for a request.</summary>
    internal void Abort() => _connection.Close("the client ended within a large request");

    private void PassOn(ReadOnlySpan<byte> bytes)
    {
        if (!_connection.IsClosed && !bytes.IsEmpty)
        {
            _connection.Continue(_request).Write(bytes);
        }
    }
}
