using System.Text;
using Keyway.Protocol.Cluster;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Cluster;

/// <content>What becomes of a request: sent to where its slot is, following redirects, kept for a later try, or given up.</content>
internal sealed partial class ClusterState
{
    private const int TakenMilliseconds = 1000; // without an answer: then a node that takes a command that waits has it

    /// <summary>Sends a request whose bytes are kept in its <see cref="Resend"/>.</summary>
    internal void Send(Request request)
    {
        Resend resend = request.Resend!;
        ServerState? primary = OwnerOf(resend.Slot);
        if (resend.IsAnywhere && primary?.Health.IsDown != false && AnySlot() is >= 0 and var slot)
        {
            resend.Slot = slot;
            primary = OwnerOf(slot);
        }

        WatchSilence();
        if (resend.OnlyNode is { } only && primary?.Index != only)
        {
            EndStep(request);
        }
        else if (resend.ReplicaLane < 0 || primary is null)
        {
            Dispatch(request, primary, resend.Lane, isAsking: false);
        }
        else if (_replicas.Choose(primary, resend.Owner!.Number) is not { } server)
        {
            Dispatch(request, null, resend.Lane, isAsking: false);
        }
        else
        {
            Dispatch(request, server, server == primary ? resend.Lane : resend.ReplicaLane, isAsking: false);
        }
    }

    /// <summary>
    /// An error reply to a request that can be sent again. True: it is under way again (or waits for that), and the reply is not for the client.
    /// </summary>
    internal bool TryHandle(Request request, ServerState from, ReadOnlySpan<byte> reply)
    {
        if (request.IsDone || (request.Client is null && request.Sink is null))
        {
            return false;
        }

        Resend resend = request.Resend!;
        BeginAnewIfTaken(resend);
        if (resend.Queued?.FirstError is { } cause && reply.StartsWith("-EXECABORT"u8))
        {
            reply = cause;
        }

        if (Redirect.TryParse(reply, out Redirect redirect))
        {
            int node = Learn(from, redirect);
            if (resend.IsWatched)
            {
                SayVoid(request);
            }
            else
            {
                Follow(request, node, redirect);
            }

            return true;
        }

        bool isTold = resend.IsMoving && reply.StartsWith("-UNBLOCKED "u8);
        if (!isTold && !Refusal.IsPassing(reply))
        {
            return false;
        }

        RequestRefresh();
        if (resend.IsWatched)
        {
            return false;
        }

        resend.Refusal = reply.ToArray();
        LeaveReplica(resend);
        return _retries.TryAdd(request);
    }

    /// <summary>The connection of a request was lost, or could not be had. True: it is going to be sent again.</summary>
    /// <param name="request">Not in any connection's queue.</param>
    /// <param name="mayBeExecuted">False when it was not sent.</param>
    /// <param name="failure">What to say if it cannot be sent again.</param>
    internal bool TryRepeat(Request request, bool mayBeExecuted, Failure failure)
    {
        if (request.Resend is not { Owner: not null, IsWatched: false } resend || request.IsDone || request.IsStreaming
            || (request.Client is null && request.Sink is null) || (mayBeExecuted && !resend.MayRepeat))
        {
            return false;
        }

        RequestRefresh();
        BeginAnewIfTaken(resend);
        resend.Refusal = null;
        resend.Failure = failure;
        LeaveReplica(resend);
        return _retries.TryAdd(request);
    }

    /// <summary>What has waited for long on a connection was taken there: its time to find a node begins anew when it has to leave.</summary>
    private void BeginAnewIfTaken(Resend resend)
    {
        if (resend.IsPinned && _pool.Reactor.Now - resend.SentAt > TakenMilliseconds)
        {
            resend.Attempts = 0;
            resend.Until = 0;
        }
    }

    /// <summary>To be called when a request has its failure: see <see cref="RetryQueue.GiveUpBefore"/>.</summary>
    internal void OnFailed(Request request)
    {
        if (request.Resend is { Owner.HeldBack: > 0, MayRepeat: false } resend)
        {
            _retries.GiveUpBefore(resend.Owner.Number, resend.Slot, request);
        }
    }

    /// <summary>
    /// To be called when a request has its reply, which may have overtaken what its client asked before. True: it is a read, it goes again behind the write that it overtook, and the reply is not
    /// for the client. For writes see <see cref="RetryQueue.GiveUpBefore"/>.
    /// </summary>
    internal bool IsTooEarly(Request request)
    {
        if (request.Resend is not { Owner.HeldBack: > 0 } resend)
        {
            return false;
        }

        if (resend.MayRepeat && !request.IsStreaming && RetryQueue.IsAwaited(request) && _retries.IsBehindWrite(request))
        {
            resend.Refusal = null;
            resend.Failure = null;
            if (_retries.TryAdd(request))
            {
                return true;
            }
        }

        _retries.GiveUpBefore(resend.Owner.Number, resend.Slot, request);
        return false;
    }

    /// <summary>As <see cref="OnFailed"/>, for a write that its client was answered before.</summary>
    internal void OnExecuted(long client, int slot)
    {
        if (!_retries.IsEmpty)
        {
            _retries.GiveUpBefore(client, slot, executed: null);
        }
    }

    /// <summary>Sends it, or keeps it for a later try while its node is away.</summary>
    private void Dispatch(Request request, ServerState? server, int lane, bool isAsking)
    {
        Resend resend = request.Resend!;
        if (resend.IsPinned)
        {
            if (server is null || !resend.Owner!.SendPinned(request, server, isAsking))
            {
                Postpone(request, server);
            }

            return;
        }

        if (_retries.IsBehindHeld(request) && _retries.TryAdd(request))
        {
            return;
        }

        if (server?.Connection(lane, resend.Owner!.Number) is not { } connection)
        {
            Postpone(request, server);
            return;
        }

        _hasTransactions |= resend.Queued is not null;
        if (resend.Queued is not null && !server.Transactions.IsPassed)
        {
            TryOut(request, server, lane, isAsking);
            return;
        }

        if (isAsking)
        {
            // It holds for the next request of this connection (for a transaction to its end): nothing can come in between.
            SendAsking(connection);
        }

        resend.Queued?.Enqueue(connection);
        resend.WriteTo(connection.BeginSend(request));
        if (connection.IsFull)
        {
            connection.WakeWhenRoom(resend.Owner!);
        }
    }

    /// <summary>A transaction is sent to a server only once that is known to take them: see <see cref="TransactionCheck"/>.</summary>
    private void TryOut(Request request, ServerState server, int lane, bool isAsking)
    {
        Resend resend = request.Resend!;
        request.Holders++;
        resend.Owner!.Pause(PauseReasons.Order);
        _retries.Hold(request);
        server.Transactions.Ask(failure =>
        {
            _retries.LetGo(request);
            if (!RetryQueue.IsAwaited(request))
            {
                // What came after it was executed before: it has been told.
            }
            else if (resend.Owner is not { IsClosed: false })
            {
                ServerConnection.Tell(request, failure ?? Failure.KeepsMoving(resend.Slot));
            }
            else if (failure is null)
            {
                Dispatch(request, server, lane, isAsking);
            }
            else if (failure.Kind == FailureKind.NotOffered)
            {
                resend.Refusal = Encoding.UTF8.GetBytes($"-EXECABORT Transaction discarded because of: {failure.Text}\r\n");
                RetryQueue.Answer(request, failure);
            }
            else
            {
                Postpone(request, server);
            }

            _pool.Requests.Release(request);
        });
    }

    /// <summary>Lets the next request of a connection have a slot that its node is still taking in.</summary>
    internal static void SendAsking(ServerConnection connection) =>
        connection.Send(connection.Server.Pool.Requests.Rent(), "*1\r\n$6\r\nASKING\r\n"u8);

    /// <summary>There is no connection for it now.</summary>
    private void Postpone(Request request, ServerState? server)
    {
        RequestRefresh();
        Resend resend = request.Resend!;
        resend.Refusal = null;
        resend.Failure = server?.DownFailure()
            ?? (resend.ReplicaLane < 0 ? Failure.NoServer(_pool.Config.Name) : Failure.NoReplica(resend.Slot));
        LeaveReplica(resend);
        if (!_retries.TryAdd(request))
        {
            Fail(request, resend.Failure);
        }
    }

    private void Follow(Request request, int node, in Redirect redirect)
    {
        Resend resend = request.Resend!;
        resend.Owner!.Pause(PauseReasons.Order);
        resend.Refusal = null;
        resend.Failure = Failure.KeepsMoving(redirect.Slot);
        bool wasReplica = resend.ReplicaLane >= 0;
        LeaveReplica(resend);
        if (++resend.Attempts > RetryQueue.AtOnce || (wasReplica && resend.ReplicaLane >= 0))
        {
            if (!_retries.TryAdd(request))
            {
                Fail(request, resend.Failure);
            }
        }
        else
        {
            Dispatch(request, _pool.ServerAt(node), resend.Lane, redirect.IsAsk);
        }
    }

    /// <summary>After a replica could not serve it, its primary may, unless reads are kept away from primaries.</summary>
    private void LeaveReplica(Resend resend)
    {
        if (_pool.Config.ReadFrom != ReadFrom.Replica)
        {
            resend.ReplicaLane = -1;
        }
    }

    /// <summary>EXEC of a transaction whose watched keys have moved: what a server says when they have changed, since nobody watches them any more.</summary>
    private void SayVoid(Request request)
    {
        int version = _pool.Lanes[request.Resend!.Lane].RespVersion;
        ReadOnlySpan<byte> reply = version == 3 ? "_\r\n"u8 : "*-1\r\n"u8;
        if (request.Client is { } client)
        {
            client.Deliver(request, reply, isLast: true);
        }
        else
        {
            request.Sink?.OnReply(request, reply, isLast: true);
        }
    }

    /// <summary>A step of a scan whose node has a successor finds nothing more there; the next one begins the successor anew (see <see cref="ScanStep"/>).</summary>
    private void EndStep(Request request)
    {
        request.Holders++;
        request.Resend!.Refusal = "*2\r\n$1\r\n0\r\n*0\r\n"u8.ToArray();
        RetryQueue.Answer(request, Failure.KeepsMoving(request.Resend.Slot));
        _pool.Requests.Release(request);
    }

    /// <summary>It is in no queue of a connection: this may be its end.</summary>
    private void Fail(Request request, Failure failure)
    {
        request.Holders++;
        ServerConnection.Tell(request, failure);
        _pool.Requests.Release(request);
    }
}
