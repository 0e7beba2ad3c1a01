using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Cluster;

/// <summary>While no node tells the map, the log says why, and not more often than is of use.</summary>
public sealed class UnknownMapTests
{
    [Fact]
    public void NodesThatRefuse_AreQuotedOnce_HoweverManyRequestsCome()
    {
        using SlotRig rig = new(static (_, _) => "+OK~", isKnown: false);
        for (int i = 0; i < 40; i++)
        {
            rig.Ask("SET k 1");
            rig.Pass(100);
        }

        Assert.Single(Warnings(rig));
        Assert.Contains("says LOADING not now", Warnings(rig)[0], StringComparison.Ordinal);
        rig.Pass(12_000);
        Assert.Equal(2, Warnings(rig).Length);
    }

    [Fact]
    public void NodesThatBegin_ToRefuseAgain_AreQuotedAgain()
    {
        using SlotRig rig = new(static (_, _) => "+OK~", isKnown: false);
        rig.IsTelling = true;
        rig.Pass(1500);
        rig.IsTelling = false;

        rig.Refresh();

        Assert.Equal(2, Warnings(rig).Length);
    }

    private static string[] Warnings(SlotRig rig) =>
        [.. rig.Rig.Log.Split('\n').Where(static line => line.Contains("no node told", StringComparison.Ordinal))];
}
