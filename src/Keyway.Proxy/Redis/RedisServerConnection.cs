using Keyway.Net.Buffers;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Cluster;
using Keyway.Proxy.Compression;
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
    private readonly OutputBuffer _aside; // a handshake's answer or a push, as far as it has come
    private readonly ReplyDecompressor? _decompressor; // null in pools that do not compress
    private readonly OutputBuffer? _decompressed;
    private RespFrameScanner _scanner;
    private bool _isPush;

    /// <summary>The client that has this connection for itself: what comes unasked is for it.</summary>
    internal RedisClient? Owner { get; set; }

    /// <summary>Takes the invalidations that the server redirects to this connection.</summary>
    internal TrackingRedirect? Redirect { get; set; }

    internal RedisServerConnection(ServerState server, Lane lane, ReplyDecompressor? decompressor)
        : base(server)
    {
        _handshake = new Handshake(server.Pool.Config, lane);
        _limits = new RespLimits(long.MaxValue, int.MaxValue, server.Pool.Config.Limits.MaxDepth);
        _aside = new OutputBuffer(Reactor.Buffers);
        _decompressor = decompressor;
        _decompressed = decompressor is null ? null : new OutputBuffer(Reactor.Buffers);
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
            if (Owner is { IsMonitor: true } && !_scanner.IsMidFrame && !IsAsked)
            {
                PassLines(Owner, rest);
                break;
            }

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
        _aside.Clear();
        _decompressor?.Reset();
        _decompressed?.Clear();
        Owner?.OnDedicatedLost();
        Redirect?.OnLost();
    }

    private bool BeginReply(byte type)
    {
        // Pushes answer nothing, nor do the lines of MONITOR. Shared connections ask for none; what comes unasked (an invalidation, say) concerns nobody.
        _isPush = type == '>' || (Owner is not null && !IsAsked && !_handshake.IsOpen);
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
            OnPush(piece, isLast);
            return;
        }

        if (_handshake.IsOpen)
        {
            _aside.Write(piece);
            if (isLast)
            {
                OnHandshakeAnswer();
            }

            return;
        }

        if (_decompressor is null || Head!.Command is not { RepliesValues: true })
        {
            DeliverPiece(piece, isLast);
            return;
        }

        Decompress(_decompressor, _decompressed!, piece, isLast);
    }

    private void Decompress(ReplyDecompressor decompressor, OutputBuffer decompressed, ReadOnlySpan<byte> piece, bool isLast)
    {
        while (!piece.IsEmpty && !IsClosed)
        {
            if (Head is { Client: null, Sink: null })
            {
                // Nobody waits for it any more: a client that it became too much for, say.
                decompressor.Reset();
                DeliverPiece(piece, isLast);
                return;
            }

            piece = piece[decompressor.Push(piece, decompressed)..];
            DeliverDecompressed(decompressed, isLast && piece.IsEmpty);
        }
    }

    private void DeliverDecompressed(OutputBuffer decompressed, bool isLast)
    {
        while (!decompressed.IsEmpty)
        {
            ReadOnlySpan<byte> piece = decompressed.FirstSpan;
            DeliverPiece(piece, isLast && piece.Length == decompressed.Length);
            if (IsClosed)
            {
                // Whom it was for found it impossible, and closed this connection, which emptied the buffer.
                return;
            }

            decompressed.Consume(piece.Length);
        }
    }

    /// <summary>Whole, since the client may be given a reply next that comes from elsewhere.</summary>
    private void OnPush(ReadOnlySpan<byte> piece, bool isLast)
    {
        if (Owner is null && Redirect is null)
        {
            return;
        }

        _aside.Write(piece);
        if (isLast && Owner is { } owner)
        {
            PushPartial(owner);
        }
        else if (isLast)
        {
            byte[] push = new byte[_aside.Length];
            _aside.CopyTo(push);
            _aside.Clear();
            Redirect!.OnPush(push);
        }
    }

    /// <summary>The lines of MONITOR can be longer than any line of a reply. They have no line breaks within.</summary>
    private void PassLines(RedisClient owner, ReadOnlySpan<byte> bytes)
    {
        int end = bytes.LastIndexOf((byte)'\n') + 1;
        _aside.Write(bytes[..end]);
        if (end > 0)
        {
            PushPartial(owner);
        }

        if (!IsClosed)
        {
            _aside.Write(bytes[end..]);
        }
    }

    private void PushPartial(RedisClient owner)
    {
        while (!_aside.IsEmpty)
        {
            ReadOnlySpan<byte> part = _aside.FirstSpan;
            owner.Push(part);
            if (IsClosed)
            {
                // The client takes too little, and was closed with this connection, which emptied the buffer.
                return;
            }

            _aside.Consume(part.Length);
        }
    }

    /// <inheritdoc/>
    protected override bool TakesBack(Request request, OutputBuffer partial, ReadOnlySpan<byte> piece)
    {
        ClusterState cluster = Server.Pool.Cluster!;
        byte type = partial.IsEmpty ? piece[0] : partial.FirstSpan[0];
        return (type == '-' && !request.IsStreaming && cluster.TryHandle(request, Server, Whole(partial, piece))) || cluster.IsTooEarly(request);
    }

    private static ReadOnlySpan<byte> Whole(OutputBuffer partial, ReadOnlySpan<byte> piece)
    {
        if (partial.IsEmpty)
        {
            return piece;
        }

        byte[] whole = new byte[partial.Length + piece.Length];
        partial.CopyTo(whole);
        piece.CopyTo(whole.AsSpan((int)partial.Length));
        return whole;
    }

    private void OnHandshakeAnswer()
    {
        string? refusal = _handshake.Answer(_aside.FirstSpan);
        _aside.Clear();
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
