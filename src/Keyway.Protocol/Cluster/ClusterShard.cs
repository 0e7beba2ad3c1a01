namespace Keyway.Protocol.Cluster;

/// <summary>Nodes with the same data: a primary, where there is one now, and its replicas.</summary>
/// <param name="Slots">The slots that they serve; none for a shard that is being filled or emptied.</param>
/// <param name="Nodes">In the order of the reply.</param>
public sealed record ClusterShard(IReadOnlyList<SlotRange> Slots, IReadOnlyList<ClusterNode> Nodes)
{
    /// <summary>The node that takes writes; null while none is elected.</summary>
    public ClusterNode? Primary => Nodes.FirstOrDefault(static node => node.IsPrimary);
}
