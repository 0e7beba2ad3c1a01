using System.Text;

namespace Keyway.Protocol.Tests.Hashing;

public sealed class NutcrackerVectorTests
{
    public static TheoryData<HashKind> Kinds => [.. Enum.GetValues<HashKind>()];

    public static TheoryData<string, string> PlacementSets
    {
        get
        {
            var sets = VectorFile.Placement.GetProperty("sets").EnumerateArray();
            return [.. sets.SelectMany(set => set.GetProperty("placement").EnumerateObject().Select(placement => (set.GetProperty("set").GetString()!, placement.Name)))];
        }
    }

    public static TheoryData<int> EjectedCases => [.. Enumerable.Range(0, VectorFile.Ejected.GetProperty("cases").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Hash_EveryVector_AsMeasured(HashKind kind)
    {
        Assert.Equal(253, VectorFile.Hashes.Count);
        foreach (var vector in VectorFile.Hashes)
        {
            var hex = vector.GetProperty("key_hex").GetString()!;
            var expected = vector.EnumerateObject().Single(property => property.Name != "key_hex" && VectorFile.Named<HashKind>(property.Name) == kind).Value.GetUInt32();

            var hash = KeyHash.Raw(kind, Convert.FromHexString(hex));

            Assert.True(hash == expected, $"{kind} of the key {hex}: {hash}, measured {expected}");
        }
    }

    [Theory]
    [MemberData(nameof(PlacementSets))]
    public void Placement_EveryVector_AsMeasured(string name, string hashAndDistribution)
    {
        var set = VectorFile.Placement.GetProperty("sets").EnumerateArray().Single(set => set.GetProperty("set").GetString() == name);
        var keys = VectorFile.Placement.GetProperty("keys_hex").GetProperty(set.GetProperty("protocol").GetString()!);
        var measured = set.GetProperty("placement").GetProperty(hashAndDistribution);
        var tag = set.GetProperty("hash_tag").GetString() is { } text ? new HashTag((byte)text[0], (byte)text[1]) : HashTag.None;
        var parts = hashAndDistribution.Split('/');
        var pool = new SortedPool(parts[0], parts[1], tag, set.GetProperty("servers").EnumerateArray().Select(line => line.GetString()!), []);

        Assert.Equal(200, keys.GetArrayLength());
        foreach (var (hex, server) in keys.EnumerateArray().Zip(measured.EnumerateArray(), (key, server) => (key.GetString()!, server.GetInt32())))
        {
            var located = pool.Locate(Convert.FromHexString(hex));

            Assert.True(located == server, $"{name} {hashAndDistribution}, the key {hex}: {located}, measured {server}");
        }
    }

    [Theory]
    [MemberData(nameof(EjectedCases))]
    public void Placement_ServersEjected_AsMeasured(int index)
    {
        var vector = VectorFile.Ejected.GetProperty("cases")[index];
        var pool = new SortedPool(
            vector.GetProperty("hash").GetString()!,
            vector.GetProperty("distribution").GetString()!,
            HashTag.None,
            vector.GetProperty("servers").EnumerateArray().Select(line => line.GetString()!),
            vector.GetProperty("ejected").EnumerateArray().Select(server => server.GetInt32()));
        var keys = vector.GetProperty("keys").EnumerateArray().Select(key => key.GetString()!);
        var measured = vector.GetProperty("server_index").EnumerateArray().Select(server => server.GetInt32());

        Assert.Equal(200, keys.Count());
        foreach (var (key, server) in keys.Zip(measured))
        {
            var located = pool.Locate(Encoding.UTF8.GetBytes(key));

            Assert.True(located == server, $"The key {key}: {located}, measured {server}");
        }
    }
}
