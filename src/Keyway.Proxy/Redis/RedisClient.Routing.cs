using System.Text;
using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <content>From a command to its servers, by the columns of the command table.</content>
internal sealed partial class RedisClient
{
    private void Route(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        switch (command.TreatmentIn(_isSharded))
        {
            case CommandTreatment.Key:
                RouteByKey(command, frame, args);
                break;
            case CommandTreatment.Any or CommandTreatment.All when command.Merge == CommandMerge.Info:
                RouteInfo(command, frame, args);
                break;
            case CommandTreatment.Split:
                RouteSplit(command, frame, args);
                break;
            case CommandTreatment.Any:
                Forward(Pool.AnyServer(), command, frame);
                break;
            case CommandTreatment.All:
                RouteToAll(command, frame);
                break;
            case CommandTreatment.Scan:
                RouteScan(command, frame, args);
                break;
            case CommandTreatment.Channel:
                RouteByChannel(command, frame, args);
                break;
            case CommandTreatment.Subscribe:
                RouteSubscription(command, frame, args);
                break;
            case CommandTreatment.Local:
                AnswerLocally(command, frame, args);
                break;
            case CommandTreatment.Config:
                RouteConfig(command, frame);
                break;
            default:
                Refuse(command);
                break;
        }
    }

    /// <summary>INFO: the servers' text, with a section of Keyway's own where one was asked for.</summary>
    private void RouteInfo(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        bool withOwn = InfoSection.IsWanted(frame, args);
        if (InfoSection.IsAllThatIsWanted(frame, args))
        {
            ReplyVerbatim(Encoding.UTF8.GetBytes(InfoSection.Text(Pool)));
        }
        else if (_isSharded || withOwn)
        {
            RouteToAll(command, frame, withOwn);
        }
        else
        {
            Forward(Pool.AnyServer(), command, frame);
        }
    }

    /// <summary>CONFIG, as far as the pool allows it.</summary>
    private void RouteConfig(CommandInfo command, ReadOnlySpan<byte> frame)
    {
        ConfigAccess needed = command.Repeat == CommandRepeat.Read ? ConfigAccess.Get : ConfigAccess.All;
        if (Pool.Config.ConfigAccess < needed)
        {
            Refuse(command);
        }
        else if (_isSharded && command.Merge != CommandMerge.None)
        {
            RouteToAll(command, frame);
        }
        else
        {
            Forward(Pool.AnyServer(), command, frame);
        }
    }

    private void RouteByKey(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (command.BlockingOption is not null && command.Blocks(frame, args))
        {
            Refuse(command);
        }
        else if (!_isSharded)
        {
            // One server has all keys, and finds the mistakes by itself.
            Forward(Pool.Servers[0], command, frame);
        }
        else if (command.FirstKey > 0 && command.LastKey == command.FirstKey)
        {
            if (command.FirstKey < args.Count)
            {
                Forward(ServerOf(args.Get(frame, command.FirstKey)), command, frame);
            }
            else
            {
                ReplyError(WrongArguments(command));
            }
        }
        else
        {
            RouteByKeys(command, frame, args);
        }
    }

    private void RouteByKeys(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        KeyList keys = _protocol.Keys;
        KeyStatus status = KeyFinder.Find(command, frame, args, keys);
        if (status != KeyStatus.Found)
        {
            if (status == KeyStatus.NoKeys)
            {
                Forward(Pool.AnyServer(), command, frame);
            }
            else
            {
                ReplyError(KeyStatusText.Of(status, command));
            }

            return;
        }

        ServerState? server = ServerOf(args.Get(frame, keys[0]));
        for (int i = 1; i < keys.Count; i++)
        {
            ServerState? other = ServerOf(args.Get(frame, keys[i]));
            if (other != server)
            {
                ReplyCrossServer(command, server, other);
                return;
            }
        }

        Forward(server, command, frame);
    }

    private void RouteByChannel(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (!command.AcceptsCount(args.Count))
        {
            ReplyError(WrongArguments(command));
        }
        else if (IsLocalPublish(command))
        {
            PublishLocally(command, frame, args);
        }
        else
        {
            Forward(ServerOf(args.Get(frame, 1)), command, frame);
        }
    }

    /// <summary>The server of a key; null when all are ejected.</summary>
    private ServerState? ServerOf(ReadOnlySpan<byte> key)
    {
        int index = Pool.Placement.Locate(key);
        return index < 0 ? null : Pool.Servers[index];
    }

    /// <summary>Sends the request as it is; null: there is no server.</summary>
    private void Forward(ServerState? server, CommandInfo command, ReadOnlySpan<byte> frame)
    {
        if (server is null)
        {
            ReplyFailure(Failure.NoServer(Pool.Config.Name));
            return;
        }

        ServerConnection? connection = server.Connection(_lane, Number);
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
        if (command.IsContainer)
        {
            if (args.Count < 2)
            {
                ReplyError(WrongArguments(command));
            }
            else
            {
                ReplyUnknownSubcommand(command, frame, args);
            }
        }
        else if (!command.AcceptsCount(args.Count))
        {
            ReplyError(WrongArguments(command));
        }
        else if (!LocalCommands.TryAnswer(this, command, frame, args))
        {
            Refuse(command);
        }
    }

    private void Refuse(CommandInfo command)
    {
        Pool.Counters.Count(FailureKind.NotOffered);
        _isTransactionRefused |= command.Name is "multi";
        Reply(command.Refusal);
    }

    private void ReplyCrossServer(CommandInfo command, ServerState? one, ServerState? other)
    {
        Pool.Counters.Count(FailureKind.CrossServer);
        ReplyError(
            $"CROSSSLOT Keys in request don't hash to the same server: {command.DisplayName} needs its keys together, but they are on {one?.Label} and {other?.Label} (a hash tag keeps keys together)");
    }

    private static string WrongArguments(CommandInfo command) =>
        $"ERR wrong number of arguments for '{command.Name}' command";
}
