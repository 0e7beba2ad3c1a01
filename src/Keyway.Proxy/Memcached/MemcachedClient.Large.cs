using Keyway.Net.Buffers;
using Keyway.Protocol.Memcached;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Memcached;

/// <content>Values that stream through a connection of their own, and those that are not taken at all.</content>
internal sealed partial class MemcachedClient
{
    /// <summary>A value from this length on streams; memcached takes longer ones only when started with <c>-I</c>.</summary>
    private const long StreamFrom = 1L << 20;

    private LargeValue? _large;
    private bool _isBarred; // the question behind the silent requests has been asked

    /// <inheritdoc/>
    protected override void OnClosed(string reason)
    {
        if (_large is { IsWhole: false })
        {
            _large.Abort();
        }

        _large = null;
        base.OnClosed(reason);
    }

    /// <inheritdoc/>
    protected override void OnEndOfStream()
    {
        if (_large is null)
        {
            base.OnEndOfStream();
        }
        else
        {
            Close("connection closed by peer");
        }
    }

    /// <summary>A request is not whole; a large one is passed on in pieces, or refused. True when there is more to be done now.</summary>
    private bool OnUnfinished(ReadOnlySpan<byte> bytes, MemcachedRequest request, out int consumed)
    {
        consumed = 0;
        if (_scan.PendingData >= StreamFrom)
        {
            MemcachedRequestScanner.ReadLine(bytes, _scan, request);
            return BeginLarge(bytes, request, out consumed);
        }

        if (Math.Max(bytes.Length, _scan.ExpectedLength) > Pool.Config.Limits.ClientRequest)
        {
            FailRequest(new Failure(FailureKind.OutOfBuffers, "request is larger than limits.client_request"), isSilent: false);
            CloseWhenAnswered();
            consumed = bytes.Length;
        }

        return false;
    }

    private bool BeginLarge(ReadOnlySpan<byte> bytes, MemcachedRequest request, out int consumed)
    {
        consumed = 0;
        ServerState? server = ServerOf(KeyOf(bytes, request));
        if (MustWaitForWrites(replied: true) || !MayChangeConnection(server))
        {
            return false;
        }

        Pool.Counters.Requests++;
        int start = _scan.DataStart;
        _scan.Reset();
        consumed = start;
        if (server is null || server.Health.IsDown || server.OpenPrivate(Pool.Lanes[0]) is not { IsClosed: false } connection)
        {
            BeginSkip(request, server?.DownFailure() ?? Failure.NoServer(Pool.Config.Name));
            return true;
        }

        // Even a silent one has a place in the order: what follows on the shared connection must not overtake it.
        Request place = Pool.Requests.Rent();
        place.Expected = (byte)(request.IsSilent ? MemcachedAnswer.Silent : MemcachedAnswers.Of(request));
        Enqueue(place);
        Unpause(PauseReasons.Requests); // it is the only one, and its own rest must be read
        OutputBuffer output = connection.BeginSend(place);
        connection.BeginLarge();
        output.WriteRequest(bytes[..start], request);
        _large = new LargeValue(connection, place, request.DataLength);
        return true;
    }

    /// <summary>On another connection a request could overtake what this client asked before. False: not yet.</summary>
    private bool MayChangeConnection(ServerState? server)
    {
        if (_hasSilent && !_isBarred && server?.Connection(0, Number) is { } shared)
        {
            // What has no place in the order is answered before this question is.
            _isBarred = true;
            Request place = Pool.Requests.Rent();
            place.Expected = (byte)MemcachedAnswer.Silent;
            Enqueue(place);
            shared.Send(place, _protocol.ProbeRequest);
        }

        if (!IsIdle)
        {
            Pause(PauseReasons.Order);
            return false;
        }

        _isBarred = false;
        return true;
    }

    /// <summary>Passes on more of the large value; when it is whole, the client waits for its answer.</summary>
    private int PassLarge(ReadOnlySpan<byte> bytes)
    {
        LargeValue large = _large!;
        int consumed = large.Pass(bytes);
        if (large.IsWhole)
        {
            _large = null;
            if (!IsIdle)
            {
                Pause(PauseReasons.Order);
            }
        }
        else if (!large.Connection.IsClosed && large.Connection.IsFull)
        {
            large.Connection.WakeWhenRoom(this);
        }

        return consumed;
    }
}
