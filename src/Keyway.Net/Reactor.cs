using System.Collections.Concurrent;
using Keyway.Net.Buffers;
using Keyway.Net.Polling;
using Keyway.Net.Timers;

namespace Keyway.Net;

/// <summary>
/// One thread and everything it owns: sockets, buffers, timers. A wake-up reads everything that is ready and then
/// writes each touched connection once; that rule is what makes a proxy cheap (docs/architecture.md).
/// Only <see cref="Post"/>, <see cref="Stop"/> and <see cref="Load"/> are for other threads.
/// </summary>
public sealed class Reactor : IPollObserver, IDisposable
{
    /// <summary>One receive's worth: small enough for the second-level cache. Other sizes have not been compared.</summary>
    private const int ScratchSize = 64 * 1024;

    /// <summary>Rounds that a request may wait for company; each lasts as long as one wake-up's reading and replying.</summary>
    private const int MostRounds = 4;

    private readonly TimeProvider _time;
    private readonly IReactorObserver _observer;
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly List<Action> _deferred = [];
    private readonly double _millisecondsPerTick;
    private readonly long _epoch;
    private readonly FlushQueue _servers = new();
    private readonly FlushQueue _clients = new();
    private readonly FlushQueue _resumed = new();
    private bool _stopping;
    private int _load;

    /// <summary>Makes a reactor; <see cref="Run"/> gives it its thread.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <param name="poller">Its poller, which it disposes of.</param>
    /// <param name="time">The clock, read once a wake-up.</param>
    /// <param name="observer">Hears of faults.</param>
    public Reactor(int index, Poller poller, TimeProvider time, IReactorObserver observer)
    {
        Index = index;
        Poller = poller;
        _time = time;
        _observer = observer;
        _millisecondsPerTick = 1000.0 / time.TimestampFrequency;
        _epoch = time.GetTimestamp();
        Timers = new TimerWheel(0, observer);
    }

    /// <summary>The reactor's number, from 0.</summary>
    public int Index { get; }

    /// <summary>The buffers of everything that this reactor owns.</summary>
    public BufferPool Buffers { get; } = new();

    /// <summary>The timers of everything that this reactor owns.</summary>
    public TimerWheel Timers { get; }

    /// <summary>Milliseconds since the reactor was made, as of this wake-up.</summary>
    public long Now { get; private set; }

    /// <summary>Connections that clients hold on this reactor, those on their way to it included. For any thread.</summary>
    public int Load => Volatile.Read(ref _load);

    /// <summary>The wall clock, in milliseconds since 1970, UTC; read at each call. For records, not for timers: it can be set back.</summary>
    public long UnixMilliseconds => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>How this reactor waits.</summary>
    public Poller Poller { get; }

    internal IReactorObserver Observer => _observer;

    internal byte[] Scratch { get; } = GC.AllocateUninitializedArray<byte>(ScratchSize, pinned: true);

    /// <summary>Hands a piece of work to the reactor's thread. For any thread; work posted after the end is dropped.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        Poller.Wake();
    }

    /// <summary>Does something at the end of the wake-up in progress, before its requests leave. For the reactor's own thread.</summary>
    public void Defer(Action action) => _deferred.Add(action);

    /// <summary>Makes <see cref="Run"/> return after the wake-up in progress. For any thread.</summary>
    public void Stop() => Post(() => _stopping = true);

    /// <summary>Serves until <see cref="Stop"/>. Called once, on the thread that is to be the reactor's.</summary>
    public void Run()
    {
        while (!_stopping)
        {
            Turn(mayWait: true);
        }

        FlushClients();
        FlushServers();
    }

    /// <summary>
    /// Replies leave at once; requests wait until nothing more is ready, for a few rounds at most. Writing replies takes some microseconds each, in
    /// which the clients that had theirs first ask again: so the requests of several rounds leave in one send.
    /// </summary>
    private void Gather()
    {
        FlushClients();
        for (int round = 0; round < MostRounds && _servers.Count > 0 && WakeUp(0) > 0; round++)
        {
            FlushClients();
        }
    }

    private int WakeUp(int milliseconds)
    {
        int events = Poller.Wait(milliseconds, this);
        RunPosted();
        Timers.Advance(Now);
        return events;
    }

    /// <inheritdoc/>
    public void Dispose() => Poller.Dispose();

    /// <summary>Counts a connection in or out of <see cref="Load"/>. For any thread.</summary>
    public void AddLoad(int change) => Interlocked.Add(ref _load, change);

    void IPollObserver.OnWake() => Now = (long)((_time.GetTimestamp() - _epoch) * _millisecondsPerTick);

    void IPollObserver.OnReady(PollTarget target, PollEvents events)
    {
        try
        {
            target.OnReady(events);
        }
        catch (Exception e)
        {
            OnFault(e, target as Connection);
        }
    }

    /// <summary>Sends what is to be sent, then handles what is ready. Tests that give the reactor their own thread call it instead of <see cref="Run"/>.</summary>
    /// <param name="mayWait">Wait until something is ready, a timer is due or work was posted.</param>
    internal void Turn(bool mayWait)
    {
        Gather();
        RunDeferred();
        FlushServers();

        // A server in this process has answered by now, and may be written to again.
        if (_clients.Count + _resumed.Count + _servers.Count == 0)
        {
            WakeUp(mayWait && !_stopping && _posted.IsEmpty ? Timers.DelayFrom(Now) : 0);
        }
    }

    internal void QueueFlush(Connection connection) => (connection.IsServer ? _servers : _clients).Add(connection);

    internal void QueueResume(Connection connection) => _resumed.Add(connection);

    /// <summary>A defect of ours costs one connection, not the process.</summary>
    private void OnFault(Exception exception, Connection? connection)
    {
        _observer.OnFault(exception);
        try
        {
            connection?.Close("internal error");
        }
        catch (Exception e)
        {
            _observer.OnFault(e);
        }
    }

    private void RunPosted()
    {
        // What is posted meanwhile waits for the next wake-up, so that work which posts more work starves nobody.
        for (int i = _posted.Count; i > 0 && _posted.TryDequeue(out Action? action); i--)
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                _observer.OnFault(e);
            }
        }
    }

    /// <summary>What defers more is heard, too.</summary>
    private void RunDeferred()
    {
        for (int i = 0; i < _deferred.Count; i++)
        {
            try
            {
                _deferred[i]();
            }
            catch (Exception e)
            {
                _observer.OnFault(e);
            }
        }

        _deferred.Clear();
    }

    private void FlushClients()
    {
        while (_clients.Count + _resumed.Count > 0)
        {
            _resumed.Drain(this, static connection => connection.Resume());
            _clients.Drain(this, static connection => connection.Flush());
        }
    }

    private void FlushServers() => _servers.Drain(this, static connection => connection.Flush());

    /// <summary>Connections to be seen to at the end of a wake-up. A list of the framework's would shift and clear with more checks.</summary>
    private sealed class FlushQueue
    {
        private Connection?[] _items = new Connection?[64];

        internal int Count { get; private set; }

        internal void Add(Connection connection)
        {
            if (Count == _items.Length)
            {
                Array.Resize(ref _items, Count * 2);
            }

            _items[Count++] = connection;
        }

        /// <summary>Handles what is in the queue now; what is added meanwhile stays.</summary>
        internal void Drain(Reactor reactor, Action<Connection> action)
        {
            int count = Count;
            for (int i = 0; i < count; i++)
            {
                Connection connection = _items[i]!;
                try
                {
                    action(connection);
                }
                catch (Exception e)
                {
                    reactor.OnFault(e, connection);
                }
            }

            if (count > 0)
            {
                Array.Copy(_items, count, _items, 0, Count - count);
                Array.Clear(_items, Count - count, count);
                Count -= count;
            }
        }
    }
}
