using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Keyway.Protocol.Hashing;

/// <summary>
/// <c>ketama</c>: each live server has points on a circle of 2^32, by its weight; a key belongs to the first point at or after its hash. Point
/// for point the circle of nutcracker 0.5, whose 32-bit floats decide how many points a server has.
/// </summary>
internal sealed class KetamaRing : Ring
{
    private const int PointsPerServer = 160;

    /// <summary>A digest of 16 bytes gives four points.</summary>
    private const int PointsPerDigest = Md5.DigestSize / sizeof(uint);

    /// <summary>nutcracker cuts label and suffix together at this many bytes.</summary>
    private const int MaxPointName = 272;

    private readonly HashKind _hash;
    private readonly uint[] _points;
    private readonly int[] _owners;

    internal KetamaRing(HashKind hash, IReadOnlyList<RingServer> servers, int[] live)
    {
        _hash = hash;
        var totalWeight = live.Sum(index => (long)servers[index].Weight);
        var points = new List<uint>(live.Length * PointsPerServer);
        var owners = new List<int>(live.Length * PointsPerServer);
        foreach (var index in live)
        {
            AddPoints(points, servers[index].Label, DigestsFor(servers[index].Weight, totalWeight, live.Length));
            owners.AddRange(Enumerable.Repeat(index, points.Count - owners.Count));
        }

        _points = [.. points];
        _owners = [.. owners];
        Array.Sort(_points, _owners);
    }

    internal override int Locate(ReadOnlySpan<byte> key)
    {
        var found = FirstAtOrAfter(KeyHash.Compute(_hash, key));
        return _owners[found == _points.Length ? 0 : found];
    }

    /// <summary>
    /// Every step is rounded to 32 bits as in C: 25 equal servers get 39 digests each, not 40, and a very light server none at all.
    /// </summary>
    private static int DigestsFor(int weight, long totalWeight, int liveServers)
    {
        var share = (float)weight / (float)totalWeight;
        var quarter = (float)((float)(share * PointsPerServer) / PointsPerDigest);
        var scaled = (float)(quarter * (float)liveServers);
        return (int)MathF.Floor((float)((double)scaled + 0.0000000001));
    }

    private static void AddPoints(List<uint> points, string label, int digests)
    {
        Span<byte> digest = stackalloc byte[Md5.DigestSize];
        for (var i = 0; i < digests; i++)
        {
            var name = Encoding.UTF8.GetBytes(label + "-" + i.ToString(CultureInfo.InvariantCulture)).AsSpan();
            Md5.Hash(name[..Math.Min(name.Length, MaxPointName)], digest);
            for (var point = 0; point < PointsPerDigest; point++)
            {
                points.Add(BinaryPrimitives.ReadUInt32LittleEndian(digest[(point * sizeof(uint))..]));
            }
        }
    }

    private int FirstAtOrAfter(uint hash)
    {
        var points = _points;
        var low = 0;
        var high = points.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (points[middle] < hash)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
