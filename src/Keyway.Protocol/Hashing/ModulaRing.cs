namespace Keyway.Protocol.Hashing;

/// <summary><c>modula</c>: hash modulo the list of live servers in order, each repeated by its weight. An ejection moves most keys.</summary>
internal sealed class ModulaRing : Ring
{
    private readonly HashKind _hash;
    private readonly int[] _live;
    private readonly WeightSpans _spans;

    internal ModulaRing(HashKind hash, IReadOnlyList<RingServer> servers, int[] live)
    {
        _hash = hash;
        _live = live;
        _spans = new WeightSpans(live.Select(index => servers[index].Weight));
    }

    internal override int Locate(ReadOnlySpan<byte> key) => _live[_spans.OwnerOf((int)(KeyHash.Compute(_hash, key) % (uint)_spans.Total))];
}
