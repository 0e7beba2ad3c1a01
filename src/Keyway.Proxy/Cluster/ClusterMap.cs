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
        HashSet<int> members = [];
        HashSet<int> failed = [];
        Dictionary<int, int[]> replicas = [];
        foreach (ClusterShard shard in shards)
        {
            foreach (ClusterNode node in shard.Nodes)
            {
                int index = indexOf(node);
                members.Add(index);
                if (!node.IsHealthy)
                {
                    failed.Add(index);
                }
            }

            if (shard.Primary is { } primary && shard.Slots.Count > 0)
            {
                int index = indexOf(primary);
                replicas[index] = [.. shard.Nodes.Where(static node => !node.IsPrimary && node.IsHealthy).Select(indexOf)];
                foreach (SlotRange range in shard.Slots)
                {
                    _owners.AsSpan(range.First, range.Last - range.First + 1).Fill(SlotTable.OwnerOf(index));
                }
            }
        }

        Replicas = replicas;
        Members = members;
        Failed = failed;
    }

    /// <summary>For each slot the number of its primary, or <see cref="Nobody"/>.</summary>
    internal ReadOnlySpan<short> Owners => _owners;

    /// <summary>For each node that serves slots its replicas, as far as they are well.</summary>
    internal IReadOnlyDictionary<int, int[]> Replicas { get; }

    /// <summary>Every node of the cluster.</summary>
    internal IReadOnlySet<int> Members { get; }

    /// <summary>The members of which the cluster says that they have failed, or that they are loading.</summary>
    internal IReadOnlySet<int> Failed { get; }
}
