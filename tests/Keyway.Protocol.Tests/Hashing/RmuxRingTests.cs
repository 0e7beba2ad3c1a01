using System.Text;

namespace Keyway.Protocol.Tests.Hashing;

/// <summary>Tables and placements that rmux itself was seen to use.</summary>
public sealed class RmuxRingTests
{
    private const string Six = "0,1,2,3,4,5,5,0,2,4,4,1,3,5,0,3,3,2,5,1,4,0,4,1,5,2,2,3,0,5,3,1,1,4,2,0,0,5,4,3,2,1";
    private const string Seven = "0,1,2,3,4,5,6,0,2,4,6,1,3,5,0,3,6,2,5,1,4,0,4,1,5,2,6,3,0,5,3,1,6,4,2,0,6,5,4,3,2,1";

    [Theory]
    [InlineData(1, "0,0")]
    [InlineData(2, "0,1")]
    [InlineData(3, "0,1,2,0,2,1,0,1")]
    [InlineData(4, "0,1,2,3,3,0,2,2,1,3,0,3,1,1,2,0,0,3,2,1,0,1,2,3,3,0,2,2,1,3,0,3")]
    [InlineData(5, "0,1,2,3,4,0,2,4,1,3,0,3,1,4,2,0,4,3,2,1,0,1,2,3,4,0,2,4,1,3,0,3")]
    [InlineData(6, Six + ",0,1,2,3,4,5,5,0,2,4,4,1,3,5,0,3,3,2,5,1,4,0")]
    [InlineData(7, Seven + ",0,1,2,3,4,5,6,0,2,4,6,1,3,5,0,3,6,2,5,1,4,0")]
    public void Table_OfFewServers_IsRmuxs(int servers, string table) => Assert.Equal(table, string.Join(',', RmuxRing.Table(servers)));

    [Theory]
    [InlineData(8, "17,16,15,14,15,14,18,19")]
    [InlineData(10, "13,13,13,12,13,12,13,12,14,13")]
    public void Table_OfMoreServers_HasRmuxsShares(int servers, string shares)
    {
        byte[] table = RmuxRing.Table(servers);

        Assert.Equal(128, table.Length);
        Assert.Equal(shares, string.Join(',', Enumerable.Range(0, servers).Select(server => table.Count(entry => entry == server))));
    }

    [Theory]
    [InlineData(2, "a 1, key1 0, key2 1, foo 0, bar 1, user:1000 0, 0123456789 1")]
    [InlineData(3, "a 1, key1 2, key2 0, foo 2, bar 1, user:1000 2, {tag}x 2, 0123456789 1")]
    [InlineData(4, "a 1, key1 2, key2 2, foo 3, bar 1, user:1000 2, {tag}x 1, 0123456789 1")]
    [InlineData(5, "a 1, key1 2, key2 4, foo 4, bar 1, user:1000 2, {tag}x 1, 0123456789 4")]
    [InlineData(7, "a 4, key1 6, key2 2, foo 6, bar 0, user:1000 6, {tag}x 3, 0123456789 5")]
    public void Locate_KnownKeys_AreOnRmuxsServers(int servers, string expected)
    {
        Placement placement = Make(servers);
        string[] keys = [.. expected.Split(", ").Select(pair => pair.Split(' ')[0])];

        Assert.Equal(expected, string.Join(", ", keys.Select(key => $"{key} {placement.Locate(Encoding.UTF8.GetBytes(key))}")));
    }

    [Fact]
    public void Locate_EmptyKey_HashesTo0() => Assert.Equal(0, Make(5).Locate([]));

    [Fact]
    public void Locate_LongKey_WrapsAt32Bits()
    {
        byte[] key = [.. Enumerable.Range(0, 100).Select(i => (byte)(i * 7))];
        uint hash = key.Aggregate(0u, (sum, b) => unchecked((sum * 33) + b));

        Assert.Equal(RmuxRing.Table(7)[hash & 63], Make(7).Locate(key));
    }

    [Theory]
    [InlineData(new[] { 2 })]
    [InlineData(new[] { 0, 3 })]
    [InlineData(new[] { 1, 2, 4 })]
    public void Locate_ServersAway_StepsForwardThroughTheTable(int[] away)
    {
        byte[] table = RmuxRing.Table(5);
        Placement placement = Make(5, away);

        for (int index = 0; index < table.Length; index++)
        {
            int at = index;
            while (away.Contains(table[at]))
            {
                at = (at + 1) % table.Length;
            }

            // One byte below 33 is its own hash.
            Assert.Equal(table[at], placement.Locate([(byte)index]));
        }
    }

    [Fact]
    public void Locate_WeightsAndLabels_DoNotMatter()
    {
        var placement = new Placement(
            HashKind.Md5, DistributionKind.Rmux, HashTag.None, [new RingServer("z", 9), new RingServer("y", 1), new RingServer("x", 5)]);

        Assert.Equal(Make(3).Locate("user:1000"u8), placement.Locate("user:1000"u8));
    }

    [Fact]
    public void Table_OfMostServers_IsThere()
    {
        Assert.Equal(16384, RmuxRing.Table(Placement.MaxRmuxServers).Length);
        Assert.Throws<ArgumentException>(() => Make(Placement.MaxRmuxServers + 1));
    }

    private static Placement Make(int servers, params int[] away) => new(
        HashKind.Fnv1a64,
        DistributionKind.Rmux,
        HashTag.None,
        [.. Enumerable.Range(0, servers).Select(i => new RingServer($"localhost:{6380 + i}", 1))],
        away.ToHashSet());
}
