using Keyway.Net.Buffers;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Cluster;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <summary>
/// The server's side of a Redis pool: finds the end of each reply and gives it to the request at the head of the queue. A small reply is given
/// whole, so that a lost connection leaves no half of it with a client; a large one is passed on as it comes.
/// </summary>
internal sealed class RedisServerConnection : ServerConnection
{
    /// <summary>Bytes of an unfinished reply that are held back; longer ones are streamed.</summary>
    private const int StreamThreshold = 64 * 1024;

    private readonly Handshake _handshake;
    private readonly RespLimits _limits;
    private readonly OutputBuffer _partial;
    private RespFrameScanner _scanner;
    private bool _isPush;

    internal RedisServerConnection(ServerState server, Lane lane)
        : base(server)
    {
        _handshake = new Handshake(server.Pool.Config, lane);
        _limits = new RespLimits(long.MaxValue, int.MaxValue, server.Pool.Config.Limits.MaxDepth);
        _partial = new OutputBuffer(Reactor.Buffers);
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
        _partial.Clear();
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
            _partial.Write(piece);
            if (isLast)
            {
                OnHandshakeAnswer();
            }

            return;
        }

        if (isLast)
        {
            DeliverLast(piece);
        }
        else if (Head!.IsStreaming)
        {
            Deliver(Head, piece, isLast: false);
        }
        else
        {
            _partial.Write(piece);
            if (_partial.Length > StreamThreshold)
            {
                DeliverPartial(Head, isLast: false);
            }
        }
    }

    private void DeliverLast(ReadOnlySpan<byte> piece)
    {
        Request request = Dequeue();
        try
        {
            if (request.Resend?.Owner is null || !IsHandledByCluster(request, piece))
            {
                DeliverEnd(request, piece);
            }

            _partial.Clear();
        }
        catch
        {
            // A defect of ours, and it costs this connection; but whoever waits for the reply must not wait for ever.
            FailOne(request, Failure.UnexpectedReply(Server.Label, request.Command?.DisplayName ?? "a request"));
            throw;
        }
        finally
        {
            Server.Pool.Requests.Release(request);
        }
    }

    private void DeliverEnd(Request request, ReadOnlySpan<byte> piece)
    {
        if (_partial.IsEmpty)
        {
            Deliver(request, piece, isLast: true);
        }
        else
        {
            _partial.Write(piece);
            DeliverPartial(request, isLast: true);
        }
    }

    /// <summary>True for an error that sends the request on its way again.</summary>
    private bool IsHandledByCluster(Request request, ReadOnlySpan<byte> piece)
    {
        ClusterState cluster = Server.Pool.Cluster!;
        byte type = _partial.IsEmpty ? piece[0] : _partial.FirstSpan[0];
        if (type != '-' || request.IsStreaming)
        {
            cluster.OnAnswered(request);
            return false;
        }

        ReadOnlySpan<byte> reply = piece;
        if (!_partial.IsEmpty)
        {
            byte[] whole = new byte[_partial.Length + piece.Length];
            _partial.CopyTo(whole);
            piece.CopyTo(whole.AsSpan((int)_partial.Length));
            reply = whole;
        }

        if (cluster.TryHandle(request, Server, reply))
        {
            return true;
        }

        cluster.OnAnswered(request);
        return false;
    }

    private static void Deliver(Request request, ReadOnlySpan<byte> piece, bool isLast)
    {
        if (request.Client is { } client)
        {
            client.Deliver(request, piece, isLast);
        }
        else
        {
            request.Sink?.OnReply(request, piece, isLast);
        }
    }

    private void DeliverPartial(Request request, bool isLast)
    {
        if (request.Client is { } client)
        {
            client.Deliver(request, _partial, isLast);
            return;
        }

        while (!_partial.IsEmpty)
        {
            ReadOnlySpan<byte> piece = _partial.FirstSpan;
            request.Sink?.OnReply(request, piece, isLast && piece.Length == _partial.Length);
            if (IsClosed)
            {
                // The sink found the reply impossible and closed this connection, which emptied the buffer.
                return;
            }

            _partial.Consume(piece.Length);
        }
    }

    private void OnHandshakeAnswer()
    {
        string? refusal = _handshake.Answer(_partial.FirstSpan);
        _partial.Clear();
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
