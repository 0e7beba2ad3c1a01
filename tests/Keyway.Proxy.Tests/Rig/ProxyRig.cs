using System.Net.Sockets;
using System.Text;
using Keyway.Net;
using Keyway.Net.Polling;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Memcached;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Redis;
using Keyway.Proxy.Relay;
using Keyway.Proxy.Smart;
using Keyway.Proxy.Telemetry;
using Keyway.Testing;

namespace Keyway.Proxy.Tests.Rig;

/// <summary>
/// A pool on reactors that the test's own thread turns, between servers and clients that are unix sockets of the test: nothing happens
/// but by a call, and time stands still but for <see cref="Advance"/>.
/// </summary>
internal sealed class ProxyRig : IReactorObserver, IDisposable
{
    private const int TurnsToSettle = 8; // accept, read, connect, connected, write, and some to spare

    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-rig-").FullName;
    private readonly MemoryStream _log = new();
    private readonly List<IDisposable> _owned = [];
    private readonly Reactor[] _reactors;

    /// <summary>A pool of so many servers (labels s0, s1...) that places keys by modulo; <paramref name="change"/> adapts its configuration.</summary>
    public ProxyRig(int servers = 1, Func<PoolConfig, PoolConfig>? change = null, int reactors = 1, long maxBuffers = long.MaxValue, IWriteJournal? journal = null, IRecordSpool? spool = null)
    {
        for (int i = 0; i < servers; i++)
        {
            Servers.Add(new RigServer(Path.Combine(_directory, $"s{i}")));
        }

        PoolConfig config = new()
        {
            Name = "cache",
            Listen = [],
            Servers = [.. Servers.Select(static server => new ServerConfig { Text = server.Path, UnixPath = server.Path, Label = Path.GetFileName(server.Path) })],
            Distribution = Protocol.Hashing.DistributionKind.Modula,
        };
        Log log = new(new LogConfig { Level = LogLevel.Debug }, _log, Time);
        Pool pool = new(change?.Invoke(config) ?? config, log, memory: null, journal, spool: spool);
        BufferBudget budget = new(maxBuffers, reactors);
        _reactors = [.. Enumerable.Range(0, reactors).Select(i => new Reactor(i, Poller.Create(), Time, this))];
        pool.SetStates([.. _reactors.Select(reactor => new PoolState(pool, reactor, CreateDriver(pool.Config.Protocol), new BufferGuard(reactor, budget, log)))]);
        States = pool.States;
        foreach (PoolState state in States)
        {
            state.Smart?.Begin();
            Array.ForEach(state.Servers, static server => server.Transactions.IsPassed = true);
            Listener listener = new(state.Reactor, new UnixDomainSocketEndPoint(ClientPath(state.Reactor.Index)), new ListenOptions(), socket =>
            {
                state.Reactor.AddLoad(1);
                state.Accept(socket);
            });
            listener.Start();
            _owned.Add(listener);
            Listener http = new(state.Reactor, new UnixDomainSocketEndPoint(HttpPath(state.Reactor.Index)), new ListenOptions(), socket =>
            {
                state.Reactor.AddLoad(1);
                state.Accept(socket, isHttp: true);
            });
            http.Start();
            _owned.Add(http);
        }
    }

    public ManualTimeProvider Time { get; } = new();

    public List<RigServer> Servers { get; } = [];

    public RigServer Server => Servers.Single();

    public IReadOnlyList<PoolState> States { get; }

    public PoolState State => States[0];

    public List<Exception> Faults { get; } = [];

    public string Log => Encoding.UTF8.GetString(_log.ToArray());

    /// <summary>Bytes that the reactors have allocated in their turns.</summary>
    public long Allocated { get; private set; }

    void IReactorObserver.OnFault(Exception exception) => Faults.Add(exception);

    void IReactorObserver.OnAcceptStalled(string address) => Faults.Add(new IOException("stalled"));

    /// <summary>A new client of a reactor.</summary>
    public RigClient Connect(int reactor = 0) => ConnectTo(ClientPath(reactor));

    /// <summary>A new client of a reactor that speaks HTTP.</summary>
    public RigClient ConnectHttp(int reactor = 0) => ConnectTo(HttpPath(reactor));

    private RigClient ConnectTo(string path)
    {
        RigClient client = new(this, path);
        _owned.Add(client);
        Settle();
        return client;
    }

    /// <summary>One wake-up of each reactor.</summary>
    public void Turn()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (Reactor reactor in _reactors)
        {
            reactor.Turn(mayWait: false);
        }

        Allocated += GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Turns until what is under way has reached its sockets.</summary>
    public void Settle()
    {
        for (int i = 0; i < TurnsToSettle; i++)
        {
            Turn();
        }
    }

    /// <summary>Moves time on, then settles.</summary>
    public void Advance(int milliseconds)
    {
        Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        Settle();
    }

    /// <summary>The <paramref name="number"/>th key that lives on the server while all are up.</summary>
    public string KeyOn(int server, int number = 0) => Enumerable.Range(0, int.MaxValue)
        .Select(static i => $"key{i}")
        .Where(key => State.Shared.CreatePlacement(null).Locate(Encoding.ASCII.GetBytes(key)) == server)
        .ElementAt(number);

    public void Dispose()
    {
        _owned.ForEach(static owned => owned.Dispose());
        Settle();
        foreach (PoolState state in States)
        {
            state.Close();
        }

        Servers.ForEach(static server => server.Dispose());
        foreach (Reactor reactor in _reactors)
        {
            reactor.Dispose();
        }

        Directory.Delete(_directory, recursive: true);
        Assert.Empty(Faults);
    }

    private static ProtocolDriver CreateDriver(PoolProtocol protocol) => protocol switch
    {
        PoolProtocol.Memcached => new MemcachedProtocol(),
        PoolProtocol.Firehose => new RelayProtocol(),
        _ => new RedisProtocol(),
    };

    private string HttpPath(int reactor) => Path.Combine(_directory, $"http{reactor}");

    private string ClientPath(int reactor) => Path.Combine(_directory, $"clients{reactor}");
}
