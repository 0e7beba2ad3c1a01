using System.Text;

namespace Keyway.Protocol.Hashing;

/// <summary>
/// <c>rendezvous</c>: every live server draws a number for the key and the highest wins (Thaler, Ravishankar, 1998). An ejection moves the dead
/// server's keys and no others, evenly over the rest; order in the list does not matter. The cost grows with the servers.
/// </summary>
/// <remarks>
/// The draw is u, uniform in (0, 1), from a 64-bit hash of key and label; the score is -weight / ln u, which makes each server win its exact
/// share. <see cref="HashKind"/> plays no part: its 32 bits, or the 15 of <see cref="HashKind.Crc32"/>, would be a limit.
/// </remarks>
internal sealed class RendezvousRing : Ring
{
    private readonly int[] _live;
    private readonly ulong[] _labels;
    private readonly double[] _weights;
    private readonly bool _weighted;

    internal RendezvousRing(IReadOnlyList<RingServer> servers, int[] live)
    {
        _live = live;
        _labels = [.. live.Select(index => StableHash64.Hash(Encoding.UTF8.GetBytes(servers[index].Label)))];
        _weights = [.. live.Select(index => (double)servers[index].Weight)];
        _weighted = _weights.Distinct().Skip(1).Any();
    }

    internal override int Locate(ReadOnlySpan<byte> key)
    {
        var hash = StableHash64.Hash(key);
        return _live[_weighted ? HighestScore(hash) : HighestDraw(hash)];
    }

    private static ulong Draw(ulong key, ulong label) => StableHash64.Mix(key ^ label);

    /// <summary>The winner among equal weights: the score grows with the draw, so no logarithm is needed.</summary>
    private int HighestDraw(ulong key)
    {
        var winner = 0;
        var highest = Draw(key, _labels[0]);
        for (var i = 1; i < _labels.Length; i++)
        {
            var draw = Draw(key, _labels[i]);
            if (draw > highest)
            {
                highest = draw;
                winner = i;
            }
        }

        return winner;
    }

    private int HighestScore(ulong key)
    {
        var winner = 0;
        var highest = double.NegativeInfinity;
        for (var i = 0; i < _labels.Length; i++)
        {
            // 52 bits and a half: never 0 or 1, whose logarithms would be infinite or zero.
            var u = ((Draw(key, _labels[i]) >> 12) + 0.5) / (1UL << 52);
            var score = -_weights[i] / Math.Log(u);
            if (score > highest)
            {
                highest = score;
                winner = i;
            }
        }

        return winner;
    }
}
