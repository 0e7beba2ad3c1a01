using Keyway.Net.Timers;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Smart;

/// <summary>
/// What one reactor has answered and not yet delivered to one server, in order. A write goes at once to its client's connection, and stays here until its
/// reply has come; while there is no connection, or the connection is full, it waits.
/// </summary>
internal sealed partial class WriteQueue : IReplySink
{
    private const int RetryMilliseconds = 50; // after a lost connection, until the server is found down

    private readonly SmartState _smart;
    private readonly ServerState _server;
    private readonly ByteQueue _bytes = new();
    private readonly WriteRing _ring = new();
    private readonly ActionTimer _retryTimer;
    private readonly long _limit;
    private long _cursor; // every write before it is sent or done
    private bool _isPumping;

    internal WriteQueue(SmartState smart, ServerState server)
    {
        _smart = smart;
        _server = server;
        _limit = Math.Min(smart.Config.MaxBacklog / smart.Pool.Shared.States.Count, Array.MaxLength / 2);
        _retryTimer = new ActionTimer(OnRetry);
    }

    /// <summary>Late is better than lost: these requests have no time-out of their own.</summary>
    bool IReplySink.IsPatient => true;

    internal ServerState Server => _server;

    /// <summary>Writes that are in memory and not known to be executed.</summary>
    internal long Count => _ring.End - _ring.First;

    /// <summary>True if there is something to deliver.</summary>
    internal bool IsEmpty => Count == 0 && !_isSpilled;

    /// <summary>The mark of a client whose last write is the newest here, for <see cref="Owes"/>.</summary>
    internal long Mark => _isSpilled ? long.MaxValue : _ring.End;

    /// <summary>True if writes up to the mark have not been sent yet, or (<paramref name="replied"/>) their replies have not come.</summary>
    internal bool Owes(long mark, bool replied) =>
        mark > (replied ? _ring.First : _cursor) && (mark < long.MaxValue || _isSpilled || (replied ? _ring.First : _cursor) < _ring.End);

    /// <summary>Takes in a write, or says why not.</summary>
    internal Offer Add(EarlyWrite write, ReadOnlySpan<byte> frame)
    {
        if (_smart.Journal is not null)
        {
            return AddKept(write, frame);
        }

        if (!HasRoom(frame.Length))
        {
            switch (_smart.Config.WhenFull)
            {
                case WhenFull.Wait:
                    return Offer.Later;
                case WhenFull.Error:
                    return Offer.Refused;
                case WhenFull.DropOldest when DropOldest(frame.Length):
                    break;
                default:
                    _smart.CountDropped(1, _server.Label);
                    return Offer.Dropped;
            }
        }

        Append(write, frame);
        Pump();
        return Offer.Taken;
    }

    /// <summary>Sends what can be sent.</summary>
    internal void Pump()
    {
        if (_isPumping || _isGated)
        {
            return;
        }

        _isPumping = true;
        while (_cursor < _ring.End && TrySend(ref _ring[_cursor]))
        {
            _cursor++;
        }

        _isPumping = false;
        ReadMore();
    }

    /// <summary>The process ends: nothing is sent any more.</summary>
    internal void Close()
    {
        _isGated = true;
        _smart.Pool.Reactor.Timers.Cancel(_retryTimer);
    }

    void IReplySink.OnReply(Request request, ReadOnlySpan<byte> piece, bool isLast)
    {
        bool isFirst = !request.IsStreaming;
        request.IsStreaming = !isLast;
        long number = NumberOf(request);
        ref EarlyWrite write = ref _ring[number];
        if (isFirst && _smart.Pool.Driver.RefusalOf(piece, write) is { } reason)
        {
            if (RefusalReason.IsPassing(reason))
            {
                // Nothing was executed, and what follows must not overtake it: all of it is sent again.
                SendAgain(number, ref write);
                _server.Connection(write.Lane, write.Client)?.Close($"the server says {reason}");
                return;
            }

            _smart.GiveUp(this, reason, write, FrameOf(write));
            _smart.Pool.Counters.EarlyRefused++;
        }
        else if (isFirst)
        {
            _smart.Pool.Counters.EarlyDelivered++;
        }

        if (isLast)
        {
            End(ref write);
            Pump();
        }
    }

    void IReplySink.OnFailed(Request request, Failure failure)
    {
        long number = NumberOf(request);
        ref EarlyWrite write = ref _ring[number];
        if (_smart.IsClosed)
        {
            return;
        }

        if (write.MayRepeat || failure.Kind == FailureKind.ConnectFailed)
        {
            SendAgain(number, ref write);
            return;
        }

        _smart.Pool.Counters.EarlyUncertain++;
        _smart.GiveUp(this, RefusalReason.Uncertain, write, FrameOf(write));
        End(ref write);
    }

    private bool HasRoom(int bytes) => Count == 0 || _bytes.Length + bytes + ((Count + 1) * EarlyWrite.Overhead) <= _limit;

    private void Append(EarlyWrite write, ReadOnlySpan<byte> frame)
    {
        write.Start = _bytes.Add(frame);
        write.Length = frame.Length;
        _ring.Add(write);
    }

    private ReadOnlySpan<byte> FrameOf(in EarlyWrite write) => _bytes.Get(write.Start, write.Length);

    /// <summary>False: not now, and it is known when.</summary>
    private bool TrySend(ref EarlyWrite write)
    {
        if (write.IsDone || write.IsSent)
        {
            return true;
        }

        ServerConnection? connection = _server.Connection(write.Lane, write.Client);
        if (connection is null || connection.IsFull)
        {
            if (connection is not null || !_server.Health.IsDown)
            {
                Retry();
            }

            return false;
        }

        write.IsSent = true;
        Request request = _smart.Pool.Requests.Rent();
        request.Command = write.Command;
        request.Sink = this;
        request.Part = unchecked((int)_cursor);
        connection.Send(request, FrameOf(write));
        return true;
    }

    private void SendAgain(long number, ref EarlyWrite write)
    {
        write.IsSent = false;
        _cursor = Math.Min(_cursor, number);
        Retry();
    }

    private void Retry()
    {
        if (!_retryTimer.IsSet)
        {
            _smart.Pool.Reactor.Timers.Set(_retryTimer, _smart.Pool.Reactor.Now + RetryMilliseconds);
        }
    }

    private void OnRetry() => Pump();

    /// <summary>The number of the write, of which the request has 32 bits.</summary>
    private long NumberOf(Request request) => _ring.First + (uint)unchecked(request.Part - (int)_ring.First);

    /// <summary>The write is executed, or given up.</summary>
    private void End(ref EarlyWrite write)
    {
        write.IsDone = true;
        if (write.Sequence != 0)
        {
            _smart.Complete(write.Sequence);
        }

        while (_ring.First < _ring.End && _ring[_ring.First].IsDone)
        {
            ref EarlyWrite first = ref _ring[_ring.First];
            EndOld(first.Sequence);
            _bytes.TakeUpTo(first.Start + first.Length);
            _ring.Remove();
        }

        _cursor = Math.Max(_cursor, _ring.First);
        _smart.Wake();
    }

    /// <summary>Gives up the oldest writes that are not under way until there is room; false if that was not enough.</summary>
    private bool DropOldest(int bytes)
    {
        long dropped = 0;
        while (!HasRoom(bytes) && !_ring[_ring.First].IsSent)
        {
            End(ref _ring[_ring.First]);
            dropped++;
        }

        _smart.CountDropped(dropped, _server.Label);
        return HasRoom(bytes);
    }
}
