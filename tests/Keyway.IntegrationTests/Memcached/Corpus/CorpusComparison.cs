namespace Keyway.IntegrationTests.Memcached.Corpus;

/// <summary>
/// Holds the same exchanges with a memcached and with a peer that should answer as it does, but for the numbers of versions and for what
/// <c>without</c> takes from an answer.
/// </summary>
internal sealed class CorpusComparison(int oracle, int peer, bool withoutCas = false, Func<Answer, Answer>? without = null)
{
    /// <summary>
    /// Arguments of the memcacheds that are compared: nothing that goes on in the background holds an item, which else shows in where a
    /// changed number is put.
    /// </summary>
    public static string[] ServerArguments => ["-o", "no_lru_crawler,no_lru_maintainer"];

    private readonly List<string> _differences = [];

    /// <summary>What was answered otherwise, for people.</summary>
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>How many connections ended each way, to see that the corpus reaches all.</summary>
    public Dictionary<Fate, int> Fates { get; } = [];

    /// <summary>Holds one exchange with both.</summary>
    public bool Compare(Exchange exchange)
    {
        var raw = Conversation.Hold(oracle, exchange);
        var expected = Comparable(raw);
        var actual = Comparable(Conversation.Hold(peer, exchange, raw));
        Fates[expected.Fate] = Fates.GetValueOrDefault(expected.Fate) + 1;
        if (expected == actual || IsPartOf(expected, actual) || IsPartOf(actual, expected))
        {
            return true;
        }

        _differences.Add($"{exchange.Name}\n  memcached: {expected}\n  peer:      {actual}");
        return false;
    }

    /// <summary>Fails the test with the first differences, if there are any.</summary>
    public void AssertSame() =>
        Assert.True(_differences.Count == 0, $"{_differences.Count} exchanges differ:\n{string.Join("\n", _differences.Take(3))}");

    // While a value is awaited, answers to what came before it may be held back.
    private static bool IsPartOf(Answer shorter, Answer longer) =>
        shorter.Fate == Fate.Waiting && longer.Fate == Fate.Waiting && longer.Text.StartsWith(shorter.Text, StringComparison.Ordinal);

    private Answer Comparable(Answer answer)
    {
        var comparable = answer.Comparable(withoutCas);
        return without is null ? comparable : without(comparable);
    }
}
