using Keyway.Protocol.Cluster;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Cluster;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <content>WAIT and WAITAOF in a cluster, where the client's writes may have gone to several nodes.</content>
internal sealed partial class RedisClient
{
    private const int SlotsPerBit = SlotRange.SlotCount / 64;

    private ulong _written; // the slots that it wrote to, by groups: one too many does no harm
    private ReplicaWait? _replicaWait;

    /// <summary>A request that may write goes to this slot.</summary>
    private void NoteWrite(int slot) => _written |= 1UL << (slot / SlotsPerBit);

    /// <summary>A request that may write goes to whatever node (a script without keys).</summary>
    private void NoteWriteAnywhere() => _written = ulong.MaxValue;

    /// <summary>Asks the nodes of all slots that the client wrote to; all nodes if there are none, or if that is not known. False: not yet; the request is offered again.</summary>
    private bool RouteWait(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (ArgumentError(command, frame, args) is { } error)
        {
            ReplyError(error);
            return true;
        }

        if (!IsIdle)
        {
            // What it asked before is to be executed before.
            Pause(PauseReasons.Order);
            return false;
        }

        Request place = Pool.Requests.Rent();
        place.Command = command;
        Enqueue(place);
        Unpause(PauseReasons.Requests); // it is the only one, and its client's end must be noticed
        ReplicaWait counting = new(this, place, frame.ToArray(), command.BlockingTime?.Milliseconds(frame, args) ?? 0);
        _replicaWait = counting;
        Unblock = counting.Unblock;
        counting.Begin();
        return true;
    }

    /// <summary>The answer is here.</summary>
    internal void OnReplicasCounted(Request place, ReadOnlySpan<byte> answer, Failure? failure)
    {
        _replicaWait = null;
        Unblock = null;
        if (failure is null)
        {
            Deliver(place, answer, isLast: true);
        }
        else
        {
            Fail(place, failure);
        }

        Pool.Requests.Release(place);
        OfferAgain();
    }

    /// <summary>Takes a connection to each node that a WAIT asks, with a slot of the node.</summary>
    /// <param name="nodes">Gets them; also when one could not be had.</param>
    /// <param name="isAgain">True when other slots are to be chosen than the lowest, which may be on the move.</param>
    /// <returns>Why one could not be had, else null.</returns>
    internal Failure? TakeForWait(List<(PinnedConnection Pin, int Slot)> nodes, bool isAgain)
    {
        ClusterState cluster = Pool.Cluster!;
        foreach (int slot in SlotsOfWrittenNodes(cluster))
        {
            if (cluster.OwnerOf(slot) is not { } server)
            {
                return Failure.NoServer(Pool.Config.Name);
            }

            if (TakeForWait(server, out PinnedConnection? pin) is { } failure)
            {
                return failure;
            }

            nodes.Add((pin!, isAgain ? cluster.Slots.AnySlotBeside(slot, _protocol.Random) : slot));
        }

        return nodes.Count == 0 ? Failure.NoServer(Pool.Config.Name) : null;
    }

    /// <summary>A connection to the node.</summary>
    /// <returns>Why there is none.</returns>
    internal Failure? TakeForWait(ServerState server, out PinnedConnection? pin)
    {
        pin = null;
        if (server.Health.IsDown)
        {
            return server.DownFailure();
        }

        pin = server.Pinned.TryTake(_lane);
        if (pin is null)
        {
            return Failure.NoPinned(server.Label, 0, Pool.Config.MaxPinned);
        }

        return pin.Connection.IsClosed ? Failure.ConnectFailed(server.Label, pin.Connection.CloseReason) : null;
    }

    /// <summary>One slot of each node that serves any of the slots.</summary>
    private List<int> SlotsOfWrittenNodes(ClusterState cluster)
    {
        bool isAny = _written == 0 || Pool.Smart is not null; // what is answered early is not noted
        List<int> slots = [];
        HashSet<int> nodes = [ClusterMap.Nobody];
        for (int slot = 0; slot < SlotRange.SlotCount; slot++)
        {
            if ((isAny || ((_written >> (slot / SlotsPerBit)) & 1) != 0) && nodes.Add(cluster.Slots[slot]))
            {
                slots.Add(slot);
            }
        }

        return slots;
    }
}
