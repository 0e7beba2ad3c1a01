using System.Text;
using Keyway.Testing;

namespace Keyway.Protocol.Tests.Hashing;

public sealed class PlacementTests
{
    private const int KeyCount = 20_000;

    private static readonly byte[][] Keys = [.. Enumerable.Range(0, KeyCount).Select(i => Encoding.UTF8.GetBytes($"user:{i}:profile"))];

    public static TheoryData<DistributionKind> Distributions => [.. Enum.GetValues<DistributionKind>()];

    public static TheoryData<DistributionKind> Deterministic => [.. Enum.GetValues<DistributionKind>().Where(kind => kind != DistributionKind.Random)];

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Locate_OneServer_IsZero(DistributionKind distribution)
    {
        Assert.Equal(0, Make(distribution, Servers(3)).Locate("k"u8));
        Assert.Equal(0, Make(distribution, Servers(3)).Locate([]));
    }

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Locate_AllEjected_IsNone(DistributionKind distribution)
    {
        Assert.Equal(-1, Make(distribution, Servers(1), 0).Locate("k"u8));
        var placement = Make(distribution, Servers(1, 1, 1), 0, 1, 2);
        Assert.Equal(-1, placement.Locate("k"u8));
        Assert.Equal(0, placement.LiveServers);
    }

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Locate_AllButOneEjected_IsTheLastOne(DistributionKind distribution) =>
        Assert.All(Locations(Make(distribution, Servers(1, 5, 1), 0, 2)), server => Assert.Equal(1, server));

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Locate_SomeEjected_NeverGivesAnEjectedOne(DistributionKind distribution)
    {
        var placement = Make(distribution, Servers(1, 5, 1, 2), 1, 3);

        Assert.Equal(2, placement.LiveServers);
        Assert.Equal([0, 2], Locations(placement).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Deterministic))]
    public void Locate_EjectedAndReadmitted_IsAsBefore(DistributionKind distribution)
    {
        var servers = Servers(1, 2, 3, 4);
        var before = Locations(Make(distribution, servers));

        Assert.NotEqual(before, Locations(Make(distribution, servers, 2)));
        Assert.Equal(before, Locations(Make(distribution, servers)));
    }

    [Theory]
    [InlineData(DistributionKind.Jump)]
    [InlineData(DistributionKind.Rendezvous)]
    public void Locate_ServersEjectedOneAfterAnother_MovesOnlyTheirKeys(DistributionKind distribution)
    {
        var servers = Servers(3, 1, 4, 1, 5, 9, 2, 6);
        HashSet<int> ejected = [];
        var before = Locations(Make(distribution, servers));
        foreach (var dead in (int[])[2, 5, 0, 7])
        {
            ejected.Add(dead);
            var after = Locations(Make(distribution, servers, [.. ejected]));

            Assert.All(before.Zip(after), pair => Assert.True(pair.First == pair.Second || pair.First == dead));
            before = after;
        }
    }

    [Theory]
    [InlineData(DistributionKind.Jump)]
    [InlineData(DistributionKind.Rendezvous)]
    public void Locate_ServerEjected_SpreadsItsKeysByWeight(DistributionKind distribution)
    {
        var servers = Servers(1, 2, 3, 4);
        var before = Locations(Make(distribution, servers));
        var after = Locations(Make(distribution, servers, 3));

        var moved = before.Zip(after).Where(pair => pair.First == 3).CountBy(pair => pair.Second).ToDictionary();

        AssertShares([1, 2, 3], index => moved[index]);
    }

    [Theory]
    [InlineData(DistributionKind.Jump)]
    [InlineData(DistributionKind.Rendezvous)]
    public void Locate_ServerAddedAtTheEnd_TakesKeysForItselfOnly(DistributionKind distribution)
    {
        var before = Locations(Make(distribution, Servers(2, 2, 2)));
        var after = Locations(Make(distribution, Servers(2, 2, 2, 1)));

        Assert.All(before.Zip(after), pair => Assert.True(pair.First == pair.Second || pair.Second == 3));
        Assert.InRange(after.Count(server => server == 3), KeyCount / 7 * 0.9, KeyCount / 7 * 1.1);
    }

    [Theory]
    [InlineData(DistributionKind.Jump)]
    [InlineData(DistributionKind.Rendezvous)]
    public void Locate_EqualWeights_Balanced(DistributionKind distribution) => AssertBalanced(distribution, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);

    [Theory]
    [InlineData(DistributionKind.Jump)]
    [InlineData(DistributionKind.Rendezvous)]
    public void Locate_UnequalWeights_Respected(DistributionKind distribution) => AssertBalanced(distribution, 1, 2, 3, 5, 10);

    [Theory]
    [InlineData(DistributionKind.Jump)]
    [InlineData(DistributionKind.Rendezvous)]
    public void Locate_GreatestWeights_Respected(DistributionKind distribution) => AssertBalanced(distribution, int.MaxValue, int.MaxValue, int.MaxValue);

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Locate_GreatestWeights_EveryServerHasKeys(DistributionKind distribution) =>
        Assert.Equal([0, 1, 2], Locations(Make(distribution, Servers(int.MaxValue, int.MaxValue, int.MaxValue))).Distinct().Order());

    [Fact]
    public void Random_Seeded_TakesEveryLiveServerEqually()
    {
        var counts = Locations(Make(DistributionKind.Random, Servers(100, 1, 1), 1)).CountBy(server => server).ToDictionary();

        AssertShares([1, 1], index => counts[index * 2]);
    }

    [Fact]
    public void Jump_OneLightSurvivor_StillFound() =>
        Assert.All(Locations(Make(DistributionKind.Jump, Servers(1, 1_000_000, 1), 1)), server => Assert.NotEqual(1, server));

    [Fact]
    public void Jump_TinyShareLive_IsSpread()
    {
        var counts = Locations(Make(DistributionKind.Jump, Servers(1, 1_000_000, 1), 1)).CountBy(server => server).ToDictionary();

        AssertShares([1, 1], index => counts[index * 2]);
    }

    [Fact]
    public void Rendezvous_OtherOrder_SameLabels()
    {
        var servers = Servers(1, 2, 3);
        RingServer[] turned = [servers[2], servers[0], servers[1]];
        var placement = Make(DistributionKind.Rendezvous, servers);
        var other = Make(DistributionKind.Rendezvous, turned);

        Assert.All(Keys, key => Assert.Equal(servers[placement.Locate(key)], turned[other.Locate(key)]));
    }

    // Keyway's own distributions must give the same answer in every version: these were calculated once and stay.
    [Fact]
    public void Jump_KnownKeys_StayWhereTheyAre() =>
        Assert.Equal("32132021322322321233131133333331", Digits(Make(DistributionKind.Jump, Servers(1, 2, 3, 4))));

    [Fact]
    public void Rendezvous_KnownKeys_StayWhereTheyAre() =>
        Assert.Equal("21122100022121102213303223232333", Digits(Make(DistributionKind.Rendezvous, Servers(1, 2, 3, 4))));

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Locate_Warm_AllocatesNothing(DistributionKind distribution)
    {
        foreach (var hash in Enum.GetValues<HashKind>())
        {
            var placement = new Placement(hash, distribution, new HashTag((byte)'{', (byte)'}'), Servers(1, 2, 3), new HashSet<int> { 1 }, new Random(1));
            placement.Locate("{warm}up"u8);

            Assert.Equal(0, Allocations.Least(() =>
            {
                for (var i = 0; i < 100; i++)
                {
                    placement.Locate(Keys[i]);
                }
            }));
        }
    }

    [Fact]
    public void Constructor_BadArguments_Throws()
    {
        Assert.Throws<ArgumentException>(() => Make(DistributionKind.Ketama, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(DistributionKind.Ketama, Servers(1, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make((DistributionKind)9, Servers(1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Placement((HashKind)99, DistributionKind.Ketama, default, Servers(1, 1)));
        Assert.Throws<ArgumentNullException>(() => new Placement(HashKind.Md5, DistributionKind.Random, default, Servers(1, 1)));
    }

    private static RingServer[] Servers(params int[] weights) => [.. weights.Select((weight, index) => new RingServer($"cache-{index}", weight))];

    private static Placement Make(DistributionKind distribution, RingServer[] servers, params int[] ejected) =>
        new(HashKind.Murmur, distribution, HashTag.None, servers, ejected.ToHashSet(), new Random(1));

    private static int[] Locations(Placement placement) => [.. Keys.Select(key => placement.Locate(key))];

    private static string Digits(Placement placement) => string.Concat(Locations(placement).Take(32));

    private static void AssertBalanced(DistributionKind distribution, params int[] weights)
    {
        var counts = Locations(Make(distribution, Servers(weights))).CountBy(server => server).ToDictionary();
        AssertShares(weights, index => counts[index]);
    }

    /// <summary>Each share within five standard deviations of a binomial draw, which no fair placement leaves.</summary>
    private static void AssertShares(int[] weights, Func<int, int> countOf)
    {
        double totalWeight = weights.Sum(weight => (long)weight);
        double total = Enumerable.Range(0, weights.Length).Sum(countOf);
        for (var index = 0; index < weights.Length; index++)
        {
            var share = weights[index] / totalWeight;
            var tolerance = 5 * Math.Sqrt(total * share * (1 - share));
            Assert.InRange(countOf(index), (total * share) - tolerance, (total * share) + tolerance);
        }
    }
}
