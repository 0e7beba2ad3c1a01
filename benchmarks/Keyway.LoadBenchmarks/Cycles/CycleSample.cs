namespace Keyway.LoadBenchmarks.Cycles;

/// <summary>One run.</summary>
/// <param name="Seconds">How long the slowest script took.</param>
/// <param name="Microseconds">CPU time of Keyway for each request; NaN without it.</param>
internal sealed record CycleSample(double Seconds, double Microseconds);
