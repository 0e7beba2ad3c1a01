using System.Text;
using Keyway.Protocol.Cluster;

namespace Keyway.Protocol.Tests.Cluster;

public sealed class ClusterTopologyTests
{
    private const string Shards =
        "*2 *4 $5 slots *4 :0 :99 :200 :299 $5 nodes *2 "
        + "*14 $2 id $1 a $4 port :7000 $2 ip $9 127.0.0.1 $8 endpoint $6 node-a $4 role $6 master $18 replication-offset :7 $6 health $6 online "
        + "*14 $2 id $1 b $4 port :7001 $2 ip $9 127.0.0.1 $8 endpoint $1 ? $4 role $7 replica $18 replication-offset :7 $6 health $6 failed "
        + "*4 $5 slots *0 $5 nodes *1 "
        + "*12 $2 id $1 c $4 port :7002 $8 endpoint $-1 $4 role $6 master $6 future *1 :1 $6 health $7 loading ";

    [Fact]
    public void FromShards_Reply_IsRead()
    {
        IReadOnlyList<ClusterShard>? shards = ClusterTopology.FromShards(Bytes(Shards));

        Assert.NotNull(shards);
        Assert.Equal(2, shards.Count);
        Assert.Equal([new SlotRange(0, 99), new SlotRange(200, 299)], shards[0].Slots);
        Assert.Equal([new ClusterNode("a", "node-a", 7000, true, true), new ClusterNode("b", "", 7001, false, false)], shards[0].Nodes);
        Assert.Equal("a", shards[0].Primary!.Id);
        Assert.Empty(shards[1].Slots);
        Assert.Equal([new ClusterNode("c", "", 7002, true, false)], shards[1].Nodes);
    }

    [Fact]
    public void FromShards_Resp3Maps_AreRead()
    {
        string maps = Shards.Replace("*4 $5 slots", "%2 $5 slots", StringComparison.Ordinal).Replace("*14", "%7", StringComparison.Ordinal).Replace("*12", "%6", StringComparison.Ordinal);

        Assert.Equal(3, ClusterTopology.FromShards(Bytes(maps))!.Sum(static shard => shard.Nodes.Count));
    }

    [Fact]
    public void FromSlots_RangesOfOnePrimary_AreOneShard()
    {
        IReadOnlyList<ClusterShard>? shards = ClusterTopology.FromSlots(Bytes(
            "*3 *4 :0 :99 *4 $9 127.0.0.1 :7000 $1 a *2 $8 hostname $1 h *3 $9 127.0.0.1 :7001 $1 b "
            + "*3 :100 :199 *3 $-1 :7002 $1 c "
            + "*3 :200 :200 *4 $9 127.0.0.1 :7000 $1 a *0 "));

        Assert.NotNull(shards);
        Assert.Equal(2, shards.Count);
        Assert.Equal([new SlotRange(0, 99), new SlotRange(200, 200)], shards[0].Slots);
        Assert.Equal([new ClusterNode("a", "127.0.0.1", 7000, true, true), new ClusterNode("b", "127.0.0.1", 7001, false, true)], shards[0].Nodes);
        Assert.Equal([new ClusterNode("c", "", 7002, true, true)], shards[1].Nodes);
    }

    [Fact]
    public void FromShards_CutAnywhere_IsRefused()
    {
        byte[] reply = Bytes(Shards);
        for (int length = 0; length < reply.Length; length++)
        {
            Assert.Null(ClusterTopology.FromShards(reply.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("-ERR unknown subcommand ")]
    [InlineData(":1 ")]
    [InlineData("*-1 ")]
    [InlineData("*1 :1 ")]
    [InlineData("*1 *4 $5 slots *2 :5 :4 $5 nodes *0 ")]
    [InlineData("*1 *4 $5 slots *2 :0 :16384 $5 nodes *0 ")]
    [InlineData("*1 *4 $5 slots *1 :0 $5 nodes *0 ")]
    [InlineData("*1 *4 $5 slots *0 $5 nodes *1 *2 $2 id $1 a ")]
    public void FromShards_AnotherForm_IsRefused(string reply) => Assert.Null(ClusterTopology.FromShards(Bytes(reply)));

    [Theory]
    [InlineData("*1 *3 :0 :16384 *2 $1 h :1 ")]
    [InlineData("*1 *3 :0 :1 *2 $1 h :0 ")]
    [InlineData("*1 *2 :0 :1 ")]
    public void FromSlots_AnotherForm_IsRefused(string reply) => Assert.Null(ClusterTopology.FromSlots(Bytes(reply)));

    private static byte[] Bytes(string words) => Encoding.ASCII.GetBytes(words.Replace(" ", "\r\n", StringComparison.Ordinal));
}
