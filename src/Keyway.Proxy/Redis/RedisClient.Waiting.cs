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
    private bool RouteWait(ClusterState cluster, CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
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

        List<(PinnedConnection Pin, int Slot)> nodes = [];
        Failure? failure = null;
        foreach (int slot in SlotsOfWrittenNodes(cluster))
        {
            failure ??= TakeForWait(cluster, slot, nodes);
        }

        if (failure is not null || nodes.Count == 0)
        {
            nodes.ForEach(static node => node.Pin.Server.Pinned.Return(node.Pin));
            ReplyFailure(failure ?? Failure.NoServer(Pool.Config.Name));
            return true;
        }

        Request place = Pool.Requests.Rent();
        place.Command = command;
        Enqueue(place);
        Unpause(PauseReasons.Requests); // it is the only one, and its client's end must be noticed
        long wait = command.BlockingTime?.Milliseconds(frame, args) ?? 0;
        long deadline = wait == 0 ? long.MaxValue : Pool.DeadlineFrom(Reactor.Now + wait);
        ReplicaWait counting = new(this, place);
        _replicaWait = counting;
        foreach ((PinnedConnection pin, int slot) in nodes)
        {
            counting.Ask(pin, _protocol.KeyIn(slot), frame, deadline);
        }

        counting.Seal();
        return true;
    }

    /// <summary>The answer is here.</summary>
    internal void OnReplicasCounted(Request place, ReadOnlySpan<byte> answer, Failure? failure)
    {
        _replicaWait = null;
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

    /// <summary>A connection to the slot's node.</summary>
    /// <returns>Why there is none.</returns>
    private Failure? TakeForWait(ClusterState cluster, int slot, List<(PinnedConnection Pin, int Slot)> nodes)
    {
        if (cluster.OwnerOf(slot) is not { Health.IsDown: false } server)
        {
            return cluster.OwnerOf(slot)?.DownFailure() ?? Failure.NoServer(Pool.Config.Name);
        }

        if (server.Pinned.TryTake(_lane) is not { } pin)
        {
            return Failure.NoPinned(server.Label, 0, Pool.Config.MaxPinned);
        }

        if (pin.Connection.IsClosed)
        {
            return Failure.ConnectFailed(server.Label, pin.Connection.CloseReason);
        }

        nodes.Add((pin, slot));
        return null;
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
