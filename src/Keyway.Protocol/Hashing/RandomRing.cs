namespace Keyway.Protocol.Hashing;

/// <summary><c>random</c>: any live server with equal chance, whatever the key and the weights.</summary>
internal sealed class RandomRing : Ring
{
    private readonly int[] _live;
    private readonly Random _random;

    internal RandomRing(int[] live, Random random)
    {
        _live = live;
        _random = random;
    }

    internal override int Locate(ReadOnlySpan<byte> key) => _live[_random.Next(_live.Length)];
}
