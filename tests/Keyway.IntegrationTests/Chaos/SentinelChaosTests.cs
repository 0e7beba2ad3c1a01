using Keyway.IntegrationTests.Proxy;
using Keyway.IntegrationTests.Sentinel;

namespace Keyway.IntegrationTests.Chaos;

/// <summary>Everything that can happen to a master, its replicas and three Sentinels: <c>tests/chaos</c> goes on with it for minutes.</summary>
[Collection(AloneCollection.Name)]
public sealed class SentinelChaosTests(ITestOutputHelper output)
{
    private const int Clients = 4;

    // Longer than the Sentinels' own fail-over time, which is long when one follows soon on another.
    private const string Settings = "retry_budget: 30s\ntimeout: 10s";

    [Fact]
    public void Sentinels_UnderLoadAndAccidents_NoReplyIsWrongAndServiceReturns()
    {
        using SentinelRig rig = new(Settings);
        using CheckedLoad load = new(rig.Port, Clients, mayLoseWrites: true, pause: TimeSpan.FromMilliseconds(5));
        new ChaosRun(random => new ChaosSentinels(rig, random), rig.Keyway!, load, output).Go();
    }
}
