namespace Keyway.Protocol.Tests.Hashing;

/// <summary>A pool as nutcracker holds it: servers sorted by label, answers in indexes of the configuration file.</summary>
internal sealed class SortedPool
{
    private readonly int[] _order;
    private readonly Placement _placement;

    public SortedPool(string hash, string distribution, HashTag tag, IEnumerable<string> lines, IEnumerable<int> ejected)
    {
        RingServer[] servers = [.. lines.Select(VectorFile.Server)];
        _order = [.. Enumerable.Range(0, servers.Length).OrderBy(index => servers[index].Label, LabelOrder.Instance)];
        _placement = new Placement(
            VectorFile.Named<HashKind>(hash),
            VectorFile.Named<DistributionKind>(distribution),
            tag,
            [.. _order.Select(index => servers[index])],
            ejected.Select(index => Array.IndexOf(_order, index)).ToHashSet());
    }

    public int Locate(byte[] key) => _order[_placement.Locate(key)];
}
