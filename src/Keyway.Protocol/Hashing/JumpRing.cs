namespace Keyway.Protocol.Hashing;

/// <summary>
/// <c>jump</c>: jump consistent hashing (Lamping, Veach: "A Fast, Minimal Memory, Consistent Hash Algorithm", 2014) over buckets, as many a
/// server as its weight, in the servers' order. A server added at the end takes its share from the others and nothing else moves.
/// </summary>
/// <remarks>
/// <para>The 32-bit hash is widened by a 64-bit mixer, so the balance does not suffer from a hash whose high bits hardly move; equal hashes stay together.</para>
/// <para>A key that falls on an ejected server is jumped again over the same buckets with a derived hash until it meets a live one. Each key
/// so has a fixed sequence of servers, of which it takes the first live one: an ejection moves the dead server's keys and no others.</para>
/// </remarks>
internal sealed class JumpRing : Ring
{
    /// <summary>
    /// Jumps tried before the live servers alone are drawn from. With half of the weight live this is passed once in 2^64 keys; it matters only
    /// when nearly everything is dead, when a further ejection may then move other keys too.
    /// </summary>
    private const int MaxJumps = 64;

    private readonly HashKind _hash;
    private readonly WeightSpans _spans;
    private readonly bool[] _isLive;
    private readonly int[] _live;

    internal JumpRing(HashKind hash, IReadOnlyList<RingServer> servers, int[] live)
    {
        _hash = hash;
        _spans = new WeightSpans(servers.Select(server => server.Weight));
        _isLive = new bool[servers.Count];
        _live = live;
        foreach (var index in live)
        {
            _isLive[index] = true;
        }
    }

    internal override int Locate(ReadOnlySpan<byte> key)
    {
        ulong hash = KeyHash.Compute(_hash, key);
        for (ulong jump = 0; jump < MaxJumps; jump++)
        {
            var server = _spans.OwnerOf(Jump(Widen(hash, jump), _spans.Total));
            if (_isLive[server])
            {
                return server;
            }
        }

        return _live[Jump(Widen(hash, MaxJumps), _live.Length)];
    }

    /// <summary>The hash fills the low half, the number of the jump the high half: no two (hash, jump) give one result.</summary>
    private static ulong Widen(ulong hash, ulong jump) => StableHash64.Mix(hash | (jump << 32));

    /// <summary>The bucket of a hash, 0 to <paramref name="buckets"/> - 1, in about ln(buckets) steps.</summary>
    private static int Jump(ulong hash, int buckets)
    {
        long bucket = -1;
        long next = 0;
        while (next < buckets)
        {
            bucket = next;
            hash = (hash * 2862933555777941757) + 1;
            next = (long)((bucket + 1) * ((double)(1L << 31) / ((hash >> 33) + 1)));
        }

        return (int)bucket;
    }
}
