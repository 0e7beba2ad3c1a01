using Keyway.Net.Buffers;
using Keyway.Protocol.Http;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Relay.Http;

/// <summary>A client of a relay that speaks HTTP/1.1. Its answers leave in the order of its requests, when their records are kept.</summary>
internal sealed partial class HttpClientConnection : ClientConnection
{
    /// <summary>Most bytes reserved for what a client has only announced; beyond, the buffer doubles as the bytes come.</summary>
    private const long MostReserved = 1L << 20;

    private readonly RelayProtocol _protocol;
    private int _searched; // bytes in which the head does not end
    private long _expected; // bytes of the request, once they are known
    private ChunkScan _chunks;
    private long _skip; // bytes of a body that nobody takes
    private bool _isContinued;

    internal HttpClientConnection(PoolState pool, RelayProtocol protocol)
        : base(pool) => _protocol = protocol;

    /// <inheritdoc/>
    internal override long HeldBytes => base.HeldBytes + (_waiting?.Text.Length ?? 0);

    /// <inheritdoc/>
    protected override int ExpectedLength => (int)Math.Min(_expected, Math.Max(MostReserved, 2L * UnfinishedLength));

    private HttpRequestHead Head => _protocol.Head;

    /// <inheritdoc/>
    protected override int OnBytes(ReadOnlySpan<byte> bytes)
    {
        if (!MayRead())
        {
            return 0;
        }

        int at = 0;
        while (at < bytes.Length && !IsReadPaused && !IsClosed)
        {
            int consumed;
            if (_skip > 0)
            {
                consumed = (int)Math.Min(_skip, bytes.Length - at);
                _skip -= consumed;
            }
            else
            {
                consumed = Next(bytes[at..]);
            }

            if (consumed == 0)
            {
                break;
            }

            at += consumed;
        }

        return IsClosed ? bytes.Length : at;
    }

    /// <inheritdoc/>
    protected override void WriteFailure(OutputBuffer reply, Failure failure) =>
        _protocol.Replies.Write(reply, Reactor.UnixMilliseconds, 503, AnswerBody.Of("unavailable", failure.Text), HttpPersistence.Default, isHead: false);

    /// <inheritdoc/>
    protected override void OnClosed(string reason)
    {
        LetGoOfPlace();
        base.OnClosed(reason);
    }

    /// <summary>Handles the request that the bytes begin with; 0 when it is not whole, or is to be offered again.</summary>
    private int Next(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < _expected)
        {
            return 0;
        }

        if (_searched == 0 && bytes.StartsWith("\r\n"u8))
        {
            return 2; // some clients send an empty line behind a body
        }

        int end = bytes[_searched..].IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            _searched = Math.Max(0, bytes.Length - 3);
            return bytes.Length > HttpRequestHead.MaxLength ? RefuseAndClose(431, bytes.Length) : 0;
        }

        ReadOnlySpan<byte> head = bytes[..(_searched + end + 4)];
        int status = head.Length > HttpRequestHead.MaxLength ? 431 : Head.Parse(head);
        if (status != 0)
        {
            return RefuseAndClose(status, bytes.Length);
        }

        if (_waiting is not null)
        {
            return Offer(_waiting) ? EndRequest((int)_expected) : 0; // its body was read when it came
        }

        HttpRoute route = RouteOf(Head.Path(head));
        status = RefusalOf(route, head);
        if (status != 0)
        {
            return Refuse(status, head.Length, bytes.Length);
        }

        status = TryFindBody(bytes, head.Length, out ReadOnlySpan<byte> body, out int length);
        if (status != 0)
        {
            return status < 0 ? 0 : RefuseAndClose(status, bytes.Length);
        }

        _expected = head.Length + length;
        return Take(route, body) ? EndRequest((int)_expected) : 0;
    }

    /// <summary>The request is answered, or its answer has its place; returns <paramref name="length"/>, its bytes.</summary>
    private int EndRequest(int length)
    {
        _searched = 0;
        _expected = 0;
        _chunks = default;
        _isContinued = false;
        Pool.Counters.Requests++;
        if (!Head.KeepsAlive)
        {
            CloseWhenAnswered();
        }

        return length;
    }

    /// <summary>The body; a status to refuse it with, or -1 if it is not whole.</summary>
    private int TryFindBody(ReadOnlySpan<byte> request, int headLength, out ReadOnlySpan<byte> body, out int length)
    {
        ReadOnlySpan<byte> bytes = request[headLength..];
        long limit = Pool.Config.Limits.HttpBody;
        body = default;
        length = (int)Math.Min(Math.Max(Head.ContentLength, 0), limit);
        if (Head.ContentLength > limit)
        {
            return 413;
        }

        if (Head.IsChunked)
        {
            ScanStatus scan = ChunkedBody.Scan(bytes, ref _chunks, limit, out length, out int status);
            if (scan != ScanStatus.Complete)
            {
                return scan == ScanStatus.Error ? status : AwaitBody(bytes.IsEmpty);
            }

            body = _protocol.Body.FromChunks(bytes[..length]);
        }
        else if (bytes.Length < length)
        {
            _expected = headLength + length;
            return AwaitBody(bytes.IsEmpty);
        }
        else
        {
            body = bytes[..length];
        }

        return Head.Coding == HttpCoding.Gzip ? _protocol.Body.Inflate(body, limit, out body) : 0;
    }

    /// <summary>The body is not whole. A client that asked whether to send it is told so, once.</summary>
    private int AwaitBody(bool hasNotBegun)
    {
        if (Head.ExpectsContinue && hasNotBegun && !_isContinued)
        {
            _isContinued = true;
            Write("HTTP/1.1 100 Continue\r\n\r\n"u8);
        }

        return -1;
    }

    private static HttpRoute RouteOf(ReadOnlySpan<byte> path) => path.Length switch
    {
        5 when path.SequenceEqual("/ping"u8) => HttpRoute.Ping,
        9 when path.SequenceEqual("/firehose"u8) => HttpRoute.Json,
        13 when path.SequenceEqual("/firehose-raw"u8) => HttpRoute.Raw,
        15 when path.SequenceEqual("/firehose-batch"u8) => HttpRoute.Lines,
        _ => HttpRoute.None,
    };

    /// <summary>What is wrong with the request before its body is looked at; 0 for nothing.</summary>
    private int RefusalOf(HttpRoute route, ReadOnlySpan<byte> head) => route switch
    {
        HttpRoute.None => 404,
        HttpRoute.Ping => Head.Verb is HttpVerb.Get or HttpVerb.Head ? 0 : 405,
        _ when Head.Verb != HttpVerb.Post => 405,
        _ when !HttpPassword.IsGiven(Head.Authorization(head), Pool.Config.Password) => 401,
        _ when Head.Coding == HttpCoding.Other => 415,
        _ => 0,
    };

    /// <summary>Refuses a request whose body is not wanted: it is skipped, or if that may take long the connection closed.</summary>
    private int Refuse(int status, int headLength, int available)
    {
        if (Head.IsChunked || Head.ExpectsContinue || Head.ContentLength > Pool.Config.Limits.HttpBody)
        {
            return RefuseAndClose(status, available);
        }

        Answer(status, HttpReply.BodyOf(status));
        _skip = Math.Max(0, Head.ContentLength);
        return EndRequest(headLength);
    }

    /// <summary>Nothing behind this request can be understood, or is worth waiting for.</summary>
    private int RefuseAndClose(int status, int available)
    {
        if (status is 400 or 431 or 501 or 505)
        {
            Pool.Counters.ClientsMalformed++;
        }

        OutputBuffer reply = BeginReply(out Request? place);
        _protocol.Replies.Write(reply, Reactor.UnixMilliseconds, status, HttpReply.BodyOf(status), HttpPersistence.Close, isHead: false);
        EndReply(place);
        CloseWhenAnswered();
        return available;
    }

    /// <summary>Answers at once, in the order of the requests.</summary>
    private void Answer(int status, ReadOnlySpan<byte> body)
    {
        OutputBuffer reply = BeginReply(out Request? place);
        WriteAnswer(reply, status, body);
        EndReply(place);
    }

    private void WriteAnswer(OutputBuffer output, int status, ReadOnlySpan<byte> body) =>
        _protocol.Replies.Write(output, Reactor.UnixMilliseconds, status, body, PersistenceOf(Head), Head.Verb == HttpVerb.Head);

    private static HttpPersistence PersistenceOf(HttpRequestHead head) =>
        !head.KeepsAlive ? HttpPersistence.Close : head.IsVersion11 ? HttpPersistence.Default : HttpPersistence.KeepAlive;

    private void Write(ReadOnlySpan<byte> bytes)
    {
        OutputBuffer reply = BeginReply(out Request? place);
        reply.Write(bytes);
        EndReply(place);
    }
}
