using System.Globalization;
using Keyway.Net.Timers;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Redis.Pinning;

namespace Keyway.Proxy.Redis;

/// <content>
/// Pinned connections, and the commands that wait. A request that needs a connection is not taken until there is one: it is offered again then. What the
/// client sends meanwhile waits too, but is read, since that is how its end is noticed.
/// </content>
internal sealed partial class RedisClient : IPinTaker
{
    /// <summary>Bytes that a waiting client may send before it is no longer read: what it does then is noticed only when it is served.</summary>
    private const int MostHeldInput = 64 * 1024;

    private const int MoveMilliseconds = 500; // for a server that has a successor to end a wait

    private const int OnPinnedConnection = -1; // in _laneUnderWay: the next request must wait for the reply

    private PinnedPool? _awaitedPool; // while it waits for a connection
    private PinnedConnection? _granted; // for the request that is offered next
    private Failure? _pinFailure; // of the request that is offered next
    private long _serverAwaitedUntil; // by the request that is offered next; 0 while it has met no server that is away
    private PinnedConnection? _blocked; // while a command waits on it
    private Request? _blockedRequest;
    private PutBackEnd _putBackEnd;
    private long _blockedUntil; // it waits no longer, in the reactor's milliseconds
    private ActionTimer? _waitTimer; // set once it was sent again

    /// <summary>True while nothing it sends is handled, since it waits for a connection or on one.</summary>
    private bool IsHeld => _awaitedPool is not null || _blocked is not null || _replicaWait is not null;

    void IPinTaker.OnPinned(PinnedConnection pin)
    {
        _awaitedPool = null;
        _granted = pin;
        OfferAgain();
    }

    void IPinTaker.OnNotPinned(Failure failure)
    {
        _awaitedPool = null;
        _pinFailure = failure;
        OfferAgain();
    }

    /// <summary>
    /// A command that waits, and that its server cannot answer any more, ends with its client's connection, as it would with the server's own: workers of job queues
    /// connect again then, while an error ends them.
    /// </summary>
    internal override void Fail(Request request, Failure failure)
    {
        if (request == _blockedRequest && request.Command!.SingleTreatment != CommandTreatment.Wait)
        {
            CloseAsLost(failure);
        }
        else
        {
            base.Fail(request, failure);
        }
    }

    /// <inheritdoc/>
    protected override void OnAllAnswered()
    {
        if (_transactionReply is { IsGiving: false } reply)
        {
            // Later, since whoever has answered is not done yet.
            Reactor.Post(reply.Continue);
        }

        if (_blocked is { } pin)
        {
            EndBlocking();
            pin.Server.Pinned.Return(pin);
            OfferAgain();
        }
    }

    /// <summary>A command that may wait, over a connection of its own. False: not yet.</summary>
    private bool RouteBlocking(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (ArgumentError(command, frame, args) is { } error)
        {
            ReplyError(error);
            return true;
        }

        if (!TryFindServer(command, frame, args, out int place, out ServerState? server))
        {
            return true;
        }

        if (server is null)
        {
            return FailUnlessAwaited(Failure.NoServer(Pool.Config.Name), command);
        }

        if (server.Config.IsMemory)
        {
            Forward(server, command, frame);
            return true;
        }

        if (!TryPin(server, out PinnedConnection? pin, command))
        {
            return false;
        }

        if (pin is not null)
        {
            Block(pin, place, command, frame, args);
        }

        return true;
    }

    private void Block(PinnedConnection pin, int place, CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        ServerIdentity.Ask(pin);
        Request request = Pool.Requests.Rent();
        request.Command = command;
        Enqueue(request);
        Unpause(PauseReasons.Requests); // it is the only one, and its client's end must be noticed
        _blocked = pin;
        _blockedRequest = request;
        _putBackEnd = PutBack.EndOf(command, frame, args, _protocol.Keys);
        _laneUnderWay = OnPinnedConnection;
        if (command.SingleTreatment == CommandTreatment.Wait)
        {
            MarkReplicationOffset(pin.Connection);
        }

        Unblock = EndWait;
        long time = command.BlockingTime?.Milliseconds(frame, args) ?? 0;
        _blockedUntil = time == 0 ? long.MaxValue : Reactor.Now + time;
        SendPinned(pin, request, place, command, command.Repeat, frame);
        LimitBlocked(request);
    }

    private void LimitBlocked(Request request) =>
        request.Deadline = _blockedUntil == long.MaxValue ? long.MaxValue : Pool.DeadlineFrom(_blockedUntil);

    /// <summary>It was sent once more, where it begins to wait anew: Keyway ends that when its time is over.</summary>
    private void LimitWait()
    {
        if (_blockedUntil != long.MaxValue)
        {
            _waitTimer ??= new ActionTimer(() => EndWait(withError: false));
            Reactor.Timers.Set(_waitTimer, Math.Max(Reactor.Now, _blockedUntil));
        }
    }

    /// <summary>
    /// WAIT counts the replicas that have what its own connection wrote last. What the client wrote, over another, has been answered: whatever this one does
    /// now stands behind it. Newer servers count writes only, so it is one that changes nothing and that hardly anybody can see.
    /// </summary>
    private void MarkReplicationOffset(ServerConnection connection)
    {
        connection.BeginSend(Pool.Requests.Rent()).WriteRequest("SPUBLISH", "keyway:wait", "");
        connection.BeginSend(Pool.Requests.Rent()).WriteRequest("PING");
    }

    private void EndBlocking()
    {
        _blocked = null;
        _blockedRequest = null;
        Unblock = null;
        if (_waitTimer is not null)
        {
            Reactor.Timers.Cancel(_waitTimer);
        }
    }

    /// <summary>Ends the wait, for CLIENT UNBLOCK or since its time is over. That may come too late and hit the connection's next user, so there will be none.</summary>
    private void EndWait(bool withError)
    {
        if (_blocked is { } lost && (lost.Connection.IsClosed || lost.Connection.Awaited == 0))
        {
            // It waits for a node that takes it, and for nothing else.
            ReadOnlySpan<byte> nothing = _blockedRequest!.Command!.SingleTreatment == CommandTreatment.Wait ? ":0\r\n"u8 : RespVersion == 3 ? "_\r\n"u8 : "*-1\r\n"u8;
            Deliver(_blockedRequest, withError ? "-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n"u8 : nothing, isLast: true);
            return;
        }

        if (_blocked is not { ServerId: { } id } pin || id == 0 || pin.Server.Connection(0, 0) is not { } connection)
        {
            return;
        }

        pin.IsSpoilt = true;
        connection.BeginSend(Pool.Requests.Rent()).WriteRequest("CLIENT", "UNBLOCK", id.ToString(CultureInfo.InvariantCulture), withError ? "ERROR" : "TIMEOUT");
    }

    /// <inheritdoc/>
    internal override PinnedConnection? MoveFrom(ServerState server)
    {
        if (_blocked is not { ServerId: > 0 and var id } pin || _blockedRequest!.Resend is not { } resend || pin.Server != server || pin.Connection.IsClosed || server.Connection(0, 0) is not { } connection)
        {
            return null;
        }

        resend.IsMoving = true;
        connection.BeginSend(Pool.Requests.Rent()).WriteRequest("CLIENT", "UNBLOCK", id.ToString(CultureInfo.InvariantCulture), "ERROR");
        pin.IsSpoilt = true;
        Reactor.Timers.Set(
            new ActionTimer(() =>
            {
                if (_blocked == pin)
                {
                    pin.Connection.Close("it is the master no more, and is silent");
                }
            }),
            Reactor.Now + MoveMilliseconds);
        return pin;
    }

    /// <summary>
    /// A connection to the server for the request at hand. False: there is none yet, or older requests are to be answered first; the request is offered
    /// again. True without one: an error was the answer.
    /// </summary>
    private bool TryPin(ServerState server, out PinnedConnection? pin, CommandInfo? waiting = null)
    {
        pin = _granted;
        _granted = null;
        if (pin is null || pin.Server != server || pin.Lane != _lane)
        {
            // Its keys have moved meanwhile.
            pin?.Server.Pinned.Return(pin);
            bool isOver = TryTakePin(server, out pin, waiting);
            if (pin is null)
            {
                return isOver;
            }
        }

        if (pin.Connection.IsClosed)
        {
            string reason = pin.Connection.CloseReason;
            server.Pinned.Return(pin);
            pin = null;
            return FailUnlessAwaited(Failure.ConnectFailed(server.Label, reason), waiting);
        }

        return true;
    }

    /// <summary>As <see cref="TryPin"/>, without a connection that was granted. It may have ended already.</summary>
    private bool TryTakePin(ServerState server, out PinnedConnection? pin, CommandInfo? waiting)
    {
        pin = null;
        if (_pinFailure is { } failure)
        {
            _pinFailure = null;
            ReplyFailure(failure);
            return true;
        }

        if (!IsIdle)
        {
            Pause(PauseReasons.Order);
            return false;
        }

        if (server.Health.IsDown)
        {
            return FailUnlessAwaited(server.DownFailure(), waiting);
        }

        pin = server.Pinned.TryTake(_lane);
        if (pin is null)
        {
            _awaitedPool = server.Pinned;
            server.Pinned.Wait(this, _lane);
        }

        return pin is not null;
    }

    /// <summary>
    /// There is no server for the request at hand. False: where servers have successors it is offered again, for <c>retry_budget</c> at most. True: the failure was
    /// the answer.
    /// </summary>
    /// <param name="failure">Why there is none.</param>
    /// <param name="waiting">The command, if it is one that waits.</param>
    private bool FailUnlessAwaited(Failure failure, CommandInfo? waiting = null)
    {
        bool isWait = waiting?.SingleTreatment == CommandTreatment.Wait; // a successor knows nothing of the writes that it asks about
        if (!isWait && Pool.Cluster is { } cluster && Pool.Config.RetryBudget is { } budget)
        {
            _serverAwaitedUntil = _serverAwaitedUntil == 0 ? Reactor.Now + (long)budget.TotalMilliseconds : _serverAwaitedUntil;
            if (Reactor.Now < _serverAwaitedUntil && !HasPeerEnded)
            {
                cluster.AwaitServer(this);
                return false;
            }
        }

        if (waiting is null || isWait)
        {
            ReplyFailure(failure);
        }
        else
        {
            CloseAsLost(failure);
        }

        return true;
    }

    private void CloseAsLost(Failure failure)
    {
        Pool.Counters.Count(failure.Kind);
        Close("what it waited for is lost: " + failure.Text);
    }

    /// <inheritdoc/>
    internal override void Drain()
    {
        if (IsHeld)
        {
            // It could wait for ever.
            Close("shutting down");
        }
        else
        {
            base.Drain();
        }
    }

    /// <summary>What has come while the client was held: it is kept up to a bound.</summary>
    private int HoldInput(int length)
    {
        if (length >= MostHeldInput)
        {
            Pause(PauseReasons.Held);
        }

        return 0;
    }

    /// <summary>What was held back is handled now.</summary>
    private void OfferAgain()
    {
        Unpause(PauseReasons.Held);
        if (!IsReadPaused && UnfinishedLength > 0)
        {
            PauseReading();
            ResumeReading();
        }
    }

    /// <summary>The client has gone: what it held is given back.</summary>
    private void LetGoOfPins()
    {
        _replicaWait?.Abandon();
        _replicaWait = null;
        Unblock = null;
        _awaitedPool?.Cancel(this);
        _awaitedPool = null;
        if (_granted is { } granted)
        {
            _granted = null;
            granted.Server.Pinned.Return(granted);
        }

        if (_blocked is { } blocked)
        {
            Request request = _blockedRequest!;
            EndBlocking();
            if (blocked.IsQuiet)
            {
                // It had been refused, and was to be sent again.
                blocked.Server.Pinned.Return(blocked);
            }
            else
            {
                new AbandonedCall(blocked, request, _putBackEnd).Start();
            }
        }
    }
}
