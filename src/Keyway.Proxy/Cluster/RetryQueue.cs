using Keyway.Net.Timers;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Cluster;

/// <summary>
/// Requests that wait to be sent again, each for at most <c>retry_budget</c> in all. In order: a client's requests of one slot wait equally long.
/// </summary>
internal sealed class RetryQueue
{
    /// <summary>Redirects that are followed without waiting: one may be old already, more are a sign of nodes that disagree.</summary>
    internal const int AtOnce = 3;

    internal const int LeastMilliseconds = 20; // between two tries: a tenth of the shortest fail-over, and the wheel's grain is 8
    private const int MostMilliseconds = 500;
    private const int MostPerMillisecond = 50; // where very many wait, those that say no are not to be kept busy with that

    private readonly PoolState _pool;
    private readonly ClusterState _cluster;
    private readonly Queue<(long Due, Request Request)> _waiting = new();
    private readonly Dictionary<long, Queue<Request>> _waitingOf = []; // by client, in the order of _waiting
    private readonly Dictionary<long, List<Request>> _held = []; // by client
    private readonly LatestRequests _underWay = new(); // while those that are due are sent
    private readonly ActionTimer _timer;

    internal RetryQueue(PoolState pool, ClusterState cluster)
    {
        _pool = pool;
        _cluster = cluster;
        _timer = new ActionTimer(SendDue);
    }

    /// <summary>True when nothing waits.</summary>
    internal bool IsEmpty => _waiting.Count == 0 && _held.Count == 0;

    /// <summary>The request waits for something else than its time, until <see cref="LetGo"/>.</summary>
    internal void Hold(Request request)
    {
        ClientConnection owner = request.Resend!.Owner!;
        owner.HeldBack++;
        if (!_held.TryGetValue(owner.Number, out List<Request>? own))
        {
            own = [];
            _held.Add(owner.Number, own);
        }

        own.Add(request);
    }

    /// <summary>True when a write waits that the same client asked of the same slot before.</summary>
    internal bool IsBehindWrite(Request request)
    {
        Resend resend = request.Resend!;
        foreach (Request earlier in Of(resend.Owner!.Number))
        {
            if (earlier.Resend is { MayRepeat: false } write && write.Slot == resend.Slot && write.Order < resend.Order && IsAwaited(earlier))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when the same client asked something of the same slot that is held: this one is not to overtake it.</summary>
    internal bool IsBehindHeld(Request request)
    {
        Resend resend = request.Resend!;
        if (resend.Owner!.HeldBack == 0 || !_held.TryGetValue(resend.Owner.Number, out List<Request>? own))
        {
            return false;
        }

        foreach (Request held in own)
        {
            if (held.Resend!.Slot == resend.Slot && held.Resend.Order < resend.Order)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>It is going to be sent now.</summary>
    internal void LetGo(Request request)
    {
        ClientConnection owner = request.Resend!.Owner!;
        if (_held.TryGetValue(owner.Number, out List<Request>? own) && own.Remove(request))
        {
            owner.HeldBack--;
            if (own.Count == 0)
            {
                _held.Remove(owner.Number);
            }
        }
    }

    /// <summary>Takes the request; false when its time is over, or when its client has gone: as far as can be known nobody waits for it.</summary>
    internal bool TryAdd(Request request)
    {
        Resend resend = request.Resend!;
        long now = _pool.Reactor.Now;
        if (HasGone(resend.Owner!))
        {
            return false;
        }

        if (resend.Until == 0)
        {
            resend.Until = now + (long)(_pool.Config.RetryBudget?.TotalMilliseconds ?? 0);
        }

        if (now >= resend.Until)
        {
            return false;
        }

        request.Holders++;
        resend.Owner!.Pause(PauseReasons.Order);
        resend.Owner.HeldBack++;
        long due = now + Math.Clamp(_waiting.Count / MostPerMillisecond, LeastMilliseconds, MostMilliseconds);
        _waiting.Enqueue((due, request));
        if (!_waitingOf.TryGetValue(resend.Owner.Number, out Queue<Request>? own))
        {
            own = new Queue<Request>();
            _waitingOf.Add(resend.Owner.Number, own);
        }

        own.Enqueue(request);
        if (!_timer.IsSet)
        {
            _pool.Reactor.Timers.Set(_timer, due);
        }

        return true;
    }

    /// <summary>
    /// A write was executed, or may have been: what its client asked of the same slot before, and still waits, would come after it. Nobody must see that order, so
    /// the waiting ones get the answers that they had got. The same goes for writes before a read, where that cannot be repeated.
    /// </summary>
    /// <param name="client">Whose write it was.</param>
    /// <param name="slot">Its slot.</param>
    /// <param name="executed">It, if it is one of these requests.</param>
    internal void GiveUpBefore(long client, int slot, Request? executed)
    {
        long order = executed?.Resend!.Order ?? long.MaxValue;
        bool isRead = executed?.Resend!.MayRepeat == true;
        Request[] overtaken = [.. Of(client).Where(request => request.Resend!.Slot == slot && request.Resend.Order < order && !(isRead && request.Resend.MayRepeat))];
        foreach (Request request in overtaken.Where(IsAwaited)) // one that is held while it waits is there twice
        {
            Answer(request, Failure.KeepsMoving(request.Resend!.Slot));
        }
    }

    /// <summary>True when the client has closed its connection or its half of it. A server ends both at once; here it is only not waited for.</summary>
    private static bool HasGone(ClientConnection client) => client.IsClosed || client.HasPeerEnded;

    /// <summary>False for one that nobody waits for any more.</summary>
    internal static bool IsAwaited(Request request) => !request.IsDone && (request.Client is not null || request.Sink is not null);

    /// <summary>What became of its last try is its answer.</summary>
    internal static void Answer(Request request, Failure otherwise)
    {
        Resend resend = request.Resend!;
        if (resend.Refusal is not { } refusal)
        {
            ServerConnection.Tell(request, resend.Failure ?? otherwise);
        }
        else if (request.Client is { } client)
        {
            client.Deliver(request, refusal, isLast: true);
        }
        else if (request.Sink is { } sink)
        {
            request.Sink = null;
            sink.OnReply(request, refusal, isLast: true);
        }
    }

    /// <summary>
    /// What its client asked of the slot later is still under way: sent now, this would be executed after it, and nobody would know. The later one's reply decides, see
    /// <see cref="ClusterState.IsTooEarly"/>.
    /// </summary>
    private bool MustLetPass(Request request)
    {
        Resend resend = request.Resend!;
        if (resend.IsPinned || resend.Owner!.UnderWay == 0)
        {
            return false;
        }

        if (!_underWay.IsGathered)
        {
            _underWay.Gather(_pool);
        }

        if (!_underWay.HasLater(resend))
        {
            return false;
        }

        if (TryAdd(request))
        {
            Hold(request); // what waits behind it is not to pass either
        }
        else
        {
            Answer(request, Failure.KeepsMoving(resend.Slot));
        }

        return true;
    }

    /// <summary>What waits, or is held, of a client's requests.</summary>
    private IEnumerable<Request> Of(long client) =>
        (_waitingOf.GetValueOrDefault(client) ?? Enumerable.Empty<Request>()).Concat(_held.GetValueOrDefault(client) ?? Enumerable.Empty<Request>());

    private void SendDue()
    {
        long now = _pool.Reactor.Now;
        for (int left = _waiting.Count; left > 0 && _waiting.Peek().Due <= now; left--)
        {
            Request request = Dequeue();
            if (HasGone(request.Resend!.Owner!))
            {
                Answer(request, Failure.KeepsMoving(request.Resend.Slot));
            }
            else if (IsAwaited(request) && !MustLetPass(request))
            {
                Send(request);
            }

            _pool.Requests.Release(request);
        }

        _underWay.Clear();
        if (_waiting.TryPeek(out var next))
        {
            _pool.Reactor.Timers.Set(_timer, Math.Max(now + 1, next.Due));
        }
    }

    private void Send(Request request)
    {
        ClientConnection owner = request.Resend!.Owner!;
        int before = owner.UnderWay;
        _cluster.Send(request);
        if (_underWay.IsGathered && owner.UnderWay > before)
        {
            _underWay.Add(request);
        }
    }

    private Request Dequeue()
    {
        Request request = _waiting.Dequeue().Request;
        request.Resend!.Owner!.HeldBack--;
        LetGo(request);
        long client = request.Resend.Owner.Number;
        Queue<Request> own = _waitingOf[client];
        _ = own.Dequeue();
        if (own.Count == 0)
        {
            _waitingOf.Remove(client);
        }

        return request;
    }
}
