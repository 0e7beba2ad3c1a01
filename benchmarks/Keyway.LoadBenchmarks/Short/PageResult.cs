namespace Keyway.LoadBenchmarks.Short;

/// <summary>The samples of one kind of page over one link, one a round, by the target's name.</summary>
/// <param name="IsRemote">Whether the server is a round trip away.</param>
/// <param name="Page">The kind of page.</param>
/// <param name="Samples">One for each round.</param>
internal sealed record PageResult(bool IsRemote, Page Page, IReadOnlyDictionary<string, List<PageSample>> Samples)
{
    /// <summary>The link in words.</summary>
    public string Link => IsRemote ? "remote" : "loopback";

    /// <summary>A figure of one target relative to another's of the same round, for each round.</summary>
    public double[] Ratios(string target, string peer, Func<PageSample, double> figure) =>
        [.. Samples[target].Zip(Samples[peer], (mine, theirs) => figure(mine) / figure(theirs))];
}
