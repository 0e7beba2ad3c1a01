using Keyway.Net;
using Keyway.Net.Buffers;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Pipelining;

/// <summary>
/// A client, whatever it speaks: its replies leave in the order of its requests, whoever answers and whenever. The reply at the
/// head goes straight to the output; others wait in their requests.
/// </summary>
internal abstract class ClientConnection : Connection
{
    private readonly LimitsConfig _limits;
    private readonly long _since;
    private Request? _head;
    private Request? _tail;
    private int _awaited;
    private PauseReasons _pauses;
    private bool _closeWhenAnswered;

    /// <summary>Makes a client of the pool; it is attached to its socket by the caller.</summary>
    protected ClientConnection(PoolState pool)
        : base(pool.Reactor, isServer: false)
    {
        Pool = pool;
        _limits = pool.Config.Limits;
        Number = PoolState.NextClientNumber();
        _since = Reactor.Now;
    }

    /// <summary>The pool that it connected to, as its reactor has it.</summary>
    internal PoolState Pool { get; }

    /// <summary>A number no other client of the process has or had; CLIENT ID gives it.</summary>
    internal long Number { get; }

    /// <summary>Seconds since it connected.</summary>
    internal long AgeSeconds => (Reactor.Now - _since) / 1000;

    /// <summary>True while no request awaits its reply.</summary>
    internal bool IsIdle => _head is null;

    /// <summary>True once nothing more of this client is to be read: it ends when its replies have left.</summary>
    protected bool IsClosing => _closeWhenAnswered;

    /// <summary>Reserves the next place in the order of replies.</summary>
    internal void Enqueue(Request request)
    {
        request.Client = this;
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

    /// <summary>A piece of the reply to <paramref name="request"/>; <paramref name="isLast"/> ends it.</summary>
    internal void Deliver(Request request, ReadOnlySpan<byte> piece, bool isLast)
    {
        if (request == _head)
        {
            Out.Write(piece);
            AfterDelivery(request, isLast);
        }
        else
        {
            request.Reply(Reactor.Buffers).Write(piece);
            request.IsDone = isLast;
            request.IsStreaming = !isLast;
        }
    }

    /// <summary>As the other overload, for a reply that lies in a buffer, which is empty afterwards.</summary>
    internal void Deliver(Request request, OutputBuffer piece, bool isLast)
    {
        if (request == _head)
        {
            Out.TakeAll(piece);
            AfterDelivery(request, isLast);
        }
        else
        {
            request.Reply(Reactor.Buffers).TakeAll(piece);
            request.IsDone = isLast;
            request.IsStreaming = !isLast;
        }
    }

    /// <summary>Answers <paramref name="request"/> with an error of Keyway's. A reply that has left in part can only be cut off, with the connection.</summary>
    internal void Fail(Request request, Failure failure)
    {
        Pool.Counters.Count(failure.Kind);
        if (request.IsStreaming && request == _head)
        {
            Close("a reply was cut off: " + failure.Text);
            return;
        }

        OutputBuffer reply = request.Reply(Reactor.Buffers);
        reply.Clear();
        WriteFailure(reply, failure);
        Finish(request);
    }

    /// <summary>The reply in <see cref="Request.Reply"/> is whole: it leaves as soon as it is its turn.</summary>
    internal void Finish(Request request)
    {
        request.IsDone = true;
        if (request == _head)
        {
            PopAnswered();
            QueueFlush();
        }
    }

    /// <summary>
    /// Where an answer of Keyway's own is to be written now: the output when nothing is awaited, else a place in the order. To be followed by
    /// <see cref="EndReply"/>.
    /// </summary>
    internal OutputBuffer BeginReply(out Request? place)
    {
        if (_head is null)
        {
            place = null;
            return Out;
        }

        place = Pool.Requests.Rent();
        Enqueue(place);
        return place.Reply(Reactor.Buffers);
    }

    /// <summary>Ends what <see cref="BeginReply"/> began.</summary>
    internal void EndReply(Request? place)
    {
        if (place is not null)
        {
            place.IsDone = true;
        }

        QueueFlush();
    }

    /// <summary>Reads nothing more and closes when every reply has been sent.</summary>
    internal void CloseWhenAnswered()
    {
        _closeWhenAnswered = true;
        PauseReading();
        QueueFlush();
        CloseIfAnswered();
    }

    /// <summary>Stops reading for a reason.</summary>
    internal void Pause(PauseReasons reason)
    {
        if (_pauses == PauseReasons.None && !_closeWhenAnswered)
        {
            PauseReading();
        }

        _pauses |= reason;
    }

    /// <summary>A reason has gone; the client is read again when it was the last.</summary>
    internal void Unpause(PauseReasons reason)
    {
        if ((_pauses & reason) == 0)
        {
            return;
        }

        _pauses &= ~reason;
        if (_pauses == PauseReasons.None && !_closeWhenAnswered)
        {
            ResumeReading();
        }
    }

    /// <summary>Writes the protocol's form of an error.</summary>
    protected abstract void WriteFailure(OutputBuffer reply, Failure failure);

    /// <inheritdoc/>
    protected override void OnEndOfStream()
    {
        // A client may close its half and still wait for what it asked.
        CloseWhenAnswered();
    }

    /// <inheritdoc/>
    protected override void OnSent()
    {
        if ((_pauses & PauseReasons.Output) != 0 && Out.Length <= _limits.ClientOutput / 2)
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
        Pool.RemoveClient(this, reason);
    }

    private void AfterDelivery(Request request, bool isLast)
    {
        if (isLast)
        {
            request.IsDone = true;
            PopAnswered();
        }
        else
        {
            request.IsStreaming = true;
        }

        QueueFlush();
        if (Out.Length > _limits.ClientOutput)
        {
            OnOutputGrown();
        }
    }

    private void PopAnswered()
    {
        do
        {
            Request answered = _head!;
            if (answered.HasReply)
            {
                Out.TakeAll(answered.Reply(Reactor.Buffers));
            }

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
        }
        else if (_head.HasReply)
        {
            // The new head has begun to arrive: what is there leaves, the rest follows directly.
            Out.TakeAll(_head.Reply(Reactor.Buffers));
        }

        if ((_pauses & PauseReasons.Requests) != 0 && _awaited <= _limits.ClientRequests / 2)
        {
            Unpause(PauseReasons.Requests);
        }
    }

    private void OnOutputGrown()
    {
        if (Out.Length > _limits.ClientOutputHard)
        {
            Pool.CloseSlowClient(this);
            return;
        }

        Pause(PauseReasons.Output);
    }

    private void CloseIfAnswered()
    {
        if (_closeWhenAnswered && _head is null && Out.IsEmpty)
        {
            Close("done");
        }
    }
}
