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

    private const int WaitMilliseconds = 20; // a tenth of the shortest fail-over, and the wheel's grain is 8

    private readonly PoolState _pool;
    private readonly ClusterState _cluster;
    private readonly Queue<(long Due, Request Request)> _waiting = new();
    private readonly ActionTimer _timer;

    internal RetryQueue(PoolState pool, ClusterState cluster)
    {
        _pool = pool;
        _cluster = cluster;
        _timer = new ActionTimer(SendDue);
    }

    /// <summary>Takes the request; false when its time is over.</summary>
    internal bool TryAdd(Request request)
    {
        Resend resend = request.Resend!;
        long now = _pool.Reactor.Now;
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
        _waiting.Enqueue((now + WaitMilliseconds, request));
        if (!_timer.IsSet)
        {
            _pool.Reactor.Timers.Set(_timer, now + WaitMilliseconds);
        }

        return true;
    }

    private void SendDue()
    {
        long now = _pool.Reactor.Now;
        for (int left = _waiting.Count; left > 0 && _waiting.Peek().Due <= now; left--)
        {
            Request request = _waiting.Dequeue().Request;
            if (request.Client is not null || request.Sink is not null)
            {
                _cluster.Send(request);
            }

            _pool.Requests.Release(request);
        }

        if (_waiting.TryPeek(out var next) && !_timer.IsSet)
        {
            _pool.Reactor.Timers.Set(_timer, Math.Max(now + 1, next.Due));
        }
    }
}
