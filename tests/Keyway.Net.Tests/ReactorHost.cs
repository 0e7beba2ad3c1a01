using System.Collections.Concurrent;
using System.Net;
using Keyway.Net.Polling;

namespace Keyway.Net.Tests;

/// <summary>
/// A reactor on a thread of its own. Ends with the test, and holds every test to the same account: no fault that the test did not
/// take, no death of the thread, no buffer kept.
/// </summary>
internal sealed class ReactorHost : IReactorObserver, IDisposable
{
    private readonly CountingTime _time = new();
    private readonly List<Connection> _connections = [];
    private readonly List<Listener> _listeners = [];
    private readonly Thread _thread;
    private Exception? _death;

    internal ReactorHost(string poller)
        : this(Pollers.Create(poller))
    {
    }

    internal ReactorHost(Poller poller)
    {
        Reactor = new Reactor(0, poller, _time, this);
        _thread = new Thread(Run) { IsBackground = true, Name = "reactor" };
        _thread.Start();
    }

    internal Reactor Reactor { get; }

    internal BlockingCollection<Exception> Faults { get; } = [];

    internal BlockingCollection<string> Stalls { get; } = [];

    internal long WakeUps => _time.WakeUps;

    public void OnFault(Exception exception) => Faults.Add(exception);

    public void OnAcceptStalled(string address) => Stalls.Add(address);

    public void Dispose()
    {
        Do(() =>
        {
            _listeners.ForEach(static listener => listener.Dispose());
            _connections.ForEach(static connection => connection.Close("test ended"));
        });
        var kept = Do(() => Reactor.Buffers.InUse);
        Stop();
        Reactor.Dispose();
        Assert.Null(_death);
        Assert.Empty(Faults);
        Assert.Equal(0, kept);
    }

    /// <summary>Ends the reactor's thread, if it has not ended.</summary>
    internal void Stop()
    {
        Reactor.Stop();
        Join();
    }

    /// <summary>Waits for the end of a reactor that was told to stop.</summary>
    internal void Join() => Assert.True(_thread.Join(Wait.Limit), "the reactor did not stop");

    /// <summary>Does something on the reactor's thread, or here when that has ended, and waits for it.</summary>
    internal void Do(Action action) => _ = Do(() =>
    {
        action();
        return true;
    });

    internal T Do<T>(Func<T> function)
    {
        if (!_thread.IsAlive)
        {
            return function();
        }

        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Reactor.Post(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return Wait.For(done.Task, "turn on the reactor" + _death);
    }

    /// <summary>Keeps the reactor from its sockets until disposed, so that what happens meanwhile meets it in one wake-up.</summary>
    internal IDisposable Hold()
    {
        var hold = new Holding();
        Reactor.Post(hold.Stay);
        hold.WaitUntilHeld();
        return hold;
    }

    /// <summary>Fails when the reactor wakes without a reason: each turn asked for here takes one wake-up, two where a signal was late.</summary>
    internal void AssertIdle()
    {
        const int Turns = 50;
        Do(static () => { });
        var before = WakeUps;
        for (var i = 0; i < Turns; i++)
        {
            Do(static () => { });
        }

        Assert.InRange(WakeUps - before, 1, 2 * Turns);
    }

    internal FrameConnection Track(FrameConnection connection)
    {
        _connections.Add(connection);
        return connection;
    }

    /// <summary>Listens; each client becomes what <paramref name="accepted"/> makes of it.</summary>
    internal Listener Listen(EndPoint endPoint, Action<AcceptedSocket> accepted, ListenOptions? options = null) => Do(() =>
    {
        var listener = new Listener(Reactor, endPoint, options ?? new ListenOptions(), accepted);
        _listeners.Add(listener);
        listener.Start();
        return listener;
    });

    private void Run()
    {
        try
        {
            Reactor.Run();
        }
        catch (Exception e)
        {
            _death = e;
        }
    }

    private sealed class Holding : IDisposable
    {
        private readonly ManualResetEventSlim _held = new();
        private readonly ManualResetEventSlim _released = new();

        public void Dispose() => _released.Set();

        internal void Stay()
        {
            _held.Set();
            _released.Wait(Wait.Limit);
        }

        internal void WaitUntilHeld() => Assert.True(_held.Wait(Wait.Limit), "the reactor was not held");
    }
}
