namespace Keyway.LoadBenchmarks.Memcached;

/// <summary>Memcached pools beside nutcracker's and a direct connection, and with one reactor and two.</summary>
internal static class MemcachedBenchmark
{
    /// <summary>Each proxy with one thread, on a CPU that it shares with the servers.</summary>
    public static Result[] Compare(LoadOptions options, Action<string> report)
    {
        var scenarios = MemcachedScenario.All.Where(scenario => scenario.Name.Contains(options.Scenario, StringComparison.Ordinal)).ToArray();
        if (options.Quick && options.Scenario.Length == 0)
        {
            scenarios = [.. scenarios.Where(static scenario => scenario.Servers == 1 || scenario.KeysPerGet > 1)];
        }

        var (proxyCpus, loadCpus) = Machine.Cpus();
        using var fleet = Fleet.OfMemcached(proxyCpus, proxyCpus);
        return [.. scenarios.Select(scenario => Comparison.Run(scenario, fleet, options, loadCpus, report))];
    }

    /// <summary>Keyway with one reactor and with two; everything runs on whichever CPU is free.</summary>
    public static Result[] CompareReactors(LoadOptions options, Action<string> report)
    {
        using var fleet = Fleet.OfMemcached(proxyCpus: null, serverCpus: null);
        var reactors = options with { Targets = [Target.Keyway, Target.KeywayTwo] };
        return [.. MemcachedScenario.All
            .Where(static scenario => scenario.Name is "get-4" or "get-4-p16")
            .Select(scenario => Comparison.Run(scenario, fleet, reactors, loadCpus: null, report))];
    }
}
