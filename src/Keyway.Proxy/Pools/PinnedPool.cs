using Keyway.Net.Timers;
using Keyway.Proxy.Pipelining;

namespace Keyway.Proxy.Pools;

/// <summary>
/// The connections to one server that clients of one reactor have for themselves for a while: at most <c>max_pinned</c>. Who finds none waits for
/// <c>pinned_wait</c>, first come, first served. Free ones are closed after <c>pinned_idle</c>, but for <c>min_idle</c> of lane 0.
/// </summary>
internal sealed class PinnedPool
{
    private const string TooOld = "old (connection_max_age)";

    private readonly ServerState _server;
    private readonly List<List<PinnedConnection>> _idle = []; // by lane, the one used last at the end
    private readonly HashSet<PinnedConnection> _inUse = [];
    private readonly LinkedList<Waiter> _waiting = [];
    private readonly ActionTimer _waitTimer;
    private readonly ActionTimer _idleTimer;

    internal PinnedPool(ServerState server)
    {
        _server = server;
        _waitTimer = new ActionTimer(FailLate);
        _idleTimer = new ActionTimer(CloseIdle);
    }

    /// <summary>Connections that clients have.</summary>
    internal int InUse => _inUse.Count;

    /// <summary>Connections that are free.</summary>
    internal int Idle { get; private set; }

    /// <summary>Clients that wait for one.</summary>
    internal int Waiting => _waiting.Count;

    private PoolState Pool => _server.Pool;

    /// <summary>A connection of the lane, free or new; null when all are in use. One that cannot be opened is closed already.</summary>
    internal PinnedConnection? TryTake(int lane)
    {
        if (_waiting.Count > 0)
        {
            return null;
        }

        PinnedConnection? pin = Take(lane);
        KeepMinimum();
        return pin;
    }

    /// <summary>Opens free connections up to <c>min_idle</c>, as far as the server is up and <c>max_pinned</c> allows it.</summary>
    internal void KeepMinimum()
    {
        if (_server.Health.IsDown || _server.IsGone || _server.Config.IsMemory)
        {
            return;
        }

        while (IdleOf(0).Count < Pool.Config.MinIdle && _inUse.Count + Idle < Pool.Config.MaxPinned)
        {
            PinnedConnection fresh = new(_server.OpenPrivate(Pool.Lanes[0]), 0);
            if (fresh.Connection.IsClosed)
            {
                break;
            }

            AddIdle(fresh);
        }

        SetIdleTimer();
    }

    /// <summary>Calls the taker when there is one for it, or when it has waited for too long.</summary>
    internal void Wait(IPinTaker taker, int lane)
    {
        _waiting.AddLast(new Waiter(taker, lane, Pool.Reactor.Now + (long)Pool.Config.PinnedWait.TotalMilliseconds));
        SetWaitTimer();
    }

    /// <summary>The taker has gone.</summary>
    internal void Cancel(IPinTaker taker)
    {
        for (LinkedListNode<Waiter>? node = _waiting.First; node is not null; node = node.Next)
        {
            if (node.Value.Taker == taker)
            {
                _waiting.Remove(node);
                return;
            }
        }
    }

    /// <summary>Its user is done: if nothing is awaited on it, it serves the next; else it is closed.</summary>
    internal void Return(PinnedConnection pin)
    {
        if (!_inUse.Remove(pin))
        {
            return;
        }

        if (!pin.IsQuiet)
        {
            pin.Connection.Close("its client is done with it, but it is not known to be clean");
        }
        else if (pin.IsOld)
        {
            pin.Connection.Close(TooOld);
        }
        else if (_server.IsGone)
        {
            pin.Connection.Close("its node has left the cluster");
        }
        else
        {
            AddIdle(pin);
        }

        ServeWaiting();
    }

    /// <summary>Breaks the connections; their users find out.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="except">Those that are to stay.</param>
    internal void Abandon(string reason, IReadOnlySet<PinnedConnection>? except = null)
    {
        foreach (PinnedConnection pin in _inUse.Concat(_idle.SelectMany(static pins => pins)).Where(pin => except?.Contains(pin) != true).ToArray())
        {
            pin.Connection.Close(reason);
        }
    }

    /// <summary>Closes those that are free: no more are needed.</summary>
    internal void CloseIdle(string reason)
    {
        foreach (List<PinnedConnection> pins in _idle)
        {
            pins.ForEach(pin => pin.Connection.Close(reason));
            pins.Clear();
        }

        Idle = 0;
    }

    /// <summary>Closes every connection: the process ends.</summary>
    internal void Close()
    {
        Pool.Reactor.Timers.Cancel(_waitTimer);
        Pool.Reactor.Timers.Cancel(_idleTimer);
        _waiting.Clear();
        foreach (PinnedConnection pin in _inUse.Concat(_idle.SelectMany(static pins => pins)).ToArray())
        {
            pin.Connection.Close("shutting down");
        }
    }

    private PinnedConnection? Take(int lane)
    {
        List<PinnedConnection> idle = IdleOf(lane);
        while (idle.Count > 0)
        {
            PinnedConnection pin = idle[^1];
            idle.RemoveAt(idle.Count - 1);
            Idle--;
            if (pin.IsOld)
            {
                pin.Connection.Close(TooOld);
            }
            else if (!pin.Connection.IsClosed)
            {
                _inUse.Add(pin);
                return pin;
            }
        }

        if (_inUse.Count >= Pool.Config.MaxPinned)
        {
            return null;
        }

        if (_inUse.Count + Idle >= Pool.Config.MaxPinned)
        {
            CloseOneIdle();
        }

        PinnedConnection fresh = new(_server.OpenPrivate(Pool.Lanes[lane]), lane);
        if (!fresh.Connection.IsClosed)
        {
            _inUse.Add(fresh);
        }

        return fresh;
    }

    private void ServeWaiting()
    {
        while (_waiting.First is { } first && Take(first.Value.Lane) is { } pin)
        {
            _waiting.RemoveFirst();
            first.Value.Taker.OnPinned(pin);
        }
    }

    private void FailLate()
    {
        long now = Pool.Reactor.Now;
        while (_waiting.First is { } first && first.Value.Until <= now)
        {
            _waiting.RemoveFirst();
            first.Value.Taker.OnNotPinned(Failure.NoPinned(_server.Label, (long)Pool.Config.PinnedWait.TotalMilliseconds, Pool.Config.MaxPinned));
        }

        SetWaitTimer();
    }

    private void SetWaitTimer()
    {
        if (_waiting.First is { } first && !_waitTimer.IsSet)
        {
            Pool.Reactor.Timers.Set(_waitTimer, first.Value.Until);
        }
    }

    private void AddIdle(PinnedConnection pin)
    {
        pin.IdleSince = Pool.Reactor.Now;
        IdleOf(pin.Lane).Add(pin);
        Idle++;
        SetIdleTimer();
    }

    private void CloseIdle()
    {
        long since = Pool.Reactor.Now - (long)Pool.Config.PinnedIdle.TotalMilliseconds;
        for (int lane = 0; lane < _idle.Count; lane++)
        {
            List<PinnedConnection> pins = _idle[lane];
            int spare = pins.Count - (lane == 0 ? Pool.Config.MinIdle : 0);
            Idle -= pins.RemoveAll(pin =>
            {
                bool isOver = (spare > 0 && pin.IdleSince <= since) || pin.IsOld || pin.Connection.IsClosed;
                if (isOver)
                {
                    spare--;
                    pin.Connection.Close(pin.IsOld ? TooOld : "idle");
                }

                return isOver;
            });
        }

        KeepMinimum();
        SetIdleTimer();
    }

    /// <summary>Looks again in a quarter of the time: a connection goes at most that much late.</summary>
    private void SetIdleTimer()
    {
        if ((Idle > 0 || (Pool.Config.MinIdle > 0 && !_server.IsGone)) && !_idleTimer.IsSet)
        {
            Pool.Reactor.Timers.Set(_idleTimer, Pool.Reactor.Now + Math.Max(1, (long)Pool.Config.PinnedIdle.TotalMilliseconds / 4));
        }
    }

    /// <summary>One of another lane makes room.</summary>
    private void CloseOneIdle()
    {
        List<PinnedConnection> pins = _idle.First(static pins => pins.Count > 0);
        pins[0].Connection.Close("another database or RESP version needs its place (max_pinned)");
        pins.RemoveAt(0);
        Idle--;
    }

    private List<PinnedConnection> IdleOf(int lane)
    {
        while (_idle.Count <= lane)
        {
            _idle.Add([]);
        }

        return _idle[lane];
    }

    private readonly record struct Waiter(IPinTaker Taker, int Lane, long Until);
}
