using Keyway.Net.Timers;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Smart;

/// <summary>
/// What one reactor has answered and not yet delivered to one server, or to whoever serves a group of slots, in order. A write goes at once to its client's
/// connection, and stays here until its reply has come; while there is no connection, or the connection is full, it waits.
/// </summary>
internal sealed partial class WriteQueue : IReplySink
{
    private const int RetryMilliseconds = 50; // after a lost connection, until the server is found down

    private readonly SmartState _smart;
    private readonly ServerState? _server; // null where keys move
    private readonly ByteQueue _bytes = new();
    private readonly WriteRing _ring = new();
    private readonly ActionTimer _retryTimer;
    private readonly long _limit;
    private long _cursor; // every write before it is sent or done
    private bool _isPumping;

    /// <param name="smart">What it belongs to.</param>
    /// <param name="index">Its number there: that of its server, where keys stay, else that of its group of slots.</param>
    /// <param name="label">What it is called in messages.</param>
    internal WriteQueue(SmartState smart, int index, string label)
    {
        _smart = smart;
        Index = index;
        Label = label;
        _cluster = smart.Pool.Cluster;
        _server = _cluster is null ? smart.Pool.Servers[index] : null;
        _window = _cluster is null ? Window : Window / 4; // there are more of them
        _limit = Math.Min(smart.Config.MaxBacklog / smart.Pool.Shared.States.Count, Array.MaxLength / 2);
        _retryTimer = new ActionTimer(OnRetry);
    }

    /// <summary>Late is better than lost: these requests have no time-out of their own.</summary>
    bool IReplySink.IsPatient => true;

    /// <summary>Its number, the same on all reactors and after a restart.</summary>
    internal int Index { get; }

    /// <summary>What it is called in messages.</summary>
    internal string Label { get; }

    /// <summary>True if what waits may have to wait for long.</summary>
    internal bool IsAway => _server?.Health.IsDown ?? StalledFor >= AwayMilliseconds;

    /// <summary>Writes that are in memory and not known to be executed.</summary>
    internal long Count => _ring.End - _ring.First;

    /// <summary>Bytes that they take.</summary>
    private long Held => _bytes.Length + (Count * EarlyWrite.Overhead);

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
                    _smart.CountDropped(1, Label);
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
        string? reason = isFirst ? _smart.Pool.Driver.RefusalOf(piece, write) : null;
        bool isBack = reason is not null && TakesBack(number, ref write, piece, reason);
        _underWay -= isLast ? 1 : 0;
        if (isLast && !isBack && IsOutOfOrder(number) && write.MayRepeat)
        {
            write.IsSent = false;
            isBack = true;
        }

        if (isBack)
        {
            if (_underWay == 0 && IsOutOfOrder(number))
            {
                Retry();
            }

            return;
        }

        if (reason is not null)
        {
            _smart.GiveUp(this, reason, write, FrameOf(write));
            _smart.Pool.Counters.EarlyRefused++;
        }
        else if (isFirst)
        {
            _smart.Pool.Counters.EarlyDelivered++;
        }

        if (isLast)
        {
            _stalledSince = long.MaxValue;
            _cluster?.OnExecuted(write.Client, write.Slot);
            End(ref write);
            Pump();
        }
    }

    void IReplySink.OnFailed(Request request, Failure failure)
    {
        long number = NumberOf(request);
        ref EarlyWrite write = ref _ring[number];
        _underWay--;
        if (_smart.IsClosed)
        {
            return;
        }

        if (write.MayRepeat || failure.Kind == FailureKind.ConnectFailed)
        {
            SendAgain(number, ref write, failure.Text);
            return;
        }

        _smart.Pool.Counters.EarlyUncertain++;
        _smart.GiveUp(this, RefusalReason.Uncertain, write, FrameOf(write));
        End(ref write);
        Retry(); // what must go behind nothing that is under way has waited for this
    }

    /// <summary>Where keys move the bound is the pool's, not the group's, whose share of the writes nobody knows.</summary>
    private bool HasRoom(int bytes) =>
        Count == 0 || (_cluster is null ? Held : _smart.Held) + bytes + EarlyWrite.Overhead <= _limit;

    private void Append(EarlyWrite write, ReadOnlySpan<byte> frame)
    {
        write.Start = _bytes.Add(frame);
        write.Length = frame.Length;
        _smart.Held += frame.Length + EarlyWrite.Overhead;
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

        if (!MaySend(write))
        {
            // The replies that are awaited send it on, or the first map.
            return false;
        }

        ServerState? server = _server ?? _cluster!.OwnerOf(write.Slot);
        ServerConnection? connection = server?.Connection(write.Lane, write.Client);
        if (connection is null || connection.IsFull)
        {
            if (connection is null && _cluster is not null)
            {
                Stall(server is null ? "no server is up" : server.DownFailure().Text);
            }

            if (connection is not null || _cluster is not null || !server!.Health.IsDown)
            {
                Retry();
            }

            return false;
        }

        Send(_cursor, ref write, connection);
        return true;
    }

    private void Send(long number, ref EarlyWrite write, ServerConnection connection)
    {
        write.IsSent = true;
        _underWay++;
        if (_cluster is not null)
        {
            write.Node = connection.Server.Index;
            _cluster.WatchSilence();
        }

        Request request = _smart.Pool.Requests.Rent();
        request.Command = write.Command;
        request.Sink = this;
        request.Part = unchecked((int)number);
        connection.Send(request, FrameOf(write));
    }

    private void SendAgain(long number, ref EarlyWrite write, string reason)
    {
        write.IsSent = false;
        _cursor = Math.Min(_cursor, number);
        if (_cluster is not null)
        {
            _sentAgainFrom = Math.Min(_sentAgainFrom, number);
            write.Hops = 0;
            Stall(reason);
        }

        Retry();
    }

    private void Retry()
    {
        if (!_retryTimer.IsSet)
        {
            int wait = _cluster is not null && IsAway ? AwayMilliseconds : RetryMilliseconds;
            _smart.Pool.Reactor.Timers.Set(_retryTimer, _smart.Pool.Reactor.Now + wait);
        }
    }

    private void OnRetry()
    {
        if (_cluster is not null && IsStalled)
        {
            _cluster.RequestRefresh();
        }

        Pump();
    }

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
            _smart.Held -= first.Length + EarlyWrite.Overhead;
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

        _smart.CountDropped(dropped, Label);
        return HasRoom(bytes);
    }
}
