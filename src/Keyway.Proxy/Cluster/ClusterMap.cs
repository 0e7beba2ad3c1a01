using Keyway.Protocol.Cluster;

namespace Keyway.Proxy.Cluster;

/// <summary>Which node serves which slots, as a node told; nodes by their number in the pool. Immutable: all reactors get the same.</summary>
internal sealed class ClusterMap
{
    /// <summary>No node is known to serve the slot.</summary>
    internal const short Nobody = -1;

    private readonly short[] _owners = new short[SlotRange.SlotCount];

    /// <param name="shards">What a node answered.</param>
    /// <param name="indexOf">The number of a node in the pool.</param>
    internal ClusterMap(IReadOnlyList<ClusterShard> shards, Func<ClusterNode, int> indexOf)
    {
        Array.Fill(_owners, Nobody);
        List<int> primaries = [];
        List<int> members = [];
        foreach (ClusterShard shard in shards)
        {
            members.AddRange(shard.Nodes.Select(indexOf));
            if (shard.Primary is { } primary && shard.Slots.Count > 0)
            {
                int index = indexOf(primary);
                primaries.Add(index);
                foreach (SlotRange range in shard.Slots)
                {
                    _owners.AsSpan(range.First, range.Last - range.First + 1).Fill((short)index);
                }
            }
        }

        Primaries = [.. primaries.Distinct()];
        Members = members.ToHashSet();
    }

    /// <summary>For each slot the number of its primary, or <see cref="Nobody"/>.</summary>
    internal ReadOnlySpan<short> Owners => _owners;

    /// <summary>The nodes that serve slots.</summary>
    internal IReadOnlyList<int> Primaries { get; }

    /// <summary>Every node of the cluster.</summary>
    internal IReadOnlySet<int> Members { get; }
}
