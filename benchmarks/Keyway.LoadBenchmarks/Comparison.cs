namespace Keyway.LoadBenchmarks;

/// <summary>Runs one scenario on all targets in turn, round after round, so that the machine's moods meet all of them.</summary>
internal static class Comparison
{
    public static Result Run(Scenario scenario, Fleet fleet, LoadOptions options, string? loadCpus, Action<string> report)
    {
        var targets = options.Targets.Select(name => fleet[name, scenario.Servers]).ToArray();
        var requests = targets.ToDictionary(target => target.Name, target => WarmUp(scenario, target, options, loadCpus), StringComparer.Ordinal);
        var samples = targets.ToDictionary(target => target.Name, _ => new List<Sample>(), StringComparer.Ordinal);
        for (var round = 1; round <= options.Rounds; round++)
        {
            // Every other round goes backwards: a machine that gets busier must not favour whoever comes first.
            foreach (var target in round % 2 == 1 ? targets : targets.Reverse())
            {
                var sample = target.Measure(scenario, requests[target.Name], loadCpus);
                samples[target.Name].Add(sample);
                report($"{scenario.Name,-10} round {round} {target.Name,-10} {ResultTables.Text(sample.CpuMicroseconds, "F3"),6} us  {sample.RequestsPerSecond,9:F0}/s  " +
                    $"p50 {sample.P50:F3}  p99 {sample.P99:F3}  p99.9 {sample.P999:F3} ms");
            }
        }

        return new Result(scenario, samples);
    }

    // Returns how many requests fill the time of one measurement.
    private static long WarmUp(Scenario scenario, Target target, LoadOptions options, string? loadCpus)
    {
        var first = scenario.Run(target.Port, requests: 20_000, loadCpus);
        var warm = scenario.Run(target.Port, Requests(first, target.Proxy is null ? 0.2 : options.WarmUpSeconds), loadCpus);
        return Requests(warm, options.Seconds);
    }

    private static long Requests(Sample sample, double seconds) => Math.Max(20_000, (long)(sample.RequestsPerSecond * seconds));
}
