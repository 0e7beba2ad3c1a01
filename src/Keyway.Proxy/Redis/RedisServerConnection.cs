using Keyway.Net.Buffers;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <summary>
/// The server's side of a Redis pool: finds the end of each reply.
/// </summary>
internal sealed class RedisServerConnection : ServerConnection
{
    private readonly Handshake _handshake;
    private readonly RespLimits _limits;
    private readonly OutputBuffer _handshakeAnswer;
    private RespFrameScanner _scanner;
    private bool _isPush;

    internal RedisServerConnection(ServerState server, Lane lane)
        : base(server)
    {
        _handshake = new Handshake(server.Pool.Config, lane);
        _limits = new RespLimits(long.MaxValue, int.MaxValue, server.Pool.Config.Limits.MaxDepth);
        _handshakeAnswer = new OutputBuffer(Reactor.Buffers);
    }

    /// <inheritdoc/>
    protected override bool IsMidReply => _scanner.IsMidFrame;

    /// <inheritdoc/>
    protected override void OnConnected()
    {
        _handshake.Begin(Out);
        if (_handshake.IsOpen)
        {
            QueueFlush();
        }
        else
        {
            BecomeReady();
        }
    }

    /// <inheritdoc/>
    protected override int OnBytes(ReadOnlySpan<byte> bytes)
    {
        MarkAlive();
        ReadOnlySpan<byte> rest = bytes;
        while (!rest.IsEmpty)
        {
            if (!_scanner.IsMidFrame && !BeginReply(rest[0]))
            {
                break;
            }

            ScanStatus status = _scanner.Scan(rest, _limits, out int consumed);
            if (status == ScanStatus.Error)
            {
                Close($"malformed reply: {RespErrorText.Of(_scanner.Error)}");
                break;
            }

            OnPiece(rest[..consumed], status == ScanStatus.Complete);
            if (IsClosed)
            {
                break;
            }

            rest = rest[consumed..];
        }

        AfterReplies();
        return bytes.Length;
    }

    /// <inheritdoc/>
    protected override void OnClosed(string reason)
    {
        base.OnClosed(reason);
        _handshakeAnswer.Clear();
    }

    private bool BeginReply(byte type)
    {
        // Pushes answer nothing. Shared connections ask for none; what comes unasked (an invalidation, say) concerns nobody.
        _isPush = type == '>';
        if (_isPush || IsAsked || _handshake.IsOpen)
        {
            return true;
        }

        Close("a reply came that nobody asked for");
        return false;
    }

    private void OnPiece(ReadOnlySpan<byte> piece, bool isLast)
    {
        if (_isPush)
        {
            return;
        }

        if (_handshake.IsOpen)
        {
            _handshakeAnswer.Write(piece);
            if (isLast)
            {
                OnHandshakeAnswer();
            }

            return;
        }

        DeliverPiece(piece, isLast);
    }

    /// <inheritdoc/>
    protected override bool TakesBack(Request request, OutputBuffer partial, ReadOnlySpan<byte> piece)
    {
        byte type = partial.IsEmpty ? piece[0] : partial.FirstSpan[0];
        if (type != '-' || request.Resend!.Owner is null)
        {
            return false;
        }

        if (partial.IsEmpty)
        {
            return Server.Pool.Cluster!.TryHandle(request, Server, piece);
        }

        byte[] whole = new byte[partial.Length + piece.Length];
        partial.CopyTo(whole);
        piece.CopyTo(whole.AsSpan((int)partial.Length));
        return Server.Pool.Cluster!.TryHandle(request, Server, whole);
    }

    private void OnHandshakeAnswer()
    {
        string? refusal = _handshake.Answer(_handshakeAnswer.FirstSpan);
        _handshakeAnswer.Clear();
        if (refusal is not null)
        {
            Refusal = refusal;
            Close(refusal);
        }
        else if (!_handshake.IsOpen)
        {
            BecomeReady();
        }
    }

    /// <inheritdoc/>
    internal override bool WasRefused => Refusal is not null;

    /// <summary>What the server said to AUTH, HELLO or SELECT, if it refused them.</summary>
    internal string? Refusal { get; private set; }
}
