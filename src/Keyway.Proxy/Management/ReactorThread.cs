using Keyway.Net;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Management;

/// <summary>A reactor and the thread that runs it.</summary>
internal sealed class ReactorThread
{
    private readonly Thread _thread;

    internal ReactorThread(Reactor reactor, BufferGuard guard)
    {
        Reactor = reactor;
        Guard = guard;
        _thread = new Thread(reactor.Run) { Name = $"keyway-{reactor.Index}", IsBackground = true };
    }

    internal Reactor Reactor { get; }

    /// <summary>Keeps the reactor within its share of <c>max_buffers</c>.</summary>
    internal BufferGuard Guard { get; }

    internal void Start() => _thread.Start();

    internal void Join() => _thread.Join();

    /// <summary>Runs the action on the reactor's thread and waits for its end.</summary>
    internal void Invoke(Action action)
    {
        using ManualResetEventSlim done = new();
        Reactor.Post(() =>
        {
            try
            {
                action();
            }
            finally
            {
                done.Set();
            }
        });
        done.Wait();
    }
}
