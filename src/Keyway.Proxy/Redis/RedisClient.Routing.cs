using System.Text;
using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Commands;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <content>From a command to its servers, by the columns of the command table.</content>
internal sealed partial class RedisClient
{
    /// <summary>False: not yet; the request is offered again.</summary>
    private bool Route(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (_dedicated is not null && command.Name is "reset" && !IsIdle)
        {
            // It ends the connection, with what is still awaited there.
            Pause(PauseReasons.Order);
            return false;
        }

        if (Pool.Smart is { } smart && smart.ReplyTo(command) is { } early && CanAnswerEarly(command, frame, args))
        {
            return AnswerEarly(smart, early, command, frame, args);
        }

        CommandTreatment treatment = command.SingleTreatment == CommandTreatment.Wait && Pool.Cluster is not null
            ? CommandTreatment.Wait
            : command.TreatmentIn(_isSharded);
        if (Pool.Cluster is { } cluster && !IsAnsweredHere(treatment))
        {
            if (MustWaitForMap(cluster, out bool isAnswered))
            {
                return false;
            }

            if (isAnswered)
            {
                return true;
            }
        }

        switch (treatment)
        {
            case CommandTreatment.Key:
                return RouteByKey(command, frame, args);
            case CommandTreatment.Dedicated:
                return RouteDedicated(command, frame, args);
            case CommandTreatment.Debug when Pool.Config.Debug && !_isSharded:
                Forward(Pool.OnlyServer, command, frame);
                break;
            case CommandTreatment.Wait when _isSharded:
                return RouteWait(command, frame, args);
            case CommandTreatment.Block or CommandTreatment.Wait:
                return RouteBlocking(command, frame, args);
            case CommandTreatment.Any or CommandTreatment.All when command.Merge == CommandMerge.Info:
                RouteInfo(command, frame, args);
                break;
            case CommandTreatment.Split:
                RouteSplit(command, frame, args);
                break;
            case CommandTreatment.Any:
                ForwardToAny(command, frame, args);
                break;
            case CommandTreatment.All when MustConfirmMap():
                return false;
            case CommandTreatment.All:
                RouteToAll(command, frame, args);
                break;
            case CommandTreatment.Scan:
                return RouteScan(command, frame, args);
            case CommandTreatment.Channel:
                return RouteByChannel(command, frame, args);
            case CommandTreatment.Subscribe:
                return RouteSubscription(command, frame, args);
            case CommandTreatment.Local or CommandTreatment.Stateless:
                AnswerLocally(command, frame, args);
                break;
            case CommandTreatment.Transaction:
                return RouteTransaction(command, frame, args);
            case CommandTreatment.Config:
                RouteConfig(command, frame, args);
                break;
            default:
                Refuse(command);
                break;
        }

        return true;
    }

    /// <summary>True where no server is asked, or not for the sake of its keys.</summary>
    private static bool IsAnsweredHere(CommandTreatment treatment) => treatment
        is CommandTreatment.Local or CommandTreatment.Stateless or CommandTreatment.Refuse or CommandTreatment.Pinned or CommandTreatment.Config;

    /// <summary>INFO: the servers' text, with a section of Keyway's own where one was asked for; while all are down that section alone, if the pool says so.</summary>
    private void RouteInfo(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        bool withOwn = KeywaySection.IsWanted(frame, args);
        bool areAllDown = withOwn && Pool.AnyServer() is null;
        if (KeywaySection.IsAllThatIsWanted(frame, args) || (areAllDown && Pool.Config.AnswerWhenDown))
        {
            ReplyVerbatim(Encoding.UTF8.GetBytes(KeywaySection.Text(Pool)));
        }
        else if (areAllDown)
        {
            ReplyAllDown();
        }
        else if (_isSharded || withOwn)
        {
            RouteToAll(command, frame, args, withOwn);
        }
        else
        {
            ForwardToAny(command, frame, args);
        }
    }

    /// <summary>CONFIG, as far as the pool allows it.</summary>
    private void RouteConfig(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (!MayConfigure(command))
        {
            Refuse(command);
        }
        else if (_isSharded && command.Merge != CommandMerge.None)
        {
            RouteToAll(command, frame, args);
        }
        else
        {
            ForwardToAny(command, frame, args);
        }
    }

    /// <summary>True if the pool's key <c>config</c> allows the command: one that changes nothing, or any.</summary>
    private bool MayConfigure(CommandInfo command) =>
        Pool.Config.ConfigAccess >= (command.Repeat == CommandRepeat.Read ? ConfigAccess.Get : ConfigAccess.All);

    private bool RouteByKey(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (command.BlockingTime is not null && command.Blocks(frame, args))
        {
            return RouteBlocking(command, frame, args);
        }

        if (!_isSharded)
        {
            // One server has all keys, and finds the mistakes by itself.
            ForwardTo(0, command, frame, args);
        }
        else if (command.FirstKey > 0 && command.LastKey == command.FirstKey)
        {
            if (command.FirstKey < args.Count)
            {
                ForwardTo(Pool.Locate(args.Get(frame, command.FirstKey)), command, frame, args);
            }
            else
            {
                ReplyError(WrongArguments(command));
            }
        }
        else if (TryFindPlace(command, frame, args, out int? place, isForwarded: true))
        {
            if (place is { } known)
            {
                ForwardTo(known, command, frame, args);
            }
            else
            {
                if (!command.IsReadOnly)
                {
                    NoteWriteAnywhere();
                }

                ForwardToAny(command, frame, args);
            }
        }

        return true;
    }

    /// <summary>What places all keys of a request, of any number; null if it has none. False: an error was the answer.</summary>
    /// <remarks>A request that is forwarded may be malformed: any node of a cluster finds the mistake by itself, in its own words, and executes no command on keys that are not its own.</remarks>
    private bool TryFindPlace(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args, out int? place, bool isForwarded = false)
    {
        place = null;
        KeyList keys = _protocol.Keys;
        KeyStatus status = KeyFinder.Find(command, frame, args, keys);
        if (status == KeyStatus.NoKeys || (status != KeyStatus.Found && isForwarded && Pool.Cluster is not null))
        {
            return true;
        }

        if (status != KeyStatus.Found)
        {
            ReplyError(KeyStatusText.Of(status, command));
            return false;
        }

        int first = Pool.Locate(args.Get(frame, keys[0]));
        for (int i = 1; i < keys.Count; i++)
        {
            int other = Pool.Locate(args.Get(frame, keys[i]));
            if (other != first)
            {
                ReplyCrossServer(command.DisplayName, first, other);
                return false;
            }
        }

        place = first;
        return true;
    }

    /// <summary>The server of all keys of a request; without keys one that is up; null if there is none. False: an error was the answer.</summary>
    private bool TryFindServer(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args, out int place, out ServerState? server)
    {
        server = null;
        place = 0;
        if (!_isSharded)
        {
            server = Pool.OnlyServer;
        }
        else if (TryFindPlace(command, frame, args, out int? found))
        {
            place = found ?? 0;
            server = found is { } known ? Pool.OwnerOf(known) : Pool.AnyServer();
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool RouteByChannel(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (!command.AcceptsCount(args.Count))
        {
            ReplyError(WrongArguments(command));
        }
        else if (Pool.Shared.Memory is not null)
        {
            return PublishLocally(command, frame, args);
        }
        else
        {
            // Only a shard channel has a slot; every node of a cluster passes on what is published in the others. By its hash, since one client's messages stay in order there.
            ForwardTo(Pool.Locate(args.Get(frame, 1)), command, frame, args, isAnywhere: _isSharded && command.KeySpecs.IsEmpty);
        }

        return true;
    }

    /// <summary>The server of a key; null when all are ejected.</summary>
    private ServerState? ServerOf(ReadOnlySpan<byte> key) => Pool.OwnerOf(Pool.Locate(key));

    /// <summary>Sends the request as it is to the server of a place, as <see cref="PoolState.Locate"/> gives them; in a cluster it is kept, so that it can follow its slot.</summary>
    private void ForwardTo(int place, CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args, bool isAnywhere = false)
    {
        if (Pool.Cluster is not { } cluster || OwnConnection is not null)
        {
            Forward(Pool.OwnerOf(place), command, frame);
            return;
        }

        Request request = Pool.Requests.Rent();
        request.Command = command;
        Enqueue(request);
        Resend resend = Keep(request, place, command, command.Repeat);
        resend.IsAnywhere = isAnywhere;
        resend.Keep(frame);
        cluster.Send(request);
    }

    /// <summary>Sends the request as it is to a server that is up; in a cluster to a primary, and to another if that one goes.</summary>
    internal void ForwardToAny(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (Pool.Cluster is null)
        {
            Forward(Pool.AnyServer(), command, frame);
        }
        else
        {
            ForwardTo(0, command, frame, args, isAnywhere: _isSharded);
        }
    }

    /// <summary>Sends the request as it is; null: there is no server.</summary>
    private void Forward(ServerState? server, CommandInfo command, ReadOnlySpan<byte> frame)
    {
        if (server is null)
        {
            ReplyFailure(Failure.NoServer(Pool.Config.Name));
            return;
        }

        ServerConnection? connection = OwnConnection?.Connection ?? server.Connection(_lane, Number);
        if (connection is null)
        {
            ReplyFailure(server.DownFailure());
            return;
        }

        Request request = Pool.Requests.Rent();
        request.Command = command;
        Enqueue(request);
        connection.Send(request, frame);
        if (connection.IsFull)
        {
            connection.WakeWhenRoom(this);
        }
    }

    private void AnswerLocally(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (ArgumentError(command, frame, args) is { } error)
        {
            ReplyError(error);
        }
        else if (!LocalCommands.TryAnswer(this, command, frame, args))
        {
            Refuse(command);
        }
    }

    private void Refuse(CommandInfo command)
    {
        Pool.Counters.Count(FailureKind.NotOffered);
        if (command.Refusal.IsEmpty)
        {
            ReplyError($"ERR {command.DisplayName} needs a server connection of its own, which this pool does not give.");
            return;
        }

        Reply(command.Refusal);
    }

    private void RefuseByFilter(CommandFilter filter, CommandInfo command)
    {
        _transaction?.Abort();
        Pool.Counters.Count(FailureKind.NotOffered);
        ReplyError(filter.ErrorFor(command));
    }

    /// <summary>What a server says before it executes anything: the subcommand is unknown, or the number of arguments wrong. Null if all is well.</summary>
    private static string? ArgumentError(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (command.IsContainer && args.Count > 1)
        {
            return $"ERR unknown subcommand '{Encoding.Latin1.GetString(args.Get(frame, 1))}'. Try {command.DisplayName} HELP.";
        }

        return command.IsContainer || !command.AcceptsCount(args.Count) ? WrongArguments(command) : null;
    }

    private void ReplyCrossServer(string what, int one, int other)
    {
        Pool.Counters.Count(FailureKind.CrossServer);
        ReplyError(Pool.Cluster is null
            ? $"CROSSSLOT Keys in request don't hash to the same server: {what} needs its keys together, but they are on {Pool.OwnerOf(one)?.Label} and {Pool.OwnerOf(other)?.Label} (a hash tag keeps keys together)"
            : $"CROSSSLOT Keys in request don't hash to the same slot: {what} needs its keys together, but they are in {one} and {other} (a hash tag keeps keys together)");
    }

    private static string WrongArguments(CommandInfo command) =>
        $"ERR wrong number of arguments for '{command.Name}' command";
}
