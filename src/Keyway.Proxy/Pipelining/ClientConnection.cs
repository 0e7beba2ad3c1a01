using Keyway.Net;
using Keyway.Net.Buffers;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Pipelining;

/// <summary>
/// A client, whatever it speaks: its replies leave in the order of its requests, whoever answers and whenever. The reply at the
/// head goes straight to the output; others wait in their requests.
/// </summary>
internal abstract partial class ClientConnection : Connection
{
    private readonly LimitsConfig _limits;
    private readonly long _since;
    private Request? _head;
    private Request? _tail;
    private int _awaited;
    private long _held; // bytes of replies that wait for their turn
    private bool _closeWhenAnswered;

    /// <summary>Makes a client of the pool; it is attached to its socket by the caller.</summary>
    protected ClientConnection(PoolState pool)
        : base(pool.Reactor, isServer: false)
    {
        Pool = pool;
        _limits = pool.Config.Limits;
        Number = PoolState.NextClientNumber();
        _since = Reactor.Now;
        LastHeard = Reactor.Now;
    }

    /// <summary>The pool that it connected to, as its reactor has it.</summary>
    internal PoolState Pool { get; }

    /// <summary>A number no other client of the process has or had; CLIENT ID gives it.</summary>
    internal long Number { get; }

    /// <summary>When it last sent something or took some of its replies, in the reactor's milliseconds.</summary>
    internal long LastHeard { get; private set; }

    /// <summary>Bytes of buffers that are in use for it.</summary>
    internal virtual long HeldBytes => Backlog + UnfinishedLength;

    /// <summary>Seconds since it connected.</summary>
    internal long AgeSeconds => (Reactor.Now - _since) / 1000;

    /// <summary>How many of its requests that can be sent again await a server's reply, parts of split ones counted each.</summary>
    internal int UnderWay { get; set; }

    /// <summary>How many of them wait to be sent again.</summary>
    internal int HeldBack { get; set; }

    /// <summary>True while no request awaits its reply.</summary>
    internal bool IsIdle => _head is null;

    /// <summary>Bytes of replies that it has not taken, or that wait for their turn.</summary>
    internal long Backlog => Out.Length + _held;

    /// <summary>True while the replies to what it asks are to be swallowed.</summary>
    protected bool IsMuted { get; set; }

    /// <summary>True once nothing more of this client is to be read: it ends when its replies have left.</summary>
    protected bool IsClosing => _closeWhenAnswered;

    /// <summary>Says why it is not served, instead of serving it, and closes.</summary>
    internal void TurnAway(string why)
    {
        WriteFailure(Out, new Failure(FailureKind.NotOffered, why));
        CloseWhenAnswered();
    }

    /// <summary>Reserves the next place in the order of replies.</summary>
    internal void Enqueue(Request request)
    {
        request.Client = this;
        request.IsMuted = IsMuted;
        request.Holders++;
        if (_head is null)
        {
            _head = request;
        }
        else
        {
            _tail!.NextInClient = request;
        }

        _tail = request;
        if (++_awaited >= _limits.ClientRequests)
        {
            Pause(PauseReasons.Requests);
        }
    }

    /// <summary>
    /// A piece of the reply to <paramref name="request"/>; <paramref name="isLast"/> ends it. What comes for a request that has failed
    /// meanwhile is swallowed.
    /// </summary>
    internal void Deliver(Request request, ReadOnlySpan<byte> piece, bool isLast)
    {
        if (!request.IsDone)
        {
            if (!request.IsMuted)
            {
                Destination(request, piece.Length).Write(piece);
            }

            AfterDelivery(request, isLast);
        }
    }

    /// <summary>As the other overload, for a reply that lies in a buffer, which is empty afterwards.</summary>
    internal void Deliver(Request request, OutputBuffer piece, bool isLast)
    {
        if (request.IsDone || request.IsMuted)
        {
            piece.Clear();
            if (request.IsDone)
            {
                return;
            }
        }
        else
        {
            Destination(request, piece.Length).TakeAll(piece);
        }

        AfterDelivery(request, isLast);
    }

    /// <summary>Answers <paramref name="request"/> with an error of Keyway's. A reply that has left in part can only be cut off, with the connection.</summary>
    internal virtual void Fail(Request request, Failure failure)
    {
        if (request.IsDone)
        {
            return;
        }

        Pool.Counters.Count(failure.Kind);
        if (request.IsStreaming && request == _head)
        {
            Close("a reply was cut off: " + failure.Text);
            return;
        }

        OutputBuffer reply = request.Reply(Reactor.Buffers);
        _held -= reply.Length;
        reply.Clear();
        WriteFailure(reply, request, failure);
        Finish(request);
    }

    /// <summary>The reply in <see cref="Request.Reply"/> is whole: it leaves as soon as it is its turn.</summary>
    internal void Finish(Request request)
    {
        request.IsDone = true;
        _held += request.Reply(Reactor.Buffers).Length;
        if (request == _head)
        {
            PopAnswered();
        }

        AfterOutput();
    }

    /// <summary>
    /// Where an answer of Keyway's own is to be written now: the output when nothing is awaited, else a place in the order. To be followed by
    /// <see cref="EndReply"/>.
    /// </summary>
    internal OutputBuffer BeginReply(out Request? place)
    {
        if (_head is null && !IsMuted)
        {
            place = null;
            return Out;
        }

        place = Pool.Requests.Rent();
        Enqueue(place);
        return place.Reply(Reactor.Buffers);
    }

    /// <summary>Counts bytes that are gathered elsewhere for one of its replies. It can be closed by this, as too slow.</summary>
    internal void Hold(long bytes)
    {
        _held += bytes;
        if (Backlog > _limits.ClientOutput)
        {
            OnOutputGrown();
        }
    }

    /// <summary>What was counted by <see cref="Hold"/> is about to become its reply, or nothing.</summary>
    internal void LetGo(long bytes) => _held -= bytes;

    /// <summary>Ends what <see cref="BeginReply"/> began.</summary>
    internal void EndReply(Request? place)
    {
        if (place is not null)
        {
            Finish(place);
            return;
        }

        AfterOutput();
    }

    /// <summary>Reads nothing more and closes when every reply has been sent.</summary>
    internal void CloseWhenAnswered()
    {
        _closeWhenAnswered = true;
        PauseReading();
        QueueFlush();
        CloseIfAnswered();
    }

    /// <summary>The process ends: what was asked is still answered.</summary>
    internal virtual void Drain() => CloseWhenAnswered();

    /// <summary>
    /// Sends a request that can be sent again over a connection that the client has for itself: to this server, with another connection if need be.
    /// </summary>
    /// <returns>False when there is none.</returns>
    internal virtual bool SendPinned(Request request, ServerState server, bool isAsking) => false;

    /// <summary>The server has a successor. What waits there is told to go on at that one.</summary>
    /// <returns>The connection on which it waits; null if it does not.</returns>
    internal virtual PinnedConnection? MoveFrom(ServerState server) => null;

    /// <summary>No request awaits its reply any more.</summary>
    protected virtual void OnAllAnswered()
    {
    }

    /// <summary>Writes the protocol's form of an error.</summary>
    protected abstract void WriteFailure(OutputBuffer reply, Failure failure);

    /// <summary>Writes the error that answers a request; nothing, where the protocol has requests that are not answered.</summary>
    protected virtual void WriteFailure(OutputBuffer reply, Request request, Failure failure) => WriteFailure(reply, failure);

    /// <inheritdoc/>
    protected override void OnEndOfStream()
    {
        // A client may close its half and still wait for what it asked.
        CloseWhenAnswered();
    }

    /// <inheritdoc/>
    protected override void OnSent()
    {
        LastHeard = Reactor.Now;
        if ((_pauses & PauseReasons.Output) != 0 && Backlog <= _limits.ClientOutput / 2)
        {
            Unpause(PauseReasons.Output);
        }

        CloseIfAnswered();
    }

    /// <inheritdoc/>
    protected override void OnClosed(string reason)
    {
        for (Request? request = _head; request is not null;)
        {
            Request? next = request.NextInClient;
            request.NextInClient = null;
            request.Client = null;
            Pool.Requests.Release(request);
            request = next;
        }

        _head = null;
        _tail = null;
        _awaited = 0;
        _held = 0;
        _pushes?.Clear();
        Pool.RemoveClient(this, reason);
    }

    /// <summary>Where so many bytes of a reply go: the output when it is the request's turn, else its own buffer.</summary>
    private OutputBuffer Destination(Request request, long length)
    {
        if (request == _head)
        {
            return Out;
        }

        _held += length;
        return request.Reply(Reactor.Buffers);
    }

    private void AfterDelivery(Request request, bool isLast)
    {
        request.IsDone = isLast;
        request.IsStreaming = !isLast;
        if (isLast && request == _head)
        {
            PopAnswered();
        }

        AfterOutput();
    }

    private void AfterOutput()
    {
        QueueFlush();
        if (Backlog > _limits.ClientOutput)
        {
            OnOutputGrown();
        }
    }

    /// <summary>What waits for its turn leaves.</summary>
    private void TakeReply(Request request)
    {
        if (request.HasReply)
        {
            OutputBuffer reply = request.Reply(Reactor.Buffers);
            _held -= reply.Length;
            if (request.IsMuted)
            {
                reply.Clear();
            }
            else
            {
                Out.TakeAll(reply);
            }
        }
    }

    private void PopAnswered()
    {
        do
        {
            Request answered = _head!;
            TakeReply(answered);
            TakePushes();
            _head = answered.NextInClient;
            answered.NextInClient = null;
            answered.Client = null;
            _awaited--;
            Pool.Requests.Release(answered);
        }
        while (_head is { IsDone: true });

        if (_head is null)
        {
            _tail = null;
            Unpause(PauseReasons.Order);
            OnAllAnswered();
        }
        else
        {
            // The new head may have begun to arrive: what is there leaves, the rest follows directly.
            TakeReply(_head);
        }

        if ((_pauses & PauseReasons.Requests) != 0 && _awaited <= _limits.ClientRequests / 2)
        {
            Unpause(PauseReasons.Requests);
        }
    }

    private void OnOutputGrown()
    {
        if (Backlog > _limits.ClientOutputHard)
        {
            Pool.CloseSlowClient(this);
            return;
        }

        Pause(PauseReasons.Output);
    }

    private void CloseIfAnswered()
    {
        if (_closeWhenAnswered && _head is null && Out.IsEmpty && !IsMidAnswer)
        {
            Close("done");
        }
    }
}
