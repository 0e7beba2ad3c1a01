using Keyway.Net;
using Keyway.Net.Timers;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Pools;

/// <summary>
/// Keeps a reactor within the <see cref="BufferBudget"/>. Above it, clients that send are not read; when that alone does not help for a second, the
/// client that holds most is closed, and again, until there is room.
/// </summary>
internal sealed class BufferGuard
{
    private const int LookMilliseconds = 20;
    private const int PatienceMilliseconds = 1000;

    private readonly Reactor _reactor;
    private readonly BufferBudget _budget;
    private readonly Log _log;
    private readonly List<PoolState> _pools = [];
    private readonly List<ClientConnection> _waiting = [];
    private readonly ActionTimer _look;
    private long _since;

    /// <param name="reactor">Whose buffers are guarded; all its pools share them.</param>
    /// <param name="budget">What all reactors may have in use; this one is added to it.</param>
    /// <param name="log">Hears of clients that had to be closed.</param>
    internal BufferGuard(Reactor reactor, BufferBudget budget, Log log)
    {
        _reactor = reactor;
        _budget = budget;
        budget.Add(reactor.Buffers);
        _log = log;
        _look = new ActionTimer(Look);
    }

    /// <summary>True when the budget is used up: a client's bytes must wait.</summary>
    internal bool IsExceeded => _budget.IsExceededBy(_reactor.Buffers);

    /// <summary>The pool's clients are among those that can be closed.</summary>
    internal void Watch(PoolState pool) => _pools.Add(pool);

    /// <summary>Stops reading the client until there is room.</summary>
    internal void Hold(ClientConnection client)
    {
        client.Pause(PauseReasons.Buffers);
        _waiting.Add(client);
        Relieve();
    }

    /// <summary>The budget is used up: unless that passes within a second, the client that holds most is closed.</summary>
    internal void Relieve()
    {
        if (!_look.IsSet)
        {
            _since = _reactor.Now;
            _reactor.Timers.Set(_look, _reactor.Now + LookMilliseconds);
        }
    }

    private void Look()
    {
        if (_budget.HasRoomFor(_reactor.Buffers))
        {
            foreach (ClientConnection client in _waiting)
            {
                client.Unpause(PauseReasons.Buffers);
            }

            _waiting.Clear();
            return;
        }

        if (_reactor.Now - _since >= PatienceMilliseconds)
        {
            CloseLargest();
        }

        _reactor.Timers.Set(_look, _reactor.Now + LookMilliseconds);
    }

    private void CloseLargest()
    {
        ClientConnection? largest = _pools.SelectMany(static pool => pool.Clients).MaxBy(static client => client.HeldBytes);
        if (largest is null || largest.HeldBytes == 0)
        {
            return;
        }

        largest.Pool.Counters.Count(FailureKind.OutOfBuffers);
        _log.Write(
            LogLevel.Warn,
            "out_of_buffers",
            $"client {largest.Number} closed: it held {largest.HeldBytes} bytes of buffers, and max_buffers is used up",
            ("pool", largest.Pool.Config.Name));
        largest.Close("out of buffers");
    }
}
