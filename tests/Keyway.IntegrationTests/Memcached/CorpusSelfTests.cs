using Keyway.IntegrationTests.Memcached.Corpus;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Memcached;

/// <summary>The corpus itself: two memcacheds answer it alike, every kind of answer occurs in it, and a peer that answers otherwise is found out.</summary>
public sealed class CorpusSelfTests
{
    private const int Exchanges = 800;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Corpus_TwoMemcacheds_AnswerAlike(int seed)
    {
        using var one = MemcachedProcess.Start(CorpusComparison.ServerArguments);
        using var other = MemcachedProcess.Start(CorpusComparison.ServerArguments);
        var comparison = new CorpusComparison(one.Port, other.Port);
        var corpus = new RequestCorpus(seed);

        foreach (var exchange in EdgeCases.All.Concat(Enumerable.Range(0, Exchanges).Select(_ => corpus.Next())))
        {
            comparison.Compare(exchange);
        }

        comparison.AssertSame();
        Assert.All(Enum.GetValues<Fate>(), fate => Assert.True(comparison.Fates.GetValueOrDefault(fate) > 2, $"{fate} is rare"));
    }

    [Fact]
    public void Corpus_OneMemcached_GivesEveryAnswerOfTheProtocol()
    {
        using var server = MemcachedProcess.Start(CorpusComparison.ServerArguments);
        var corpus = new RequestCorpus(seed: 2);
        var missing = new HashSet<string>(StringComparer.Ordinal)
        {
            "STORED", "NOT_STORED", "EXISTS", "NOT_FOUND", "DELETED", "TOUCHED", "OK", "VALUE", "END", "ERROR", "VERSION", "HD", "VA", "EN", "NS", "EX", "NF", "MN", "ME",
            "CLIENT_ERROR bad command line format", "CLIENT_ERROR bad data chunk", "CLIENT_ERROR invalid exptime argument", "CLIENT_ERROR invalid numeric delta argument",
            "CLIENT_ERROR cannot increment or decrement non-numeric value", "CLIENT_ERROR duplicate flag", "CLIENT_ERROR opaque token too long", "CLIENT_ERROR invalid flag", "CLIENT_ERROR error decoding key",
            "SERVER_ERROR object too large for cache",
        };

        foreach (var exchange in EdgeCases.All.Concat(Enumerable.Range(0, Exchanges).Select(_ => corpus.Next())))
        {
            foreach (var line in Conversation.Hold(server.Port, exchange).Text.Split("\r\n"))
            {
                missing.RemoveWhere(answer => line == answer || (line.StartsWith(answer, StringComparison.Ordinal) && line[answer.Length] == ' '));
            }
        }

        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("set k 0 0 1\r\na\r\n", "STORED\r\n", true)]
    [InlineData("set k 0 0 1\r\na\r\n", "STORED \r\n", false)]
    [InlineData("set k 0 0 1\r\na\r\n", "", false)]
    [InlineData("set k 0 0 1 noreply\r\na\r\n", "", true)]
    [InlineData("set k 0 0 1 noreply\r\na\r\n", "\r\n", false)]
    [InlineData("set k 0 0 9\r\na\r\n", "", false)]
    [InlineData("get k\r\n", "END\r\nEND\r\n", false)]
    public void Compare_PeerWithAScriptedAnswer_FindsWhetherItDiffers(string request, string answer, bool isSame)
    {
        using var memcached = MemcachedProcess.Start(CorpusComparison.ServerArguments);
        using var peer = new ScriptedServer(connection =>
        {
            connection.ReadRaw(request.Length);
            connection.Write(answer + "NF Oend-1 kkw-end\r\nNF Oend-2 kkw-end\r\n");
            while (connection.ReadRequest() is not null)
            {
                // The end of the exchange is the peer's to say.
            }
        });
        var comparison = new CorpusComparison(memcached.Port, peer.Port);

        Assert.Equal(isSame, comparison.Compare(Exchange.Whole(request)));
    }

    [Fact]
    public void Compare_PeerThatCloses_IsFound()
    {
        using var memcached = MemcachedProcess.Start(CorpusComparison.ServerArguments);
        using var nutcracker = NutcrackerProcess.Start($"servers:\n - {memcached.Address}:1");
        var comparison = new CorpusComparison(memcached.Port, nutcracker.Port);

        Assert.False(comparison.Compare(Exchange.Whole("foo\r\n")));
        Assert.Contains("[Open]", Assert.Single(comparison.Differences));
        Assert.Contains("[Closed]", comparison.Differences[0]);
    }
}
