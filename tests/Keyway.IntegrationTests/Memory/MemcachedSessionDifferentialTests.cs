using System.Text.RegularExpressions;
using Keyway.IntegrationTests.Memcached.Corpus;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Memory;

/// <summary>The memory server must answer every byte as a real memcached does.</summary>
public sealed partial class MemcachedSessionDifferentialTests
{
    private const int Exchanges = 2000;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 5)]
    [InlineData(3, 10)]
    public void Process_GeneratedRequests_AnswersAsMemcached(int seed, int metaShare)
    {
        using var memcached = MemcachedProcess.Start(CorpusComparison.ServerArguments);
        using var host = new SessionHost();
        var comparison = new CorpusComparison(memcached.Port, host.Port, without: WithoutSlabs);
        var corpus = new RequestCorpus(seed, metaShare: metaShare);

        for (var i = 0; i < Exchanges; i++)
        {
            comparison.Compare(corpus.Next());
        }

        comparison.AssertSame();
    }

    [Fact]
    public void Process_EdgeCases_AnswersAsMemcached()
    {
        using var memcached = MemcachedProcess.Start(CorpusComparison.ServerArguments);
        using var host = new SessionHost();
        var comparison = new CorpusComparison(memcached.Port, host.Port, without: WithoutSlabs);

        foreach (var exchange in EdgeCases.All)
        {
            comparison.Compare(exchange);
        }

        comparison.AssertSame();
    }

    // The class and size of an item's memory are memcached's own.
    private static Answer WithoutSlabs(Answer answer) => answer with { Text = Slabs().Replace(answer.Text, "#") };

    [GeneratedRegex("(?<=^ME [^\r\n]*)cls=[0-9]+ size=[0-9]+", RegexOptions.Multiline)]
    private static partial Regex Slabs();
}
