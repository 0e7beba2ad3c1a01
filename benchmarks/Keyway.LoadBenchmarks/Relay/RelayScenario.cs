namespace Keyway.LoadBenchmarks.Relay;

/// <summary>What is measured: records of one size, at one level of acknowledgement.</summary>
/// <param name="Acknowledge">Where a record is before it is answered.</param>
/// <param name="Bytes">Length of the value that is sent.</param>
/// <param name="Pipeline">Requests that each client has on the way at a time.</param>
internal sealed record RelayScenario(string Acknowledge, int Bytes, int Pipeline)
{
    /// <summary>Every scenario, in the order of the table.</summary>
    public static IReadOnlyList<RelayScenario> All { get; } =
    [
        .. from bytes in new[] { 200, 10_000 }
           from pipeline in new[] { 1, 16 }
           from level in new[] { "memory", "disk", "fsync" }
           select new RelayScenario(level, bytes, pipeline),
    ];

    /// <summary>As the report names it.</summary>
    public override string ToString() => $"{Acknowledge}, {Bytes} bytes, pipeline of {Pipeline}";
}
