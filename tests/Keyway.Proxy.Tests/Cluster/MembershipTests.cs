using System.Text;
using Keyway.Protocol.Cluster;
using Keyway.Proxy.Configuration;
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

    [Fact]
    public void NodeThatLeftLongAgo_LeavesItsNumberToAnother_AndNothingOfItIsHeardAnyMore()
    {
        const int Next = 3;
        using SlotRig rig = new(static (node, request) => request is "CLIENT ID" ? ":7~" : node == Other ? null : $"$1~{node}~", nodes: 2, others: 2);
        string key = KeyOfLastShare(rig);
        rig.Map = rig.MapOf(0, 1, Other);
        rig.Refresh();
        Assert.Equal("", rig.Ask($"BLPOP {key} 0") + rig.Pass(50));
        ServerState old = rig.Rig.State.Servers[Other];

        rig.Map = rig.MapOf(0, 1, 1);
        rig.Refresh();
        rig.Rig.Advance(50_000);
        Assert.Equal("", rig.Serve());
        rig.Map = rig.MapOf(0, 1, Next);
        rig.Refresh();
        Assert.Equal(Next, rig.Rig.State.OwnerOf(KeySlot.Of(Encoding.ASCII.GetBytes(key)))!.Index); // 50 s are not enough
        rig.Map = rig.MapOf(0, 1, 1);
        rig.Refresh();
        rig.Rig.Advance(20_000);
        rig.Map = rig.MapOf(0, 1, 1).Replace(":7001~", ":7009~", StringComparison.Ordinal);

        Assert.Equal("", rig.Refresh());
        Assert.True(rig.Client.IsClosed);
        Assert.Equal(4, rig.Rig.State.Servers.Length);
        Assert.NotSame(old, rig.Rig.State.Servers[Other]);
        Assert.Equal("10.0.0.1:7009", rig.Rig.State.Servers[Other].Label);
        Assert.Equal(0, old.Pinned.InUse + old.Pinned.Idle);
        Assert.Null(rig.Rig.State.StateOf(old));
    }

    [Fact]
    public void NodesThatComeAndGo_WithNewAddresses_TakeNoMoreRoomThanThereAreAtATime()
    {
        const int Changes = 12_000;
        const int Shards = 3;
        using ProxyRig rig = new(1, static config => config with { Topology = PoolTopology.Cluster }, reactors: 2);
        List<WeakReference<ServerState>> seen = [];
        int most = 0;
        for (int i = 0; i < Changes; i++)
        {
            // Every address is used once: 36,000 of them, more than there are numbers.
            ClusterShard[] shards = [.. Enumerable.Range(0, Shards).Select(shard => Shard(shard, $"127.{shard}.{i / 256}.{i % 256}"))];
            rig.State.Cluster!.Distribute(shards, node => rig.State.Shared.NodeIndex(node.Host, node.Port, rig.State.Reactor.Now));
            rig.Time.Advance(TimeSpan.FromSeconds(15));
            rig.Turn();
            foreach (PoolState state in rig.States)
            {
                Assert.All(Enumerable.Range(0, Shards), shard => Assert.Equal(shards[shard].Nodes[0].Host, state.OwnerOf(shards[shard].Slots[0].First)!.Config.Host));
                most = Math.Max(most, state.Servers.Length);
            }

            if (i % 100 == 0)
            {
                seen.AddRange(rig.States.SelectMany(static state => state.Servers[1..]).Select(static server => new WeakReference<ServerState>(server)));
            }
        }

        Assert.InRange(most, 1 + Shards, 1 + (Shards * 6));
        Assert.All(rig.States, static state => Assert.Equal(SlotRange.SlotCount, state.Cluster!.Slots.Assigned));
        Assert.All(rig.States, static state => Assert.Equal("127.1.46.223:7000", state.OwnerOf(6000)!.Label));
        GC.Collect();
        Assert.InRange(seen.Count(static state => state.TryGetTarget(out _)), 0, most); // of thousands

        static ClusterShard Shard(int shard, string host) => new(
            [new SlotRange(SlotRange.SlotCount * shard / Shards, (SlotRange.SlotCount * (shard + 1) / Shards) - 1)],
            [new ClusterNode(host, host, 7000, IsPrimary: true, IsHealthy: true)]);
    }

    private static string KeyOfLastShare(SlotRig rig) => Enumerable.Range(0, int.MaxValue)
        .Select(i => rig.KeyOn(1, i))
        .First(static key => KeySlot.Of(Encoding.ASCII.GetBytes(key)) > 11_000);

    /// <summary>A node at a TCP port is connected to in several steps.</summary>
    private static string Ask(SlotRig rig, string key) => rig.Ask($"GET {key}") + rig.Pass(50);
}
