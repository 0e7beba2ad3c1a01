namespace Keyway.Protocol.Cluster;

/// <summary>Nodes with the same data: a primary, where there is one now, and its replicas.</summary>
/// <param name="Slots">The slots that they serve; none for a shard that is being filled or emptied.</param>
/// <param name="Nodes">In the order of the reply.</param>
public sealed record ClusterShard(IReadOnlyList<SlotRange> Slots, IReadOnlyList<ClusterNode> Nodes)
{
    /// <summary>The node that takes writes; null while none is elected. A failed primary is still listed beside its successor.</summary>
    public ClusterNode? Primary =>
        Nodes.FirstOrDefault(static node => node.IsPrimary && node.IsHealthy) ?? Nodes.FirstOrDefault(static node => node.IsPrimary);

    /// <summary>True when it cannot be told which of several primaries has the slots: one has just come back, and CLUSTER SLOTS says more.</summary>
    public bool IsAmbiguous => Slots.Count > 0 && Nodes.Count(static node => node.IsPrimary && node.IsHealthy) > 1;
}
