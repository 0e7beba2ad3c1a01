using Keyway.Net.Timers;
using Keyway.Proxy.Pipelining;

namespace Keyway.Proxy.Pools;

/// <summary>Closes clients that have neither sent nor taken anything for <c>client_idle_timeout</c>, unless they have subscribed to something: one timer for all, so that a client costs nothing for it. A client goes at most a quarter late.</summary>
internal sealed class IdleSweep
{
    private readonly PoolState _pool;
    private readonly long _limit;
    private readonly ActionTimer _timer;

    internal IdleSweep(PoolState pool, TimeSpan limit)
    {
        _pool = pool;
        _limit = (long)limit.TotalMilliseconds;
        _timer = new ActionTimer(Sweep);
    }

    internal void Start() => _pool.Reactor.Timers.Set(_timer, _pool.Reactor.Now + Math.Max(1, _limit / 4));

    internal void Stop() => _pool.Reactor.Timers.Cancel(_timer);

    private void Sweep()
    {
        long since = _pool.Reactor.Now - _limit;
        foreach (ClientConnection client in _pool.Clients.Where(client => client.IsIdle && !client.AwaitsMessages && client.LastHeard <= since).ToArray())
        {
            client.Close("idle");
        }

        Start();
    }
}
