using Keyway.Net.Buffers;
using Keyway.Protocol.Memcached;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Memcached;

/// <summary>A client of a memcached pool: reads its requests and sends each on its way (see the files of this class by aspect).</summary>
internal sealed partial class MemcachedClient : ClientConnection
{
    /// <summary>Most bytes reserved for what a client has only announced; beyond, the buffer doubles as the bytes come.</summary>
    private const long MostReserved = 1L << 20;

    /// <summary>What a request of the binary protocol begins with. It is not served: whoever speaks it would not understand a line of text.</summary>
    private const byte BinaryMagic = 0x80;

    private readonly MemcachedProtocol _protocol;
    private readonly bool _isSharded;
    private MemcachedScanState _scan;
    private long _skip; // bytes of a data block that nobody takes
    private Failure? _skipFailure; // what to answer when they are skipped; null: that it was too large
    private bool _isSkipSilent;
    private bool _isText; // its first byte was not that of the binary protocol

    internal MemcachedClient(PoolState pool, MemcachedProtocol protocol)
        : base(pool)
    {
        _protocol = protocol;
        _isSharded = pool.Servers.Length > 1;
        _isAuthenticated = pool.Config.Password is null;
    }

    /// <inheritdoc/>
    protected override int ExpectedLength => (int)Math.Min(_scan.ExpectedLength, Math.Max(MostReserved, 2L * UnfinishedLength));

    /// <inheritdoc/>
    protected override int OnBytes(ReadOnlySpan<byte> bytes)
    {
        if (!MayRead())
        {
            return 0;
        }

        if (!_isText && !bytes.IsEmpty)
        {
            if (bytes[0] == BinaryMagic)
            {
                CloseMalformed();
                return bytes.Length;
            }

            _isText = true;
        }

        int at = 0;
        bool isWhole = true;
        while (isWhole && at < bytes.Length && !IsReadPaused && !IsClosed)
        {
            ReadOnlySpan<byte> rest = bytes[at..];
            if (_skip > 0)
            {
                at += Skip(rest.Length);
            }
            else if (_large is not null)
            {
                at += PassLarge(rest);
            }
            else if (!_isAuthenticated)
            {
                isWhole = Authenticate(rest, out int consumed);
                at += consumed;
            }
            else
            {
                isWhole = Next(rest, out int consumed);
                at += consumed;
            }
        }

        return IsClosed ? bytes.Length : at;
    }

    /// <inheritdoc/>
    protected override void WriteFailure(OutputBuffer reply, Failure failure) => reply.WriteFailure(failure);

    /// <inheritdoc/>
    protected override void WriteFailure(OutputBuffer reply, Request request, Failure failure)
    {
        if (request.Expected != (byte)MemcachedAnswer.Silent)
        {
            reply.WriteFailure(failure);
        }
    }

    /// <summary>Handles the request that the bytes begin with; false when it is not whole, or has to wait.</summary>
    private bool Next(ReadOnlySpan<byte> bytes, out int consumed)
    {
        consumed = TakeRun(bytes);
        if (consumed > 0)
        {
            return true;
        }

        MemcachedRequest request = _protocol.Request;
        ScanStatus status = MemcachedRequestScanner.Scan(bytes, ref _scan, request, Pool.Config.Limits.MaxBulk, out consumed);
        if (status == ScanStatus.Complete)
        {
            if (Pool.Smart is null)
            {
                Handle(bytes[..consumed], request);
            }
            else if (!HandleSmart(Pool.Smart, bytes[..consumed], request))
            {
                consumed = 0;
                return false;
            }

            Pool.Counters.Requests++;
            return true;
        }

        if (status == ScanStatus.NeedMore)
        {
            return OnUnfinished(bytes, request, out consumed);
        }

        consumed = bytes.Length;
        CloseMalformed();
        return false;
    }

    private void Handle(ReadOnlySpan<byte> frame, MemcachedRequest request)
    {
        if (request.Error != MemcachedError.None)
        {
            OnWrong(frame, request);
            return;
        }

        MemcachedCommand command = request.Command!;
        switch (command.Action)
        {
            case MemcachedAction.Get:
            case MemcachedAction.GetAndTouch:
                RouteGet(frame, request);
                break;
            case MemcachedAction.FlushAll:
            case MemcachedAction.Stats:
            case MemcachedAction.Version:
            case MemcachedAction.Verbosity:
            case MemcachedAction.MetaNoOp:
            case MemcachedAction.Quit:
            case MemcachedAction.Shutdown:
            case MemcachedAction.Admin:
                AnswerLocally(frame, request);
                break;
            default:
                Forward(ServerOf(KeyOf(frame, request)), frame, request);
                break;
        }
    }

    private void OnWrong(ReadOnlySpan<byte> frame, MemcachedRequest request)
    {
        if (request.Error == MemcachedError.Http)
        {
            CloseMalformed();
        }
        else if (request.Error == MemcachedError.TooLarge)
        {
            DropOldItem(frame, request);
            BeginSkip(request, null);
        }
        else if (!request.IsSilent)
        {
            Reply(MemcachedErrorText.Of(request.Error, request.Command?.Action ?? default));
        }
    }

    /// <summary>The data block of the request is not to be taken; the answer follows it.</summary>
    private void BeginSkip(MemcachedRequest request, Failure? failure)
    {
        _skip = request.DataLength + 2;
        _skipFailure = failure;
        _isSkipSilent = request.IsSilent;
    }

    private int Skip(int length)
    {
        int count = (int)Math.Min(_skip, length);
        _skip -= count;
        if (_skip > 0)
        {
            return count;
        }

        if (_skipFailure is not null)
        {
            FailRequest(_skipFailure, _isSkipSilent);
        }
        else if (!_isSkipSilent)
        {
            Reply(MemcachedErrorText.Of(MemcachedError.TooLarge, default));
        }

        return count;
    }

    private void CloseMalformed()
    {
        Pool.Counters.ClientsMalformed++;
        CloseWhenAnswered();
    }

    private void FailRequest(Failure failure, bool isSilent)
    {
        Pool.Counters.Count(failure.Kind);
        if (!isSilent)
        {
            OutputBuffer reply = BeginReply(out Request? place);
            reply.WriteFailure(failure);
            EndReply(place);
        }
    }

    private void Reply(ReadOnlySpan<byte> bytes)
    {
        OutputBuffer reply = BeginReply(out Request? place);
        reply.Write(bytes);
        EndReply(place);
    }
}
