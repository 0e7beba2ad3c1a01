using Keyway.Net;
using Keyway.Net.Timers;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Pools;

/// <summary>
/// Keeps a reactor within its share of <c>max_buffers</c>. Above it, clients that send are not read; when that alone does not help for a second, the
/// client that holds most is closed, and again, until there is room.
/// </summary>
internal sealed class BufferGuard
{
    private const int LookMilliseconds = 20;
    private const int PatienceMilliseconds = 1000;

    private readonly PoolState _pool;
    private readonly long _limit;
    private readonly List<ClientConnection> _waiting = [];
    private readonly ActionTimer _look;
    private long _since;

    internal BufferGuard(PoolState pool, long limit)
    {
        _pool = pool;
        _limit = limit;
        _look = new ActionTimer(Look);
    }

    /// <summary>True when the share is used up: a client's bytes must wait.</summary>
    internal bool IsExceeded => _pool.Reactor.Buffers.InUse > _limit;

    private Reactor Reactor => _pool.Reactor;

    /// <summary>Stops reading the client until there is room.</summary>
    internal void Hold(ClientConnection client)
    {
        client.Pause(PauseReasons.Buffers);
        _waiting.Add(client);
        if (!_look.IsSet)
        {
            _since = Reactor.Now;
            Reactor.Timers.Set(_look, Reactor.Now + LookMilliseconds);
        }
    }

    private void Look()
    {
        // A tenth below, so that reading does not stop again with the next byte.
        if (Reactor.Buffers.InUse <= _limit - (_limit / 10))
        {
            foreach (ClientConnection client in _waiting)
            {
                client.Unpause(PauseReasons.Buffers);
            }

            _waiting.Clear();
            return;
        }

        if (Reactor.Now - _since >= PatienceMilliseconds)
        {
            CloseLargest();
        }

        Reactor.Timers.Set(_look, Reactor.Now + LookMilliseconds);
    }

    private void CloseLargest()
    {
        ClientConnection? largest = _pool.Clients.MaxBy(static client => client.HeldBytes);
        if (largest is null || largest.HeldBytes == 0)
        {
            return;
        }

        _pool.Counters.Count(FailureKind.OutOfBuffers);
        _pool.Shared.Log.Write(
            LogLevel.Warn,
            "out_of_buffers",
            $"client {largest.Number} closed: it held {largest.HeldBytes} bytes of buffers, and max_buffers is used up",
            ("pool", _pool.Config.Name));
        largest.Close("out of buffers");
    }
}
