using System.Net;
using System.Net.Sockets;
using Keyway.Net;
using Keyway.Net.Polling;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Memcached;
using Keyway.Proxy.Memory;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Redis;
using Keyway.Proxy.Relay;
using Keyway.Proxy.Smart;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Management;

/// <summary>A running proxy: reactor threads, the pools on each of them, and the listeners. Made from a configuration that was checked.</summary>
public sealed class ProxyServer : IDisposable
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DrainLook = TimeSpan.FromMilliseconds(5);

    private readonly List<Pool> _pools = [];
    private readonly List<Listener> _listeners = [];
    private readonly ReactorThread[] _threads;
    private readonly Log _log;
    private readonly List<WriteStores> _stores = [];
    private bool _isStopped;

    private ProxyServer(KeywayConfig config, int threads, Log log, TimeProvider time, Func<PoolConfig, WriteStores?>? stores)
    {
        _log = log;
        ReactorLog observer = new(log, time);
        _threads = new ReactorThread[threads];
        BufferBudget budget = new(config.MaxBuffers, threads);
        for (int i = 0; i < threads; i++)
        {
            Reactor reactor = new(i, Poller.Create(), time, observer);
            _threads[i] = new ReactorThread(reactor, new BufferGuard(reactor, budget, log));
        }

        foreach (PoolConfig pool in config.Pools)
        {
            _pools.Add(CreatePool(pool, config, time, OpenStores(pool, stores)));
        }
    }

    /// <summary>Every listening address, in the order of the file: <c>host:port</c> with the real port, or a path.</summary>
    public IReadOnlyList<ListeningAddress> Addresses { get; private set; } = [];

    /// <summary>How this process waits for its sockets: <c>epoll</c> or <c>managed</c>.</summary>
    public string PollerName { get; private set; } = "";

    /// <summary>Listens on every address and serves. Returns when clients can connect.</summary>
    /// <param name="config">What to serve.</param>
    /// <param name="threads">Reactor threads, at least 1; see <see cref="ThreadsFor"/>.</param>
    /// <param name="log">Where events go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stores">Opens where a pool in smart mode, or a relay, keeps what it has answered; null where it keeps nothing, which a relay never does.</param>
    /// <exception cref="IOException">An address cannot be listened on; nothing is left running.</exception>
    public static ProxyServer Start(KeywayConfig config, int threads, Log log, TimeProvider time, Func<PoolConfig, WriteStores?>? stores = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ProxyServer server = new(config, threads, log, time, stores);
        try
        {
            server.Listen();
        }
        catch
        {
            server.CloseListeners();
            foreach (ReactorThread thread in server._threads)
            {
                thread.Reactor.Dispose();
            }

            server._stores.ForEach(static store => store.Dispose());
            throw;
        }

        foreach (ReactorThread thread in server._threads)
        {
            thread.Start();
        }

        return server;
    }

    /// <summary>The number of reactor threads for a configured value: 0 means one a core, at most 4, beyond which a proxy seldom gains.</summary>
    public static int ThreadsFor(int configured) => configured > 0 ? configured : Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>Stops listening, lets clients have the replies they await (at most 5 s), closes everything and ends the threads.</summary>
    public void Dispose() => Stop();

    /// <summary>Stops as <see cref="Dispose"/> does, after waiting for the delivery of what smart mode and relays have answered (<c>drain_timeout</c>).</summary>
    /// <returns>What was not delivered; the second call says nothing new.</returns>
    public Undelivered Stop()
    {
        if (_isStopped)
        {
            return default;
        }

        _isStopped = true;
        foreach (Pool pool in _pools)
        {
            pool.IsStopping = true;
        }

        _threads[0].Invoke(CloseListeners);
        Drain();
        DrainWrites();
        Undelivered[] ofRelays = DrainRelays();
        foreach (ReactorThread thread in _threads)
        {
            int index = thread.Reactor.Index;
            thread.Invoke(() => _pools.ForEach(pool => pool.States[index].Close()));
            thread.Reactor.Stop();
            thread.Join();
            thread.Reactor.Dispose();
        }

        Undelivered undelivered = new(
            _pools.Where(static pool => pool.Journal is null).Sum(static pool => pool.States.Sum(static state => state.Smart?.Pending ?? 0)) + ofRelays.Sum(static left => left.Lost),
            _pools.Sum(static pool => pool.Journal?.Pending ?? 0) + ofRelays.Sum(static left => left.Kept));
        _stores.ForEach(static store => store.Dispose());
        return undelivered;
    }

    private Pool CreatePool(PoolConfig config, KeywayConfig whole, TimeProvider time, WriteStores? stores)
    {
        MemoryStore? memory = HasMemory(config) ? new MemoryStore(whole.MaxBuffers / 2 / whole.Pools.Count(HasMemory), time) : null;
        Pool pool = new(config, _log, memory, stores?.Journal, stores?.DeadLetters, stores?.Spool);
        if (config.Protocol == PoolProtocol.Firehose && pool.Spool is null)
        {
            throw new ArgumentException($"pool {config.Name}: nothing takes its records", nameof(stores));
        }

        pool.SetStates([.. _threads.Select(thread => new PoolState(pool, thread.Reactor, CreateDriver(config.Protocol), thread.Guard))]);
        foreach (PoolState state in pool.States)
        {
            state.Reactor.Post(state.Begin);
        }

        return pool;
    }

    private WriteStores? OpenStores(PoolConfig pool, Func<PoolConfig, WriteStores?>? open)
    {
        WriteStores? stores = null;
        try
        {
            stores = open?.Invoke(pool);
        }
        catch (IOException)
        {
            _stores.ForEach(static store => store.Dispose());
            throw;
        }

        if (stores is not null)
        {
            _stores.Add(stores);
        }

        return stores;
    }

    private static ProtocolDriver CreateDriver(PoolProtocol protocol) => protocol switch
    {
        PoolProtocol.Memcached => new MemcachedProtocol(),
        PoolProtocol.Firehose => new RelayProtocol(),
        _ => new RedisProtocol(),
    };

    private static bool HasMemory(PoolConfig config) => config.Servers.Any(static server => server.IsMemory);

    private void Listen()
    {
        Reactor acceptor = _threads[0].Reactor;
        PollerName = acceptor.Poller.Name;
        List<ListeningAddress> addresses = [];
        foreach (Pool pool in _pools)
        {
            foreach (ListenConfig listen in pool.Config.Listen)
            {
                Listener listener = Open(acceptor, pool, listen, isHttp: false);
                _listeners.Add(listener);
                addresses.Add(new ListeningAddress(pool.Config.Name, listener.Address));
            }

            foreach (ListenConfig listen in pool.Config.Relay.HttpListen)
            {
                Listener listener = Open(acceptor, pool, listen, isHttp: true);
                _listeners.Add(listener);
                addresses.Add(new ListeningAddress(pool.Config.Name, "http://" + listener.Address));
            }
        }

        Addresses = addresses;
        _listeners.ForEach(static listener => listener.Start());
    }

    private Listener Open(Reactor acceptor, Pool pool, ListenConfig listen, bool isHttp)
    {
        EndPoint endPoint = listen.UnixPath is not null ? new UnixDomainSocketEndPoint(listen.UnixPath) : listen.EndPoint!;
        ListenOptions options = new() { Backlog = pool.Config.Backlog, ReusePort = pool.Config.Reuseport, UnixMode = listen.UnixMode };
        try
        {
            return new Listener(acceptor, endPoint, options, socket => HandOut(pool, socket, isHttp));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"pool {pool.Config.Name}: cannot listen on {listen.Text}: {e.Message}", e);
        }
    }

    /// <summary>
    /// Gives a new client to the reactor with the fewest. One acceptor knows all loads, which SO_REUSEPORT does not: it spreads connections,
    /// so that a few long-lived clients can all land on one reactor.
    /// </summary>
    private void HandOut(Pool pool, AcceptedSocket socket, bool isHttp)
    {
        ReactorThread least = _threads[0];
        foreach (ReactorThread thread in _threads)
        {
            if (thread.Reactor.Load < least.Reactor.Load)
            {
                least = thread;
            }
        }

        least.Reactor.AddLoad(1);
        PoolState state = pool.States[least.Reactor.Index];
        if (least == _threads[0])
        {
            state.Accept(socket, isHttp);
        }
        else
        {
            least.Reactor.Post(() => state.Accept(socket, isHttp));
        }
    }

    private void CloseListeners() => _listeners.ForEach(static listener => listener.Dispose());

    private void Drain()
    {
        foreach (PoolState state in _pools.SelectMany(static pool => pool.States))
        {
            state.Reactor.Post(state.Drain);
        }

        long start = TimeProvider.System.GetTimestamp();
        while (_threads.Any(static thread => thread.Reactor.Load > 0) && TimeProvider.System.GetElapsedTime(start) < DrainLimit)
        {
            Thread.Sleep(DrainLook);
        }
    }

    /// <summary>All relays at the same time, each within its own limit.</summary>
    private Undelivered[] DrainRelays()
    {
        Pool[] relays = [.. _pools.Where(static pool => pool.Spool is not null)];
        Undelivered[] left = new Undelivered[relays.Length];
        Thread[] drains = [.. relays.Select((pool, index) => new Thread(() => left[index] = pool.Spool!.Drain(pool.Config.Smart.DrainTimeout)) { Name = "keyway-drain" })];
        Array.ForEach(drains, static drain => drain.Start());
        Array.ForEach(drains, static drain => drain.Join());
        return left;
    }

    private void DrainWrites()
    {
        long start = TimeProvider.System.GetTimestamp();
        while (_pools.Exists(pool => TimeProvider.System.GetElapsedTime(start) < pool.Config.Smart.DrainTimeout
            && pool.States.Any(static state => state.Smart is { IsDrained: false })))
        {
            Thread.Sleep(DrainLook);
        }
    }
}
