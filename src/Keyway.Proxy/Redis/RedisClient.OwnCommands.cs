using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;

namespace Keyway.Proxy.Redis;

/// <content>Commands about the client's connection inside of a transaction: queued, and done at EXEC (see <see cref="TransactionReply"/>).</content>
internal sealed partial class RedisClient
{
    private TransactionReply? _transactionReply;
    private bool _isExecMuted;

    /// <summary>The elements of EXEC's reply follow. What others send to the client waits for their end.</summary>
    internal void BeginTransactionReply()
    {
        IsMidAnswer = true;
        IsMuted = _isExecMuted;
    }

    /// <summary>EXEC is answered: the client is read again.</summary>
    internal void EndTransactionReply()
    {
        _transactionReply = null;
        AfterHandled();
        Unpause(PauseReasons.Execution);
        EndMidAnswer();
    }

    /// <summary>Does a command of a transaction that was executed, and answers it.</summary>
    /// <param name="own">The command.</param>
    /// <param name="reply">What the server said, if it was asked.</param>
    internal void Do(OwnCommand own, ReadOnlySpan<byte> reply)
    {
        RequestArgs args = new();
        RequestScanState state = default;
        _ = RespRequestScanner.Scan(own.Frame, ref state, args, Pool.RequestLimits, out _, out _);
        LastCommand = own.Command;
        if (reply is [(byte)'-', ..])
        {
            Reply(reply);
            return;
        }

        switch (own.Command.TreatmentIn(_isSharded))
        {
            case CommandTreatment.Channel:
                _ = PublishLocally(own.Command, own.Frame, args);
                break;
            case CommandTreatment.Subscribe when own.Command.Name is not "ssubscribe":
                _ = RouteSubscription(own.Command, own.Frame, args);
                break;
            case CommandTreatment.Subscribe:
                ReplyError("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client");
                break;
            case CommandTreatment.Dedicated when own.Command.Name is "monitor":
                ReplyError("ERR MONITOR isn't allowed for DENY BLOCKING client");
                break;
            case CommandTreatment.Dedicated:
                RouteTracking(own.Frame, args);
                break;
            default:
                if (own.Command.Name is "select")
                {
                    LocalCommands.FollowSelect(this, own.Frame, args);
                }
                else
                {
                    _ = LocalCommands.TryAnswer(this, own.Command, own.Frame, args);
                }

                break;
        }

        MuteIfOff();
    }

    /// <summary>Puts an accepted command into the transaction.</summary>
    private void AddToTransaction(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        switch (command.TreatmentIn(_isSharded))
        {
            case CommandTreatment.Local when command.Name is "select":
                _transaction!.AddSelect(command, frame);
                break;
            case CommandTreatment.Local when command.Name is "hello":
                _transaction!.AddHello(command, frame, LocalCommands.HelloVersion(this, frame, args));
                break;
            case CommandTreatment.Local or CommandTreatment.Subscribe:
            case CommandTreatment.Dedicated when command.Name is "monitor" || (command.Name is not "client|tracking" && ConcernsRedirect(command, frame, args)):
            case CommandTreatment.Channel when Pool.Shared.Memory is not null:
                _transaction!.AddOwn(command, frame);
                break;
            case CommandTreatment.Dedicated:
                _transaction!.NeedsDedicated = true;
                _transaction.Add(frame);
                break;
            default:
                _transaction!.Add(frame);
                break;
        }
    }

    /// <summary>The request for EXEC's reply: the client's own, or, if commands are Keyway's to answer, one that brings the reply to where they are done.</summary>
    private Request BeginExec(CommandInfo command, Transaction transaction, Pools.PinnedConnection? borrowed)
    {
        Request exec = Pool.Requests.Rent();
        exec.Command = command;
        if (transaction.Own is null)
        {
            Enqueue(exec);
            return exec;
        }

        Request place = Pool.Requests.Rent();
        Enqueue(place);
        _isExecMuted = IsMuted;
        _transactionReply = new TransactionReply(this, place, transaction, borrowed);
        exec.Sink = _transactionReply;
        Pause(PauseReasons.Execution);
        return exec;
    }
}
