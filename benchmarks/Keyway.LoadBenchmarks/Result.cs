namespace Keyway.LoadBenchmarks;

/// <summary>A scenario's medians by the target's name.</summary>
internal sealed record Result(Scenario Scenario, IReadOnlyDictionary<string, Sample> Medians)
{
    /// <summary>CPU time of <paramref name="target"/> relative to nutcracker's; not a number without both.</summary>
    public double CpuRatio(string target) => Ratio(target, sample => sample.CpuMicroseconds);

    /// <summary>A figure of <paramref name="target"/> relative to nutcracker's.</summary>
    public double Ratio(string target, Func<Sample, double> figure) =>
        Medians.TryGetValue(target, out var own) && Medians.TryGetValue(Target.Nutcracker, out var peer) ? figure(own) / figure(peer) : double.NaN;
}
