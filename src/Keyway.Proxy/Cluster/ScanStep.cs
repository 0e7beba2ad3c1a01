using System.Text;
using Keyway.Protocol.Hashing;
using Keyway.Proxy.Merging;

namespace Keyway.Proxy.Cluster;

/// <summary>
/// One step of a scan over a cluster. The nodes are scanned in the order of their lowest slots. If the slot that the scan has come to has another node by now, that one is
/// scanned from its beginning: keys may come twice, and none is missed that stayed where it was.
/// </summary>
internal sealed class ScanStep
{
    private readonly byte _node;
    private readonly byte _map;

    /// <param name="slots">The map as it is now.</param>
    /// <param name="cursor">What the client sent.</param>
    /// <param name="labelOf">The label of a node's number: it is the same in every Keyway.</param>
    internal ScanStep(SlotTable slots, ClusterCursor cursor, Func<int, string> labelOf)
    {
        _map = cursor.IsBeginning ? slots.Fingerprint : cursor.Map;
        Slot = cursor.IsBeginning && slots.FirstSlots.Length > 0 ? slots.FirstSlots[0] : cursor.Slot;
        _node = NodeAt(slots, labelOf);
        Position = cursor.Node == _node ? cursor.Position : 0;
        if (Position == ClusterCursor.Done || slots[Slot] < 0)
        {
            Position = 0;
            Slot = slots.SlotAfter(Slot, hasChanged: _map != slots.Fingerprint);
            _node = IsOver ? (byte)0 : NodeAt(slots, labelOf);
        }
    }

    /// <summary>True when all nodes have been scanned.</summary>
    internal bool IsOver => Slot < 0;

    /// <summary>The slot whose node is asked.</summary>
    internal int Slot { get; }

    /// <summary>What the node is asked.</summary>
    internal ulong Position { get; }

    /// <summary>The client's next cursor; false if the node's own does not fit into it.</summary>
    /// <param name="position">The node's.</param>
    /// <param name="next">Never 0: whether there is another node is found out in the next step.</param>
    internal bool TryGoOn(ulong position, out ulong next)
    {
        next = new ClusterCursor(Slot, _node, _map, position == 0 ? ClusterCursor.Done : position).Number;
        return position <= ClusterCursor.MaxPosition;
    }

    private byte NodeAt(SlotTable slots, Func<int, string> labelOf) =>
        slots[Slot] < 0 ? (byte)0 : (byte)(KeyHash.Compute(HashKind.Murmur, Encoding.UTF8.GetBytes(labelOf(slots[Slot]))) % ClusterCursor.Nodes);
}
