namespace Keyway.IntegrationTests.Proxy;

/// <summary>
/// Tests with short time-outs run while no other does: on a machine with few cores a healthy server could else be late.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
