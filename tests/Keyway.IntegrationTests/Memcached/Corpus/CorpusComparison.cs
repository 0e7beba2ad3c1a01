namespace Keyway.IntegrationTests.Memcached.Corpus;

/// <summary>Holds the same exchanges with a memcached and with a peer that should answer as it does.</summary>
internal sealed class CorpusComparison(int oracle, int peer, bool withoutCas = false)
{
    private readonly List<string> _differences = [];

    /// <summary>What was answered otherwise, for people.</summary>
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>How many connections ended each way, to see that the corpus reaches all.</summary>
    public Dictionary<Fate, int> Fates { get; } = [];

    /// <summary>Holds one exchange with both.</summary>
    public bool Compare(Exchange exchange)
    {
        var raw = Conversation.Hold(oracle, exchange);
        var expected = raw.Comparable(withoutCas);
        var actual = Conversation.Hold(peer, exchange, raw).Comparable(withoutCas);
        Fates[expected.Fate] = Fates.GetValueOrDefault(expected.Fate) + 1;
        if (expected == actual)
        {
            return true;
        }

        _differences.Add($"{exchange.Name}\n  memcached: {expected}\n  peer:      {actual}");
        return false;
    }

    /// <summary>Fails the test with the first differences, if there are any.</summary>
    public void AssertSame() =>
        Assert.True(_differences.Count == 0, $"{_differences.Count} exchanges differ:\n{string.Join("\n", _differences.Take(5))}");
}
