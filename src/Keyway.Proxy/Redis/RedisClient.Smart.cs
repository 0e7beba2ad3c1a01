using System.Buffers;
using Keyway.Net.Buffers;
using Keyway.Protocol.Cluster;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Redis;

/// <content>Smart mode: writes that are answered before they are delivered.</content>
internal sealed partial class RedisClient
{
    private long[]? _writeMarks; // for each queue the client's last early write, once there is one
    private int _partsTaken; // of a split write that is offered again

    /// <summary>True if no server would refuse the request's syntax, and the client has no connection for itself, whose order would be another.</summary>
    private bool CanAnswerEarly(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args) =>
        _dedicated is null && _watch is null && !IsMonitor && EarlyWrites.IsSound(command, frame, args);

    /// <summary>False: not now; the request is offered again.</summary>
    private bool AnswerEarly(SmartState smart, byte[] reply, CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        bool isSplit = _isSharded && command.TreatmentIn(_isSharded) == CommandTreatment.Split;
        if (isSplit)
        {
            return AnswerSplitEarly(smart, reply, command, frame, args);
        }

        int? place = 0;
        if (_isSharded && !TryFindPlace(command, frame, args, out place))
        {
            return true;
        }

        if (place is null or < 0)
        {
            ReplyFailure(Failure.NoServer(Pool.Config.Name));
            return true;
        }

        int key = command.FirstKey;
        EarlyWrite write = WriteOf(command, frame, args, place.Value, args.Start(key), args.Length(key));
        WriteQueue queue = smart.QueueAt(smart.QueueFor(place.Value));
        return Conclude(smart, reply, queue, Add(queue, write, frame));
    }

    /// <summary>A part for each server; it is answered when the last has been taken.</summary>
    private bool AnswerSplitEarly(SmartState smart, byte[] reply, CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        KeyGrouping grouping = _protocol.Grouping;
        int step = command.KeyStep;
        int keys = (args.Count - command.FirstKey) / step;
        grouping.Begin(Pool.Cluster is null ? Pool.Servers.Length : SlotRange.SlotCount, keys);
        for (int i = 0; i < keys; i++)
        {
            int place = Pool.Locate(args.Get(frame, command.FirstKey + (i * step)));
            if (place < 0)
            {
                ReplyFailure(Failure.NoServer(Pool.Config.Name));
                return true;
            }

            grouping.Add(i, place);
        }

        WriteQueue queue = smart.QueueAt(smart.QueueFor(grouping.PlaceOf(0)));
        for (int group = _partsTaken; group < grouping.Groups; group++)
        {
            int place = grouping.PlaceOf(group);
            queue = smart.QueueAt(smart.QueueFor(place));
            OutputBuffer output = _protocol.PartScratch(Reactor.Buffers);
            WritePart(output, command, frame, args, grouping, group);
            byte[] rented = ArrayPool<byte>.Shared.Rent((int)output.Length);
            Span<byte> part = rented.AsSpan(0, (int)output.Length);
            output.CopyTo(part);
            output.Clear();

            int key = command.FirstKey + (grouping.FirstOf(group) * step);
            ReadOnlySpan<byte> name = args.Get(frame, key);
            EarlyWrite write = WriteOf(command, frame, args, place, part.IndexOf(name), name.Length);
            Offer offer = Add(queue, write, part);
            ArrayPool<byte>.Shared.Return(rented);
            if (offer is Offer.Later or Offer.Refused)
            {
                // Parts that were taken are not taken again.
                _partsTaken = offer == Offer.Later ? group : 0;
                return Conclude(smart, reply, queue, offer);
            }
        }

        _partsTaken = 0;
        return Conclude(smart, reply, queue, Offer.Taken);
    }

    private Offer Add(WriteQueue queue, in EarlyWrite write, ReadOnlySpan<byte> frame)
    {
        Offer offer = queue.Add(write, frame);
        if (offer == Offer.Taken)
        {
            _writeMarks ??= new long[Pool.Smart!.QueueCount];
            _writeMarks[queue.Index] = queue.Mark;
        }

        return offer;
    }

    private bool Conclude(SmartState smart, byte[] reply, WriteQueue queue, Offer offer)
    {
        switch (offer)
        {
            case Offer.Later when !HasPeerEnded || !queue.IsAway:
                smart.Wait(this);
                return false;
            case Offer.Later or Offer.Refused:
                _partsTaken = 0;
                ReplyFailure(Failure.BacklogFull(queue.Label));
                return true;
            default:
                smart.Acknowledge(this, reply);
                return true;
        }
    }

    private EarlyWrite WriteOf(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args, int place, int keyStart, int keyLength) => new()
    {
        Command = command,
        KeyStart = keyStart,
        KeyLength = keyLength,
        Lane = _lane,
        Client = Number,
        Slot = Pool.Cluster is null ? 0 : place,
        MayRepeat = command.RepeatFor(frame, args) != CommandRepeat.No,
    };

    /// <summary>
    /// True if the request is not to be sent now: writes of this client that were answered come first. It is offered again, or an error was the answer.
    /// </summary>
    private bool MustWaitForWrites(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args, out bool isAnswered)
    {
        isAnswered = false;
        return Pool.Cluster is null ? MustWaitForWrites(command, frame, args) : MustWaitForMovingWrites(command, frame, args, out isAnswered);
    }

    private bool MustWaitForWrites(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args) => command.TreatmentIn(_isSharded) switch
    {
        CommandTreatment.Local or CommandTreatment.Stateless or CommandTreatment.Subscribe or CommandTreatment.Pinned or CommandTreatment.Refuse => false,
        CommandTreatment.Block or CommandTreatment.Wait or CommandTreatment.Dedicated => MustWaitForWrites(replied: true),
        CommandTreatment.Transaction => MustWaitForWrites(
            replied: command.Name is "watch" || _watch is not null || OwnConnection is not null || _transaction is { ChangesConnection: true } or { NeedsDedicated: true }),
        CommandTreatment.Key when command.BlockingTime is not null => MustWaitForWrites(replied: true),
        _ => !TakesItsPlace(command, frame, args) && MustWaitForWrites(replied: OwnConnection is not null),
    };

    /// <summary>True for a further early write, which goes behind the others by itself.</summary>
    private bool TakesItsPlace(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args) =>
        _transaction is null && Pool.Smart!.ReplyTo(command) is not null && CanAnswerEarly(command, frame, args);

    private bool MustWaitForWrites(bool replied)
    {
        if (_writeMarks is null || !Pool.Smart!.MustWait(_writeMarks, replied))
        {
            return false;
        }

        Pool.Smart.Wait(this);
        return true;
    }
}
