using System.Runtime.InteropServices;
using Keyway.Testing;

namespace Keyway.LoadBenchmarks;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    /// <summary>CPUs for the proxy and for the load, as taskset writes them; null where there is no taskset or one CPU only.</summary>
    public static (string? Proxy, string? Load) Cpus() =>
        OperatingSystem.IsLinux() && Environment.ProcessorCount > 1 ? ("0", "1") : (null, null);

    /// <summary>Lines of Markdown.</summary>
    public static string Describe() => $"""
        - Processor: {ProcessorName()}, {Environment.ProcessorCount} CPUs
        - Kernel: {RuntimeInformation.OSDescription} {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}
        - Runtime: {RuntimeInformation.FrameworkDescription}
        - {FirstLine("redis-server", "--version")}
        - {FirstLine("memcached", "--version")}
        - {FirstLine("nutcracker", "-V")}
        - {FirstLine("redis-benchmark", "--version")}
        """;

    private static string ProcessorName() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown";

    private static string FirstLine(string program, string argument)
    {
        using var process = ChildProcess.Start(program, [argument]);
        process.WaitForExit(TimeSpan.FromSeconds(10));
        return process.Log.Split('\n')[0].Trim();
    }
}
