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
    /// <summary>One receive's worth. Twice and half as much measured the same; it should stay in the second-level cache.</summary>
    private const int ScratchSize = 64 * 1024;

    private readonly TimeProvider _time;
    private readonly IReactorObserver _observer;
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly double _millisecondsPerTick;
    private readonly long _epoch;
    private FlushQueue _servers = new();
    private FlushQueue _clients = new();
    private FlushQueue _resumed = new();
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

    /// <summary>Makes <see cref="Run"/> return after the wake-up in progress. For any thread.</summary>
    public void Stop() => Post(() => _stopping = true);

    /// <summary>Serves until <see cref="Stop"/>. Called once, on the thread that is to be the reactor's.</summary>
    public void Run()
    {
        while (!_stopping)
        {
            FlushAll();
            Poller.Wait(_posted.IsEmpty ? Timers.DelayFrom(Now) : 0, this);
            RunPosted();
            Timers.Advance(Now);
        }

        FlushAll();
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

    internal void QueueFlush(Connection connection) => (connection.FlushesFirst ? ref _servers : ref _clients).Add(connection);

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

    /// <summary>Requests leave before replies: the servers work on them while the clients are written to.</summary>
    private void FlushAll()
    {
        while (_servers.Count + _clients.Count + _resumed.Count > 0)
        {
            if (_resumed.Count > 0)
            {
                Drain(ref _resumed, static c => c.Resume());
            }
            else if (_servers.Count > 0)
            {
                Drain(ref _servers, static c => c.Flush());
            }
            else
            {
                Drain(ref _clients, static c => c.Flush());
            }
        }
    }

    private void Drain(ref FlushQueue queue, Action<Connection> action)
    {
        // What is added meanwhile waits for the next round, behind the servers.
        int count = queue.Count;
        for (int i = 0; i < count; i++)
        {
            Connection connection = queue[i];
            try
            {
                action(connection);
            }
            catch (Exception e)
            {
                OnFault(e, connection);
            }
        }

        queue.RemoveFirst(count);
    }

    /// <summary>A list whose memory stays; a list of the framework would clear and shift as well, with more checks.</summary>
    private struct FlushQueue()
    {
        private Connection?[] _items = new Connection?[64];

        internal int Count { get; private set; }

        internal readonly Connection this[int index] => _items[index]!;

        internal void Add(Connection connection)
        {
            if (Count == _items.Length)
            {
                Array.Resize(ref _items, Count * 2);
            }

            _items[Count++] = connection;
        }

        internal void RemoveFirst(int count)
        {
            Array.Copy(_items, count, _items, 0, Count - count);
            Array.Clear(_items, Count - count, count);
            Count -= count;
        }
    }
}
