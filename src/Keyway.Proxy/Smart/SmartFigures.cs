using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Smart;

/// <summary>What INFO and <c>stats</c> say about smart mode: the pool on all reactors together.</summary>
internal static class SmartFigures
{
    /// <summary>Names with their values; none in sync mode.</summary>
    internal static IEnumerable<(string Name, long Value)> Of(IReadOnlyList<PoolState> states)
    {
        if (states[0].Smart is null)
        {
            yield break;
        }

        yield return ("keyway_early_writes", states.Sum(static state => state.Counters.EarlyWrites));
        yield return ("keyway_early_delivered", states.Sum(static state => state.Counters.EarlyDelivered));
        yield return ("keyway_early_pending", states.Sum(static state => state.Smart!.Pending));
        yield return ("keyway_early_dropped", states.Sum(static state => state.Counters.EarlyDropped));
        yield return ("keyway_early_uncertain", states.Sum(static state => state.Counters.EarlyUncertain));
        yield return ("keyway_early_refused", states.Sum(static state => state.Counters.EarlyRefused));
        if (states[0].Smart!.Journal is { } journal)
        {
            yield return ("keyway_journal_pending", journal.Pending);
        }

        foreach (IGrouping<string, long> reason in states.SelectMany(static state => state.Smart!.GivenUp).GroupBy(static pair => pair.Key, static pair => pair.Value, StringComparer.Ordinal))
        {
            yield return ("keyway_early_given_up_" + reason.Key.ToLowerInvariant(), reason.Sum());
        }
    }
}
