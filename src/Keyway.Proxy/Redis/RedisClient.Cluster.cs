using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Cluster;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Merging;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Redis.Pinning;

namespace Keyway.Proxy.Redis;

/// <content>Where keys can move from server to server while requests are under way.</content>
internal sealed partial class RedisClient
{
    private int _replicaLane = -1; // -1 when reads go to primaries
    private bool _isMapConfirmed; // for the request that is offered again

    /// <summary>True when a request cannot be sent since the servers are not known yet; it is offered again. False as well when an error was the answer.</summary>
    private bool MustWaitForMap(ClusterState cluster, out bool isAnswered)
    {
        isAnswered = false;
        if (cluster.IsKnown)
        {
            return false;
        }

        if (cluster.IsAwaited && !HasPeerEnded)
        {
            cluster.AwaitMap(this);
            return true;
        }

        isAnswered = true;
        cluster.RequestRefresh();
        ReplyFailure(Pool.Config.Master is { } master ? Failure.MasterUnknown(Pool.Config.Name, master) : Failure.ClusterUnknown(Pool.Config.Name));
        return false;
    }

    /// <summary>
    /// True when a request that concerns all nodes has to wait until one has said which these are; it is offered again. A node that has got slots unnoticed would be left out, and no redirect
    /// would tell.
    /// </summary>
    private bool MustConfirmMap()
    {
        if (Pool.Cluster is not { } cluster)
        {
            return false;
        }

        if (_isMapConfirmed)
        {
            _isMapConfirmed = false;
            return false;
        }

        Pause(PauseReasons.Barrier);
        cluster.Confirm(() =>
        {
            if (!IsClosed)
            {
                _isMapConfirmed = true;
                Unpause(PauseReasons.Barrier);
            }
        });
        return true;
    }

    /// <summary>Sends a request that concerns a slot, and no key, to the slot's node.</summary>
    internal void ForwardToOwner(int slot, CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args) => ForwardTo(slot, command, frame, args);

    /// <inheritdoc/>
    internal override bool SendPinned(Request request, ServerState server, bool isAsking)
    {
        bool isBlocking = request == _blockedRequest;
        if ((isBlocking ? _blocked : _watch) is not { } pin)
        {
            return false;
        }

        if (pin.Server != server || pin.Connection.IsClosed)
        {
            PinnedConnection? fresh = server.Health.IsDown ? null : server.Pinned.TryTake(_lane);
            if (fresh is null || fresh.Connection.IsClosed || pin == _dedicated)
            {
                return false;
            }

            pin.Server.Pinned.Return(pin);
            pin = fresh;
            if (isBlocking)
            {
                _blocked = pin;
            }
            else
            {
                _watch = pin;
                _isWatchVoid |= _watches > 1;
            }
        }

        if (isBlocking)
        {
            ServerIdentity.Ask(pin);
        }
        else
        {
            _isWatchAsking = isAsking;
        }

        if (isAsking)
        {
            ClusterState.SendAsking(pin.Connection);
        }

        request.Resend!.SentAt = Reactor.Now;
        request.Resend.IsMoving = false;
        request.Resend.WriteTo(pin.Connection.BeginSend(request));
        if (isBlocking)
        {
            LimitBlocked(request);
            LimitWait();
            Unpause(PauseReasons.Order); // what it sends is held back, and its end must be noticed
        }

        return true;
    }

    /// <summary>The request can be sent again; its bytes are to be written to the frame of what this gives.</summary>
    /// <remarks>Only reads are repeated when they may have been executed; the words that make a write unsafe to repeat need not be looked for.</remarks>
    private Resend Keep(Request request, int slot, CommandInfo command, CommandRepeat repeat)
    {
        Resend resend = request.Resend ??= new Resend(Reactor.Buffers);
        resend.Owner = this;
        resend.Lane = _lane;
        resend.ReplicaLane = MayReadReplica(command) ? _replicaLane : -1;
        resend.Slot = slot;
        resend.Order = Pool.Cluster!.NextOrder();
        resend.MayRepeat = repeat == CommandRepeat.Read;
        if (!command.IsReadOnly)
        {
            NoteWrite(slot);
        }

        return resend;
    }

    /// <summary>What is read after WATCH decides about the transaction: a replica may show what was before the key was watched. And scripts are known to primaries only.</summary>
    private bool MayReadReplica(CommandInfo command) => command.IsReadOnly && _watch is null && command.Name is not "evalsha_ro";

    /// <summary>Sends a request over a connection of the client's own, so that it can follow its slot.</summary>
    private void SendPinned(PinnedConnection pin, Request request, int slot, CommandInfo command, CommandRepeat repeat, ReadOnlySpan<byte> frame)
    {
        if (Pool.Cluster is null || command.SingleTreatment == CommandTreatment.Wait)
        {
            // What WAIT asks about is known to this server only.
            pin.Connection.Send(request, frame);
            return;
        }

        Resend resend = Keep(request, slot, command, repeat);
        resend.ReplicaLane = -1;
        resend.IsPinned = true;
        resend.SentAt = Reactor.Now;
        resend.Keep(frame);
        resend.WriteTo(pin.Connection.BeginSend(request));
    }

    /// <summary>Sends the same command to every node that has keys.</summary>
    private void SendToPrimaries(ClusterState cluster, SplitCommand split, CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        CommandRepeat repeat = command.Repeat;
        foreach (int slot in cluster.Slots.FirstSlots)
        {
            SendPart(cluster, split, slot, command, repeat, frame);
            if (command.Merge == CommandMerge.Random)
            {
                SendPart(cluster, split, slot, command, repeat, "*1\r\n$6\r\nDBSIZE\r\n"u8);
            }
        }
    }

    private void SendPart(ClusterState cluster, SplitCommand split, int slot, CommandInfo command, CommandRepeat repeat, ReadOnlySpan<byte> frame)
    {
        Request part = split.AddPart();
        Resend resend = Keep(part, slot, command, repeat);
        resend.ReplicaLane = -1; // INFO and SCRIPT concern the primaries
        resend.Keep(frame);
        cluster.Send(part);
    }

    /// <summary>One step of a scan over a cluster. False: not yet; the request is offered again.</summary>
    private bool ScanCluster(ClusterState cluster, CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (!ClusterCursor.TryParse(args.Get(frame, 1), out ClusterCursor cursor))
        {
            Reply("-ERR invalid cursor\r\n"u8);
            return true;
        }

        if (cursor.IsBetweenNodes && MustConfirmMap())
        {
            return false;
        }

        if (cluster.Slots.FirstSlots.IsEmpty)
        {
            ReplyFailure(Failure.NoServer(Pool.Config.Name));
            return true;
        }

        ScanStep step = new(cluster.Slots, cursor, node => Pool.ServerAt(node).Label);
        if (step.IsOver)
        {
            Reply("*2\r\n$1\r\n0\r\n*0\r\n"u8);
            return true;
        }

        SplitCommand split = BeginSplit(command);
        split.Step = step;
        Request part = split.AddPart();
        Resend resend = Keep(part, step.Slot, command, command.Repeat);
        resend.ReplicaLane = -1; // the cursor is the primary's
        resend.OnlyNode = cluster.Slots[step.Slot];
        WriteScan(resend.Frame, step.Position, frame, args);
        cluster.Send(part);
        split.Seal();
        return true;
    }
}
