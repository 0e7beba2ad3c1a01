using Keyway.IntegrationTests.Proxy;
using Keyway.IntegrationTests.Sentinel;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Chaos;

/// <summary>Everything that can happen to a master, its replicas and three Sentinels: <c>tests/chaos</c> goes on with it for minutes.</summary>
[Collection(AloneCollection.Name)]
public sealed class SentinelChaosTests(ITestOutputHelper output)
{
    private const int Clients = 4;

    // Longer than the Sentinels' own fail-over time, which is long when one follows soon on another.
    private const string Settings = "retry_budget: 30s\ntimeout: 10s";

    // Twice this long after a fail-over they begin no other: as short as they can be relied on to need.
    private const string SentinelSettings = $"sentinel failover-timeout {SentinelProcess.MasterName} 2000";

    [Fact]
    public void Sentinels_UnderLoadAndAccidents_NoReplyIsWrongAndServiceReturns()
    {
        using SentinelRig rig = new(Settings, SentinelSettings);
        using CheckedLoad load = new(rig.Port, Clients, mayLoseWrites: true, pause: TimeSpan.FromMilliseconds(5));
        new ChaosRun(random => new ChaosSentinels(rig, random), rig.Keyway!, load, output).Go();
    }
}
