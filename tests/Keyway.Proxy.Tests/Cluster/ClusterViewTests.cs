using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Cluster;

/// <summary>What a client that knows clusters sees.</summary>
public sealed class ClusterViewTests
{
    [Theory]
    [InlineData("CLUSTER KEYSLOT foo", ":12182~")]
    [InlineData("CLUSTER KEYSLOT {foo}bar", ":12182~")]
    [InlineData("READONLY", "+OK~")]
    [InlineData("READWRITE", "+OK~")]
    [InlineData("ASKING", "+OK~")]
    [InlineData("CLUSTER LINKS", "*0~")]
    [InlineData("CLUSTER COUNTKEYSINSLOT 16384", "-ERR Invalid slot~")]
    [InlineData("CLUSTER RESET", "-ERR CLUSTER RESET concerns one node of the cluster; send it there over a direct connection.~")]
    public void Commands_OfAClusterClient_AreAnswered(string command, string reply)
    {
        using SlotRig rig = new(static (_, _) => null);

        Assert.Equal(reply, rig.Ask(command));
        Assert.Empty(rig.Seen);
    }

    [Fact]
    public void Slots_AreAllKeyways()
    {
        using SlotRig rig = new(static (_, _) => null);

        Assert.StartsWith("*1~*3~:0~:16383~*4~", rig.Ask("CLUSTER SLOTS"), StringComparison.Ordinal);
        Assert.Contains("cluster_state:ok", rig.Ask("CLUSTER INFO"), StringComparison.Ordinal);
        Assert.EndsWith(" myself,master - 0 0 1 connected 0-16383\n~", rig.Ask("CLUSTER NODES"), StringComparison.Ordinal);
    }

    [Fact]
    public void Slots_OfTheRealView_AreANodesAnswer()
    {
        using SlotRig rig = new(static (_, _) => "*0~", change: static config => config with { ClusterView = ClusterView.Real });

        Assert.Equal("*0~", rig.Ask("CLUSTER SLOTS"));
        Assert.Equal(["0:CLUSTER SLOTS"], rig.Seen);
    }

    [Fact]
    public void KeysInASlot_AreCountedByItsNode()
    {
        using SlotRig rig = new(static (_, _) => ":5~");

        Assert.Equal(":5~", rig.Ask("CLUSTER COUNTKEYSINSLOT 16000"));
        Assert.Equal(["2:CLUSTER COUNTKEYSINSLOT 16000"], rig.Seen);
    }

    [Fact]
    public void CommandsToAll_GoToThePrimaries_AndFollowTheirSlots()
    {
        bool isReplica = true;
        using SlotRig rig = new((node, _) => node == 1 && isReplica ? "-READONLY You can't write against a read only replica.~" : "+OK~");

        Assert.Equal("", rig.Ask("FLUSHALL"));
        isReplica = false;

        Assert.Equal("+OK~", rig.Pass(100));
    }
}
