using Keyway.Net;
using Keyway.Net.Buffers;
using Keyway.Net.Timers;
using Keyway.Proxy.Cluster;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Pipelining;

/// <summary>
/// A shared, pipelined connection to a server, whatever it speaks: requests of all clients leave in one stream, and replies are matched
/// to them by order. A late request is failed alone and leaves a placeholder that swallows its reply; a server that stays silent loses the connection.
/// </summary>
internal abstract partial class ServerConnection : Connection
{
    private readonly DeadlineTimer _timer;
    private readonly ActionTimer _connectTimer;
    private readonly List<ClientConnection> _waiting = [];
    private readonly OutputBuffer _held;
    private Request? _head;
    private Request? _tail;
    private int _unsent; // requests queued since something was last sent
    private long _quietSince;
    private bool _isReady;
    private bool _silenceCounted;
    private bool _closeWhenIdle;
    private bool _awaitsClient;

    /// <summary>Makes a connection to the server; <see cref="ServerState"/> opens it.</summary>
    protected ServerConnection(ServerState server)
        : base(server.Pool.Reactor, isServer: true)
    {
        Server = server;
        _held = new OutputBuffer(Reactor.Buffers);
        _partial = new OutputBuffer(Reactor.Buffers);
        _timer = new DeadlineTimer(this);
        _connectTimer = new ActionTimer(() => Close($"no connection within {Server.Pool.Config.ConnectTimeout.TotalMilliseconds} ms"));
    }

    /// <summary>The server at the other end.</summary>
    internal ServerState Server { get; }

    /// <summary>Requests that await their reply, late ones included.</summary>
    internal int Awaited { get; private set; }

    /// <summary>Since when nothing has come although replies are awaited, in the reactor's milliseconds; <see cref="long.MaxValue"/> when none are.</summary>
    internal long SilentSince => _head is null ? long.MaxValue : _quietSince;

    /// <summary>True when clients should wait before they send more.</summary>
    internal bool IsFull =>
        (Awaited >= Server.Pool.Config.Limits.ServerRequests && !_awaitsClient) || Outgoing.Length >= Server.Pool.Config.Limits.ServerOutput;

    /// <summary>True when a request has left that awaits its reply: no other reply can be meant for us.</summary>
    protected bool IsAsked => Awaited > _unsent;

    /// <summary>The request whose reply comes next.</summary>
    protected Request? Head => _head;

    /// <summary>True when the first bytes of a reply have come, and not yet its last.</summary>
    protected abstract bool IsMidReply { get; }

    /// <summary>True when the handshake is done and requests flow.</summary>
    protected bool IsReady => _isReady;

    private OutputBuffer Outgoing => _isReady ? Out : _held;

    /// <summary>True when the server answered, but would not have us in this lane.</summary>
    internal virtual bool WasRefused => false;

    /// <summary>Why it ended; empty before.</summary>
    internal string CloseReason { get; private set; } = "";

    /// <summary>Looks the server up and connects. Requests may be sent at once: they leave when the connection is ready.</summary>
    internal void Open(ServerAddress address)
    {
        Reactor.Timers.Set(_connectTimer, Reactor.Now + (long)Server.Pool.Config.ConnectTimeout.TotalMilliseconds);
        address.Find(Reactor, (endPoint, reason) =>
        {
            if (endPoint is null)
            {
                Close(reason);
            }
            else if (!IsClosed)
            {
                Connect(endPoint, Server.Pool.Config.TcpKeepalive);
            }
        });
    }

    /// <summary>Sends a request whose bytes are at hand.</summary>
    internal void Send(Request request, ReadOnlySpan<byte> frame)
    {
        BeginSend(request).Write(frame);
    }

    /// <summary>Queues the request; the caller writes its bytes, whole, to the buffer given.</summary>
    internal OutputBuffer BeginSend(Request request)
    {
        request.Holders++;
        request.Deadline = Server.Pool.DeadlineFrom(Reactor.Now);
        if (request.Resend?.Owner is { } owner)
        {
            owner.UnderWay++;
        }

        if (_head is null)
        {
            _head = request;
            _quietSince = Reactor.Now;
        }
        else
        {
            _tail!.NextInServer = request;
        }

        _tail = request;
        Awaited++;
        _unsent++;
        if (request.Deadline != long.MaxValue && (!_timer.IsSet || request.Deadline < _timer.Due))
        {
            // The timer can be set for later than this request: it then waits for the end of a silence.
            Reactor.Timers.Set(_timer, request.Deadline);
        }

        if (_isReady)
        {
            QueueFlush();
        }

        return Outgoing;
    }

    /// <summary>Names what is under way here, and on the connection whose last reply is waited for.</summary>
    internal void TellUnderWay(LatestRequests requests)
    {
        _elder?.TellUnderWay(requests);
        for (Request? request = _head; request is not null; request = request.NextInServer)
        {
            requests.Add(request);
        }
    }

    /// <summary>The same request goes on: the caller writes more of its bytes. Its time begins anew.</summary>
    internal OutputBuffer Continue(Request request)
    {
        request.Deadline = Server.Pool.DeadlineFrom(Reactor.Now);
        if (_isReady)
        {
            QueueFlush();
        }

        return Outgoing;
    }

    /// <summary>For a connection of one large request, whose bytes are still to come: it ends with the request's reply.</summary>
    internal void BeginLarge()
    {
        _closeWhenIdle = true;
        _awaitsClient = true;
    }

    /// <summary>The last byte of the large request has come: now it is the server's turn.</summary>
    internal void EndLarge() => _awaitsClient = false;

    /// <summary>No more requests come: it ends with the last reply.</summary>
    internal void CloseWhenAnswered()
    {
        _closeWhenIdle = true;
        AfterReplies();
    }

    /// <summary>Wakes the client when this connection has room again, or has ended.</summary>
    internal void WakeWhenRoom(ClientConnection client)
    {
        client.Pause(PauseReasons.Server);
        _waiting.Add(client);
    }

    /// <summary>The handshake is done (or there is none): what was held leaves.</summary>
    protected void BecomeReady()
    {
        Reactor.Timers.Cancel(_connectTimer);
        if (_predecessor is { } old)
        {
            _predecessor = null;
            Server.Replace(old, this);
            if (old.HandOver(this))
            {
                _elder = old;
                return;
            }
        }

        BeginSending();
    }

    /// <summary>The whole reply of the head has come; it is taken off the queue before it is delivered.</summary>
    private Request Dequeue()
    {
        Request request = _head!;
        _head = request.NextInServer;
        request.NextInServer = null;
        if (_head is null)
        {
            _tail = null;
        }

        Awaited--;
        if (request.Resend?.Owner is { } owner)
        {
            owner.UnderWay--;
        }

        return request;
    }

    /// <summary>To be called when bytes have come: the server is alive.</summary>
    protected void MarkAlive()
    {
        _quietSince = Reactor.Now;
        _silenceCounted = false;
        if (_isReady)
        {
            // A server that refuses every handshake serves nobody, however promptly it does so.
            Server.Health.OnAlive();
        }
    }

    /// <summary>To be called when a batch of replies has been handled.</summary>
    protected void AfterReplies()
    {
        if (_waiting.Count > 0 && !IsFull)
        {
            WakeWaiting();
        }

        if (_closeWhenIdle && _head is null)
        {
            Close(_successor is null ? "done" : Renewed);
        }
    }

    /// <inheritdoc/>
    protected override void OnSent()
    {
        _unsent = 0;
        AfterReplies();
    }

    /// <inheritdoc/>
    protected override void OnClosed(string reason)
    {
        CloseReason = reason;
        Reactor.Timers.Cancel(_timer);
        Reactor.Timers.Cancel(_connectTimer);
        if (_ageTimer is not null)
        {
            Reactor.Timers.Cancel(_ageTimer);
        }

        if (!_isReady)
        {
            Server.Address.TryNext();
            _predecessor?.LimitAge(Server.Pool.Config.ConnectionMaxAge!.Value / RenewalTries);
        }

        bool wasIdle = _isReady && _head is null;
        Server.OnConnectionLost(this, reason, wasIdle);

        Failure failure = _isReady ? Failure.ConnectionLost(Server.Label, reason) : Failure.ConnectFailed(Server.Label, reason);
        _held.Clear();
        int sent = _isReady ? Awaited - _unsent : 0;
        while (_head is not null)
        {
            Request request = Dequeue();
            if (request.Resend is null || !Server.Pool.Cluster!.TryRepeat(request, mayBeExecuted: sent > 0, failure))
            {
                FailOne(request, failure);
            }

            sent--;
            Server.Pool.Requests.Release(request);
        }

        WakeWaiting();
        _partial.Clear();
        if (_successor is not null)
        {
            LetGo(_successor, reason, wasIdle);
        }
    }

    /// <summary>Gives the failure to whoever waits for the reply to a request that was sent.</summary>
    private static void FailOne(Request request, Failure failure)
    {
        if (request.Resend?.Owner is { } owner)
        {
            owner.Pool.Cluster!.OnFailed(request);
        }

        Tell(request, failure);
    }

    /// <summary>Gives the failure to whoever waits for the reply to a request that nobody has executed.</summary>
    internal static void Tell(Request request, Failure failure)
    {
        if (request.Client is { } client)
        {
            client.Fail(request, failure);
        }
        else if (request.Sink is { } sink)
        {
            request.Sink = null;
            sink.OnFailed(request, failure);
        }
    }

    private void BeginSending()
    {
        if (!IsClosed)
        {
            _isReady = true;
            Out.TakeAll(_held);
            QueueFlush();
        }
    }

    private void WakeWaiting()
    {
        foreach (ClientConnection client in _waiting)
        {
            client.Unpause(PauseReasons.Server);
        }

        _waiting.Clear();
    }

    /// <summary>Fails what is late. Deadlines rise along the queue, so the late ones are at its front.</summary>
    private void OnDeadline(long now)
    {
        long timeout = Server.Pool.TimeoutMilliseconds;
        Request? request = _head;
        for (; request is not null && request.Deadline <= now; request = request.NextInServer)
        {
            if (request.Client is not null || request.Sink is { IsPatient: false })
            {
                FailOne(request, Failure.Timeout(Server.Label, timeout));
            }
        }

        if (_head is null || IsClosed)
        {
            return;
        }

        // One slow command delays its neighbours; silence for twice the time-out means that nobody is there. Silence in the middle of a
        // late reply puts the framing in doubt: its rest may never come, and the next reply would be taken for it.
        long silent = _quietSince + (IsMidReply ? timeout / 2 : 2 * timeout);
        // Where a large request is still coming and all of it so far was taken, the client is silent, not the server.
        bool isServersTurn = !_awaitsClient || Outgoing.Length > 0;
        if (!_silenceCounted && isServersTurn && _head.Deadline <= now && _quietSince + timeout <= now)
        {
            _silenceCounted = true;
            Server.Health.OnFailure($"no byte for {now - _quietSince} ms");
        }

        if (_head.Deadline <= now && (silent <= now || (_closeWhenIdle && _successor is null)))
        {
            Close($"no byte for {now - _quietSince} ms");
            return;
        }

        long next = request?.Deadline ?? long.MaxValue;
        if (_head.Deadline <= now)
        {
            next = Math.Min(next, silent);
        }

        if (next != long.MaxValue)
        {
            Reactor.Timers.Set(_timer, next);
        }
    }

    private sealed class DeadlineTimer(ServerConnection connection) : ReactorTimer
    {
        protected override void OnDue(long now) => connection.OnDeadline(now);
    }
}
