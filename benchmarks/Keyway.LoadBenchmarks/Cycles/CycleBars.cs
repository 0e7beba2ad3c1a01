namespace Keyway.LoadBenchmarks.Cycles;

/// <summary>How often as fast as a direct connection is good enough.</summary>
internal static class CycleBars
{
    /// <summary>The number of the run, in the order of the benchmark's table, the target's name, and the bar.</summary>
    public static IReadOnlyList<(int Run, string Target, double Bar)> All { get; } =
    [
        (0, "smart, memory", 18),
        (0, "smart, disk", 12),
        (1, "smart, memory", 18),
        (1, "smart, disk", 12),
        (2, "smart, memory", 2),
        (2, "smart, disk", 2),
        (2, "smart, fsync", 2),
        (3, "smart, memory", 2),
        (3, "smart, disk", 2),
        (3, "smart, fsync", 2),
    ];
}
