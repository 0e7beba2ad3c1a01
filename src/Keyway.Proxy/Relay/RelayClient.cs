using Keyway.Net.Buffers;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Redis;
using Keyway.Proxy.Relay.Commands;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Relay;

/// <summary>A client of a relay that speaks RESP: makes records of what it asks, and answers when they are kept.</summary>
internal sealed partial class RelayClient : RespClientConnection
{
    private readonly RelayProtocol _protocol;
    private bool _mustWait; // the request at hand is to be offered again

    internal RelayClient(PoolState pool, RelayProtocol protocol)
        : base(pool) => _protocol = protocol;

    /// <summary>True where answers are to be smart-relayer's.</summary>
    internal bool IsSmartRelayer => Pool.Config.Relay.Compat == RelayCompat.SmartRelayer;

    /// <inheritdoc/>
    internal override long HeldBytes => base.HeldBytes + (_transaction?.Size ?? 0);

    /// <inheritdoc/>
    internal override void ResetSession()
    {
        base.ResetSession();
        EndTransaction();
    }

    /// <inheritdoc/>
    internal override bool UseResp(int version)
    {
        RespVersion = version;
        return true;
    }

    /// <inheritdoc/>
    protected override int OnBytes(ReadOnlySpan<byte> bytes) => MayRead() ? TakeRequests(bytes, _protocol.Args) : 0;

    /// <inheritdoc/>
    protected override void OnClosed(string reason)
    {
        EndTransaction();
        base.OnClosed(reason);
    }

    /// <inheritdoc/>
    protected override bool Handle(ReadOnlySpan<byte> frame, RequestArgs args)
    {
        _mustWait = false;
        RelayCommand? command = RelayCommandTable.Find(args.Get(frame, 0));
        if (!IsAuthenticated && command is not { IsForAnybody: true })
        {
            ReplyError("NOAUTH Authentication required.");
        }
        else if (_protocol.Ignores(args.Get(frame, 0)))
        {
            AnswerIgnored();
        }
        else if (command is null)
        {
            Refuse(UnknownCommand.Text(frame, args));
        }
        else if (!command.Takes(args.Count))
        {
            Refuse($"ERR wrong number of arguments for '{command.Name}' command");
        }
        else if (command.Maker is { } maker)
        {
            TakeRecord(maker, frame, args);
        }
        else if (_transaction is not null && !command.InTransaction && !IsSmartRelayer)
        {
            Refuse($"ERR '{command.Name}' is not for transactions here: a relay's are one record");
        }
        else
        {
            command.Handler!(this, frame, args);
        }

        if (_mustWait)
        {
            return false;
        }

        Pool.Counters.Requests++;
        AfterHandled();
        return true;
    }

    /// <summary>An error, which aborts a transaction.</summary>
    private void Refuse(string error)
    {
        _transaction?.Abort();
        ReplyError(error);
    }

    /// <summary>Offers a record; false if it was not taken, and its client was told or waits.</summary>
    private bool Offer(ReadOnlySpan<byte> record, out bool isDropped)
    {
        isDropped = false;
        switch (_protocol.Intake.Offer(record))
        {
            case Smart.Offer.Later:
                _protocol.Intake.Wait(this);
                _mustWait = true;
                return false;
            case Smart.Offer.Refused:
                ReplyFailure(Failure.RecordsFull());
                return false;
            case Smart.Offer.Dropped:
                isDropped = true;
                return true;
            default:
                return true;
        }
    }

    /// <summary>Where the answer to a record goes that was taken or dropped; <see cref="EndAnswer"/> is to follow.</summary>
    private OutputBuffer BeginAnswer(bool isDropped, out Request? place, out long before)
    {
        if (isDropped)
        {
            before = 0;
            return BeginReply(out place);
        }

        place = null;
        before = _protocol.Intake.Open.Answers.Length;
        return _protocol.Intake.Open.Answers;
    }

    private void EndAnswer(bool isDropped, Request? place, long before)
    {
        if (isDropped)
        {
            EndReply(place);
            return;
        }

        Request awaited = Pool.Requests.Rent();
        Enqueue(awaited);
        AwaitedBatch batch = _protocol.Intake.Open;
        batch.Add(awaited, batch.Answers.Length - before);
    }
}
