using System.Net;
using System.Net.Sockets;
using Keyway.Testing;

namespace Keyway.LoadBenchmarks.Short;

/// <summary>One Redis server, near and behind a relay that makes it remote, and Keyway before each way to it. For one kind of page.</summary>
internal sealed class PageFleet : IDisposable
{
    /// <summary>Each direction of the emulated link.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(0.5);

    private readonly Stack<IDisposable> _parts = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("keyway-short-").FullName;
    private readonly Page _page;
    private readonly RedisProcess _server;
    private readonly DelayRelayProcess _relay;

    /// <summary>Starts all; the sets of CPUs may be null for any.</summary>
    public PageFleet(Page page, string? proxyCpus, string? loadCpus)
    {
        _page = page;
        try
        {
            string[] password = page.Password is null ? [] : ["--requirepass", page.Password];
            _server = Add(RedisProcess.StartOn(proxyCpus, port: null, ["--unixsocket", PathOf("redis"), .. password]));
            Fill();
            _relay = Add(DelayRelayProcess.Start(_server.Address, Delay, loadCpus));
            Loopback =
            [
                new PageTarget(PageTarget.Direct, Tcp(_server.Port), _server.Process, Proxy: null),
                new PageTarget(PageTarget.DirectUnix, Unix("redis"), _server.Process, Proxy: null),
                .. StartKeyway("near", _server.Address, proxyCpus),
            ];
            Remote = [new PageTarget(PageTarget.Direct, Tcp(_relay.Port), _server.Process, Proxy: null), .. StartKeyway("far", _relay.Address, proxyCpus)];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The targets with the server on the same machine.</summary>
    public IReadOnlyList<PageTarget> Loopback { get; }

    /// <summary>The targets with the server a round trip away.</summary>
    public IReadOnlyList<PageTarget> Remote { get; }

    /// <summary>Stops the relay and returns what it says of its precision.</summary>
    public string StopRelay() => _relay.Stop();

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_parts.TryPop(out var part))
        {
            part.Dispose();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private static IPEndPoint Tcp(int port) => new(IPAddress.Loopback, port);

    private UnixDomainSocketEndPoint Unix(string name) => new(PathOf(name));

    private string PathOf(string name) => Path.Combine(_directory, name + ".sock");

    private PageTarget[] StartKeyway(string name, string server, string? cpus)
    {
        var port = FreePorts.Next();
        var passwords = _page.Password is null ? string.Empty : $"    password: {_page.Password}\n    server_password: {_page.Password}\n";
        var keyway = Add(KeywayProcess.StartOn(cpus, $"""
            threads: 1
            pools:
              pool:
                listen: [127.0.0.1:{port}, {PathOf(name)}]
                servers: [{server}]
                preconnect: true
            {passwords}
            """));
        return
        [
            new PageTarget(PageTarget.Keyway, Tcp(port), _server.Process, keyway.Process),
            new PageTarget(PageTarget.KeywayUnix, Unix(name), _server.Process, keyway.Process),
        ];
    }

    private T Add<T>(T part)
        where T : IDisposable
    {
        _parts.Push(part);
        return part;
    }

    private void Fill()
    {
        using var client = _server.Connect();
        if (_page.Password is not null)
        {
            client.Call("AUTH", _page.Password);
        }

        client.Call("SELECT", $"{_page.Database}");
        client.Call(["MSET", .. Enumerable.Range(0, Page.Keys).SelectMany(key => new[] { Page.Key(key), Scenario.Value })]);
    }
}
