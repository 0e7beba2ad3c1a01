namespace Keyway.IntegrationTests.Proxy;

/// <summary>The rigs of a test class whose tests do no harm to them: each shape is started once, and emptied for every test.</summary>
public sealed class Rigs : IDisposable
{
    private readonly Dictionary<(int Servers, string Poller), ProxyRig> _rigs = [];

    /// <summary>One server and four, the latter on both pollers.</summary>
    public static TheoryData<int, string> Shapes => new() { { 1, ProxyRig.Epoll }, { 4, ProxyRig.Epoll }, { 4, ProxyRig.Managed } };

    /// <summary>The rig of this shape, empty.</summary>
    public ProxyRig Get(int servers, string poller)
    {
        if (!_rigs.TryGetValue((servers, poller), out var rig))
        {
            rig = ProxyRig.Start(servers, poller: poller);
            _rigs.Add((servers, poller), rig);
        }

        rig.Clear();
        return rig;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var rig in _rigs.Values)
        {
            rig.Dispose();
        }
    }
}
