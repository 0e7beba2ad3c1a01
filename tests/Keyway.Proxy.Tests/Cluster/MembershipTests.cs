using System.Text;
using Keyway.Protocol.Cluster;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Cluster;

/// <summary>Nodes that join a cluster, leave it and come back.</summary>
public sealed class MembershipTests
{
    private const int Other = 2; // the node that is not configured

    [Fact]
    public void NodeThatServesNoSlots_IsNotAskedForTheMap_WhileOthersAnswer()
    {
        using SlotRig rig = new(static (_, _) => "+OK~", map: SlotRig.Shards(0, 1));
        rig.Asked.Clear();

        for (int i = 0; i < 20; i++)
        {
            rig.Refresh();
        }

        Assert.Equal([0, 1], rig.Asked.Distinct().Order());
        rig.Rig.Servers[0].Stop();
        rig.Rig.Servers[1].Stop();
        rig.Rig.Settle();
        rig.Refresh();
        rig.Pass(1000);
        Assert.Contains(2, rig.Asked);
    }

    [Fact]
    public void NodeThatLeaves_LosesItsConnections_AndComesBackUnderItsNumber()
    {
        using SlotRig rig = new(static (node, _) => $"$1~{node}~", nodes: 2, others: 1);
        string key = KeyOfLastShare(rig);
        rig.Map = rig.MapOf(0, 1, Other);
        rig.Refresh();
        Assert.Equal("$1~2~", Ask(rig, key));
        ServerState server = rig.Rig.State.Servers[Other];

        rig.Map = rig.MapOf(0, 1, 1);
        rig.Refresh();
        Assert.True(server.IsGone);
        Assert.Equal("$1~1~", Ask(rig, key));

        rig.Map = rig.MapOf(0, 1, Other);
        rig.Refresh();
        Assert.False(server.IsGone);
        Assert.Equal("$1~2~", Ask(rig, key));
        Assert.Equal(3, rig.Rig.State.Servers.Length);
    }

    [Fact]
    public void NodeThatLeaves_WithARequestUnanswered_IsWaitedForWhileItSpeaks_ThenLeft()
    {
        using SlotRig rig = new(static (node, _) => node == Other ? null : $"$1~{node}~", nodes: 2, others: 1);
        string key = KeyOfLastShare(rig);
        rig.Map = rig.MapOf(0, 1, Other);
        rig.Refresh();
        Assert.Equal("", Ask(rig, key) + rig.Pass(200)); // so long that others are asked for the map

        rig.Map = rig.MapOf(0, 1, 1);
        Assert.Equal("", rig.Refresh());

        Assert.Equal("$1~1~", rig.Pass(1500));
    }

    [Fact]
    public void NodesThatComeAndGo_AtTheSameAddress_TakeNoNewNumbers()
    {
        using SlotRig rig = new(static (node, _) => $"$1~{node}~", nodes: 2, others: 1);
        string key = KeyOfLastShare(rig);

        for (int i = 0; i < 20; i++)
        {
            rig.Map = i % 2 == 0 ? rig.MapOf(0, 1, Other) : rig.MapOf(0, 1, 1);
            rig.Refresh();
            Assert.Equal(i % 2 == 0 ? "$1~2~" : "$1~1~", Ask(rig, key));
        }

        Assert.Equal(3, rig.Rig.State.Servers.Length);
    }

    private static string KeyOfLastShare(SlotRig rig) => Enumerable.Range(0, int.MaxValue)
        .Select(i => rig.KeyOn(1, i))
        .First(static key => KeySlot.Of(Encoding.ASCII.GetBytes(key)) > 11_000);

    /// <summary>A node at a TCP port is connected to in several steps.</summary>
    private static string Ask(SlotRig rig, string key) => rig.Ask($"GET {key}") + rig.Pass(50);
}
