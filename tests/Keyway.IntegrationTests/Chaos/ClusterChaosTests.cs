using Keyway.IntegrationTests.Cluster;
using Keyway.IntegrationTests.Proxy;

namespace Keyway.IntegrationTests.Chaos;

/// <summary>Everything that can happen to a cluster: <c>tests/chaos</c> goes on with it for minutes.</summary>
[Collection(AloneCollection.Name)]
public sealed class ClusterChaosTests(ITestOutputHelper output)
{
    private const int Clients = 4;

    // Longer than the cluster's own fail-over time on a busy machine; and a node that gets no CPU for a while is not to fail.
    private const string NodeTimeout = "2000";
    private const string Settings = "retry_budget: 20s\ntimeout: 10s";

    [Fact]
    public void Cluster_UnderLoadAndAccidents_NoReplyIsWrongAndServiceReturns()
    {
        using ClusterRig rig = new(Settings, "--cluster-node-timeout", NodeTimeout);
        using CheckedLoad load = new(rig.Port, Clients, mayLoseWrites: true, pause: TimeSpan.FromMilliseconds(5));
        new ChaosRun(random => new ChaosCluster(rig.Cluster, random), rig.Keyway, load, output).Go();
    }
}
