namespace Keyway.LoadBenchmarks.Relay;

/// <summary>One run.</summary>
/// <param name="AcceptedPerSecond">Records answered a second.</param>
/// <param name="DeliveredPerSecond">Records a second from the first request until the last was delivered.</param>
/// <param name="CpuMicroseconds">CPU time of Keyway for each record, delivery included.</param>
/// <param name="P99">99th percentile of the answers' latency, in milliseconds.</param>
internal sealed record RelaySample(double AcceptedPerSecond, double DeliveredPerSecond, double CpuMicroseconds, double P99);
