using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Cluster;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <content>
/// Transactions: between MULTI and EXEC Keyway answers as a server would and keeps the requests; the server gets them in one piece.
/// </content>
internal sealed partial class RedisClient
{
    private const string Discarded = "EXECABORT Transaction discarded because of previous errors.";

    private Transaction? _transaction;
    private bool _isTriedOut; // by the EXEC that is offered next
    private Failure? _trialFailure;

    /// <inheritdoc/>
    internal override long HeldBytes => base.HeldBytes + (_transaction?.Length ?? 0) + (_rewritten?.Length ?? 0);

    /// <summary>Commands queued since MULTI; -1 outside of a transaction.</summary>
    internal int QueuedCommands => _transaction?.Count ?? -1;

    /// <summary>MULTI and its kin outside of a transaction. False: not yet.</summary>
    private bool RouteTransaction(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (ArgumentError(command, frame, args) is { } error)
        {
            ReplyArgumentError(command, error);
            return true;
        }

        switch (command.Name)
        {
            case "multi":
                _transaction = new Transaction(Reactor.Buffers, RespVersion) { Place = _watch is null ? null : _watchPlace };
                Reply("+OK\r\n"u8);
                return true;
            case "unwatch":
                EndWatch();
                Reply("+OK\r\n"u8);
                return true;
            case "watch":
                return Watch(command, frame, args);
            default:
                ReplyError($"ERR {command.DisplayName} without MULTI");
                return true;
        }
    }

    /// <summary>Any command inside of a transaction. False: not yet.</summary>
    private bool Queue(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (ArgumentError(command, frame, args) is { } error)
        {
            _transaction!.Abort();
            ReplyArgumentError(command, error);
            return true;
        }

        switch (command.Name)
        {
            case "exec":
                return Execute(command);
            case "discard":
                EndTransaction();
                Reply("+OK\r\n"u8);
                break;
            case "multi":
                ReplyError("ERR MULTI calls can not be nested");
                break;
            case "watch":
                ReplyError("ERR WATCH inside MULTI is not allowed");
                break;
            case "quit" or "reset":
                return Route(command, frame, args);
            default:
                if (IsQueueable(command, frame, args) && IsWithinLimit(frame.Length) && TryPlace(command, frame, args))
                {
                    AddToTransaction(command, frame, args);
                    Reply("+QUEUED\r\n"u8);
                }
                else
                {
                    _transaction!.Abort();
                }

                break;
        }

        return true;
    }

    /// <summary>A mistake in EXEC itself ends the transaction.</summary>
    private void ReplyArgumentError(CommandInfo command, string error)
    {
        if (command.Name is "exec")
        {
            EndTransaction();
            error = "EXECABORT Transaction discarded because of: " + error["ERR ".Length..];
        }

        ReplyError(error);
    }

    /// <summary>Whether a command may be part of a transaction; false: an error was the answer.</summary>
    private bool IsQueueable(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if ((command.Flags & CommandFlags.NoMulti) != CommandFlags.None)
        {
            ReplyError("ERR Command not allowed inside a transaction");
            return false;
        }

        switch (command.TreatmentIn(_isSharded))
        {
            case CommandTreatment.Key or CommandTreatment.Split or CommandTreatment.Any or CommandTreatment.Channel:
            case CommandTreatment.Block or CommandTreatment.Wait or CommandTreatment.Stateless or CommandTreatment.Transaction:
                return true;
            case CommandTreatment.Refuse when Pool.Cluster is not null && command.SingleTreatment == CommandTreatment.Wait:
                return true;
            case CommandTreatment.Local when LocalCommands.Has(command):
            case CommandTreatment.Subscribe:
            case CommandTreatment.Debug when Pool.Config.Debug && !_isSharded:
            case CommandTreatment.Dedicated when !IsMonitor && Pool.OnlyServer is { Config.IsMemory: false } && !HasRedirect(frame, args):
                return true;
            case CommandTreatment.Dedicated when command.Name is "client|tracking" && HasRedirect(frame, args) && Pool.OnlyServer is not null:
                ReplyNotOffered("CLIENT TRACKING with REDIRECT is not offered inside of a transaction.");
                return false;
            case CommandTreatment.Config when MayConfigure(command) && !(_isSharded && command.Merge != CommandMerge.None):
                return true;
            case CommandTreatment.All or CommandTreatment.Scan:
                ReplyNotOffered($"{command.DisplayName} asks all servers, and a transaction runs on one; send it outside of the transaction.");
                return false;
            default:
                if (command.Refusal.IsEmpty)
                {
                    ReplyNotOffered($"{command.DisplayName} is not offered inside of a transaction.");
                }
                else
                {
                    Refuse(command);
                }

                return false;
        }
    }

    private void ReplyNotOffered(string reason)
    {
        Pool.Counters.Count(FailureKind.NotOffered);
        ReplyError("ERR " + reason);
    }

    private bool IsWithinLimit(int length)
    {
        if (_transaction!.Length + length <= Pool.Config.Limits.ClientTransaction)
        {
            return true;
        }

        Pool.Counters.Count(FailureKind.OutOfBuffers);
        ReplyError("ERR transaction is larger than limits.client_transaction");
        return false;
    }

    /// <summary>All keys of a transaction must be on one server; false: an error was the answer.</summary>
    private bool TryPlace(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        Transaction transaction = _transaction!;
        if (!_isSharded)
        {
            transaction.Place = 0;
            return true;
        }

        switch (command.TreatmentIn(_isSharded))
        {
            case CommandTreatment.Channel when Pool.Cluster is not null && command.KeySpecs.IsEmpty:
                // What one node of a cluster publishes comes to all; only a shard channel has a place, and the table says where it is.
                return true;
            case CommandTreatment.Channel:
                return TryPlace(transaction, args.Get(frame, 1));
            case CommandTreatment.Local or CommandTreatment.Subscribe:
                return true;
        }

        KeyList keys = _protocol.Keys;
        KeyStatus status = KeyFinder.Find(command, frame, args, keys);
        if (status is not (KeyStatus.Found or KeyStatus.NoKeys))
        {
            ReplyError(KeyStatusText.Of(status, command));
            return false;
        }

        for (int i = 0; i < keys.Count; i++)
        {
            if (!TryPlace(transaction, args.Get(frame, keys[i])))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryPlace(Transaction transaction, ReadOnlySpan<byte> key)
    {
        int place = Pool.Locate(key);
        if (Pool.OwnerOf(place) is null)
        {
            ReplyFailure(Failure.NoServer(Pool.Config.Name));
            return false;
        }

        transaction.Place ??= place;
        if (transaction.Place == place)
        {
            return true;
        }

        ReplyCrossServer("a transaction", transaction.Place.Value, place);
        return false;
    }

    private void EndTransaction()
    {
        _transaction?.Abort();
        _transaction = null;
        EndWatch();
    }
}
