using Keyway.IntegrationTests.Memcached.Corpus;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Memcached;

/// <summary>Whatever a client says, Keyway's answers are those of a memcached, byte for byte, and the connection stays or ends as with it.</summary>
public sealed class CorpusTests
{
    private const int Exchanges = 1500;

    [Theory]
    [InlineData(1, 0, ProxyRig.Epoll)]
    [InlineData(2, 5, ProxyRig.Epoll)]
    [InlineData(3, 10, ProxyRig.Managed)]
    public void Requests_MadeAtRandom_AreAnsweredAsByTheServerAlone(int seed, int metaShare, string poller)
    {
        using var memcached = MemcachedProcess.Start(CorpusComparison.ServerArguments);
        using var rig = MemcachedRig.Start(1, poller: poller, serverArguments: CorpusComparison.ServerArguments);
        var comparison = new CorpusComparison(memcached.Port, rig.Port);
        var corpus = new RequestCorpus(seed, metaShare: metaShare);

        for (var i = 0; i < Exchanges; i++)
        {
            comparison.Compare(corpus.Next());
        }

        comparison.AssertSame();
    }

    [Theory]
    [InlineData(4, 0, ProxyRig.Epoll)]
    [InlineData(5, 5, ProxyRig.Epoll)]
    [InlineData(6, 10, ProxyRig.Managed)]
    public void Requests_MadeAtRandomForFourServers_AreAnsweredAsByOneThatHasEverything(int seed, int metaShare, string poller)
    {
        using var memcached = MemcachedProcess.Start(CorpusComparison.ServerArguments);

        // One thread: over another connection to the server the next client can overtake a noreply.
        using var rig = MemcachedRig.Start(4, poller: poller, threads: 1, serverArguments: CorpusComparison.ServerArguments);
        var comparison = new CorpusComparison(memcached.Port, rig.Port, withoutCas: true);
        var corpus = new RequestCorpus(seed, isSharded: true, metaShare);

        for (var i = 0; i < Exchanges; i++)
        {
            comparison.Compare(corpus.Next());
        }

        comparison.AssertSame();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Requests_AtTheEdges_AreAnsweredAsByTheServerAlone(int servers)
    {
        using var memcached = MemcachedProcess.Start(CorpusComparison.ServerArguments);
        using var rig = MemcachedRig.Start(servers, threads: 1, serverArguments: CorpusComparison.ServerArguments);
        var comparison = new CorpusComparison(memcached.Port, rig.Port, withoutCas: servers > 1);

        foreach (var exchange in EdgeCases.All)
        {
            comparison.Compare(exchange);
        }

        comparison.AssertSame();
    }
}
