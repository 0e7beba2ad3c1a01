namespace Keyway.LoadBenchmarks;

/// <summary>A scenario's samples, one a round, by the target's name.</summary>
internal sealed record Result(Scenario Scenario, IReadOnlyDictionary<string, List<Sample>> Samples)
{
    /// <summary>
    /// A figure of <paramref name="target"/> relative to nutcracker's of the same round, for each round: what disturbs the machine for a while
    /// disturbs both. Not a number without both.
    /// </summary>
    public double[] Ratios(string target, Func<Sample, double> figure) =>
        Samples.TryGetValue(target, out var own) && Samples.TryGetValue(Target.Nutcracker, out var peer)
            ? [.. own.Zip(peer, (mine, theirs) => figure(mine) / figure(theirs))]
            : [double.NaN];
}
