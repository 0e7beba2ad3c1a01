using Keyway.Protocol.Cluster;

namespace Keyway.Proxy.Cluster;

/// <summary>Which node serves each slot, as one reactor knows it; nodes by their number in the pool.</summary>
internal sealed class SlotTable
{
    private readonly short[] _owners = new short[SlotRange.SlotCount];
    private int[] _firstSlots = [];
    private byte _fingerprint;
    private int _listed; // the version of the two above

    internal SlotTable() => Array.Fill(_owners, ClusterMap.Nobody);

    /// <summary>Counts the changes: requests of one client that went by different maps could overtake each other.</summary>
    internal int Version { get; private set; }

    /// <summary>How many slots have a node.</summary>
    internal int Assigned => SlotRange.SlotCount - _owners.AsSpan().Count(ClusterMap.Nobody);

    /// <summary>The lowest slot of each node that serves any, rising.</summary>
    internal ReadOnlySpan<int> FirstSlots
    {
        get
        {
            List();
            return _firstSlots;
        }
    }

    /// <summary>Tells apart how the slots are shared out, with few exceptions; that a replica has taken over from its primary makes no difference.</summary>
    internal byte Fingerprint
    {
        get
        {
            List();
            return _fingerprint;
        }
    }

    /// <summary>The number of the slot's node, or <see cref="ClusterMap.Nobody"/>.</summary>
    internal int this[int slot] => _owners[slot];

    /// <summary>How a node is noted. With so many nodes that there is no number left some are nobody, and a redirect finds them each time.</summary>
    internal static short OwnerOf(int node) => node <= short.MaxValue ? (short)node : ClusterMap.Nobody;

    /// <summary>One slot has moved.</summary>
    internal void Set(int slot, int node)
    {
        _owners[slot] = OwnerOf(node);
        Version++;
    }

    /// <summary>Who served its slots is not known any more.</summary>
    internal void Forget(int node)
    {
        if (_owners.AsSpan().Contains(OwnerOf(node)))
        {
            _owners.AsSpan().Replace(OwnerOf(node), ClusterMap.Nobody);
            Version++;
        }
    }

    /// <summary>Takes over a whole map.</summary>
    internal void Take(ReadOnlySpan<short> owners)
    {
        if (!owners.SequenceEqual(_owners))
        {
            owners.CopyTo(_owners);
            Version++;
        }
    }

    /// <summary>
    /// Where a scan that has come to a slot goes on when the slot's node is done: the lowest slot of the next node. Where slots have moved since it began, a node
    /// that has slots below may still not have been scanned: then it is the next slot of any other node.
    /// </summary>
    /// <returns>-1 at the end.</returns>
    internal int SlotAfter(int slot, bool hasChanged)
    {
        if (!hasChanged)
        {
            ReadOnlySpan<int> firsts = FirstSlots;
            int next = firsts.BinarySearch(slot + 1);
            next = next < 0 ? ~next : next;
            return next < firsts.Length ? firsts[next] : -1;
        }

        int other = _owners.AsSpan(slot).IndexOfAnyExcept(_owners[slot], ClusterMap.Nobody);
        return other < 0 ? -1 : slot + other;
    }

    /// <summary>Any slot of the node that serves this one, itself included.</summary>
    internal int AnySlotBeside(int slot, Random random)
    {
        int left = random.Next(_owners.AsSpan().Count(_owners[slot]));
        int at = -1;
        for (; left >= 0; left--)
        {
            at += 1 + _owners.AsSpan(at + 1).IndexOf(_owners[slot]);
        }

        return at;
    }

    private void List()
    {
        if (_listed == Version)
        {
            return;
        }

        _listed = Version;
        HashSet<int> seen = [ClusterMap.Nobody];
        List<int> firsts = [];
        uint print = 0;
        for (int slot = 0; slot < _owners.Length; slot++)
        {
            if (seen.Add(_owners[slot]))
            {
                firsts.Add(slot);
            }

            if (slot == 0 || _owners[slot] != _owners[slot - 1])
            {
                print = (print * 31) + (uint)slot + 1;
            }
        }

        _firstSlots = [.. firsts];
        _fingerprint = (byte)(print ^ (print >> 8) ^ (print >> 16) ^ (print >> 24));
    }
}
