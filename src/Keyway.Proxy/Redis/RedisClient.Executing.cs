using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Cluster;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <content>EXEC: where a transaction is sent, in one piece, and what is tried out before.</content>
internal sealed partial class RedisClient
{
    /// <summary>EXEC. False: not yet.</summary>
    private bool Execute(CommandInfo command)
    {
        Transaction transaction = _transaction!;
        if (WatchFailure() is { } failure)
        {
            EndTransaction();
            ReplyError("EXECABORT Transaction discarded because of: " + failure);
            return true;
        }

        if (transaction.IsAborted)
        {
            EndTransaction();
            ReplyError(Discarded);
            return true;
        }

        if (_watch is not null && !IsIdle)
        {
            // What was asked on the shared connections since WATCH comes first.
            Pause(PauseReasons.Order);
            return false;
        }

        if (_isWatchVoid)
        {
            // As if a watched key had changed: the server that watched the first ones does not have them any more.
            EndTransaction();
            Reply(RespVersion == 3 ? "_\r\n"u8 : "*-1\r\n"u8);
            return true;
        }

        ServerState? server = _watch?.Server ?? (transaction.Place is { } place ? Pool.OwnerOf(place) : Pool.AnyServer());
        if (server is not null && !MayTransact(server, out bool isAnswered))
        {
            return isAnswered;
        }

        PinnedConnection? own = _watch ?? OwnConnection;
        PinnedConnection? borrowed = null;
        if (own is null && (transaction.ChangesConnection || transaction.NeedsDedicated) && server is not null)
        {
            if (!TryPin(server, out borrowed))
            {
                return false;
            }

            if (borrowed is null)
            {
                EndTransaction();
                return true;
            }

            own = borrowed;
        }

        if (Pool.Cluster is { } cluster && own is null)
        {
            ExecuteInCluster(cluster, transaction, command);
            return true;
        }

        ServerConnection? connection = own?.Connection ?? server?.Connection(_lane, Number);
        if (connection is null)
        {
            EndTransaction();
            ReplyFailure(server?.DownFailure() ?? Failure.NoServer(Pool.Config.Name));
            return true;
        }

        if (own is not null)
        {
            Prepare(own, transaction, ref borrowed);
        }

        Request exec = BeginExec(command, transaction, borrowed);
        if (Pool.Cluster is null || _watch is null)
        {
            NoteWrites(transaction);
            transaction.Send(connection, exec);
        }
        else
        {
            ExecuteWatched(connection, transaction, exec);
        }

        EndTransaction();
        if (connection.IsFull)
        {
            connection.WakeWhenRoom(this);
        }

        return true;
    }

    /// <summary>Makes a connection of the client's own ready for the transaction.</summary>
    private void Prepare(PinnedConnection own, Transaction transaction, ref PinnedConnection? borrowed)
    {
        if (transaction.NeedsDedicated && _dedicated is null)
        {
            Dedicate(own);
            borrowed = null;
        }

        if (own == _watch)
        {
            EnterLane(own);
        }

        if (own == _watch || transaction.ChangesConnection)
        {
            _laneUnderWay = OnPinnedConnection;
        }

        own.IsSpoilt |= transaction.ChangesConnection;
    }

    /// <summary>Whether the server takes transactions. False: not yet, or <paramref name="isAnswered"/> with an error.</summary>
    private bool MayTransact(ServerState server, out bool isAnswered)
    {
        isAnswered = false;
        if (server.Transactions.IsPassed || server.Health.IsDown)
        {
            return true;
        }

        if (!_isTriedOut)
        {
            Pause(PauseReasons.Barrier);
            server.Transactions.Ask(failure =>
            {
                _isTriedOut = true;
                _trialFailure = failure;
                Unpause(PauseReasons.Barrier);
            });
            return false;
        }

        _isTriedOut = false;
        bool mayFollow = Pool.Cluster is not null && (_watch ?? OwnConnection) is null && _transaction is { ChangesConnection: false, NeedsDedicated: false };
        if (_trialFailure is not { } reason || (mayFollow && reason.Kind != FailureKind.NotOffered))
        {
            // A node that cannot be reached may have a successor, which is tried out too.
            return true;
        }

        EndTransaction();
        ReplyError("EXECABORT Transaction discarded because of: " + reason.Text);
        isAnswered = true;
        return false;
    }

    /// <summary>All of it follows its slot if that has moved: then nothing was executed.</summary>
    private void ExecuteInCluster(ClusterState cluster, Transaction transaction, CommandInfo command)
    {
        Request exec = BeginExec(command, transaction, borrowed: null);
        transaction.MoveTo(Keep(exec, transaction.Place ?? 0, command, CommandRepeat.No));
        EndTransaction();
        cluster.Send(exec);
    }

    /// <summary>It runs where its keys are watched, or not at all.</summary>
    private void ExecuteWatched(ServerConnection connection, Transaction transaction, Request exec)
    {
        Resend resend = Keep(exec, _watchPlace, exec.Command!, CommandRepeat.No);
        resend.IsWatched = true;
        transaction.MoveTo(resend);
        if (_isWatchAsking)
        {
            ClusterState.SendAsking(connection);
        }

        resend.Queued!.Enqueue(connection);
        resend.WriteTo(connection.BeginSend(exec));
    }

    /// <summary>For WAIT: it does not go where a slot is looked up.</summary>
    private void NoteWrites(Transaction transaction)
    {
        if (transaction.Place is { } place)
        {
            NoteWrite(place);
        }
        else
        {
            NoteWriteAnywhere();
        }
    }
}
