using Keyway.Testing;

namespace Keyway.LoadBenchmarks;

/// <summary>Something that the load can be sent to.</summary>
/// <param name="Name">Its name in the tables.</param>
/// <param name="Port">Its loopback port.</param>
/// <param name="Proxy">The proxy whose CPU time counts, or null for a direct connection.</param>
internal sealed record Target(string Name, int Port, ChildProcess? Proxy)
{
    /// <summary>The direct connection.</summary>
    public const string Direct = "direct";

    /// <summary>The proxy that others are compared with.</summary>
    public const string Nutcracker = "nutcracker";

    /// <summary>The proxy that is measured.</summary>
    public const string Keyway = "keyway";

    /// <summary>The same with two reactors.</summary>
    public const string KeywayTwo = "keyway-2";

    /// <summary>Runs the load once and adds the proxy's CPU time per request.</summary>
    public Sample Measure(Scenario scenario, long requests, string? cpus)
    {
        var before = Proxy?.CpuNanoseconds ?? 0;
        var sample = scenario.Run(Port, requests, cpus);
        return Proxy is null ? sample : sample with { CpuMicroseconds = (Proxy.CpuNanoseconds - before) / 1000.0 / requests };
    }
}
