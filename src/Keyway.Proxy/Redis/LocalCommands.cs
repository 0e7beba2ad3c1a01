using System.Globalization;
using System.Text;
using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Redis;

/// <summary>The commands that Keyway answers itself, by the command table's names.</summary>
internal static partial class LocalCommands
{
    private static readonly Handler?[] ById = Index(new Dictionary<string, Handler>(StringComparer.Ordinal)
    {
        ["ping"] = Ping,
        ["echo"] = Echo,
        ["time"] = Time,
        ["quit"] = Quit,
        ["reset"] = Reset,
        ["auth"] = Auth,
        ["hello"] = Hello,
        ["select"] = Select,
        ["client|id"] = ClientId,
        ["client|getname"] = ClientGetName,
        ["client|setname"] = ClientSetName,
        ["client|reply"] = ClientReply,
        ["client|setinfo"] = ClientSetInfo,
        ["client|capa"] = ClientCapa,
        ["client|info"] = ClientInfo,
        ["client|list"] = ClientList,
        ["client|kill"] = ClientKill,
        ["client|unblock"] = ClientUnblock,
        ["acl|whoami"] = WhoAmI,
        ["pubsub|channels"] = PubSubChannels,
        ["pubsub|shardchannels"] = PubSubShardChannels,
        ["pubsub|numpat"] = PubSubNumPat,
        ["pubsub|numsub"] = PubSubNumSub,
        ["pubsub|shardnumsub"] = PubSubShardNumSub,
    });

    private delegate void Handler(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args);

    /// <summary>Answers the command; false when the table says "local" of one that has no answer here.</summary>
    internal static bool TryAnswer(RedisClient client, CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if ((uint)command.Id < (uint)ById.Length && ById[command.Id] is { } handler)
        {
            handler(client, frame, args);
            return true;
        }

        return false;
    }

    /// <summary>The names that have an answer; a test compares them with the command table.</summary>
    internal static bool Has(CommandInfo command) => (uint)command.Id < (uint)ById.Length && ById[command.Id] is not null;

    private static Handler?[] Index(Dictionary<string, Handler> handlers)
    {
        Handler?[] byId = new Handler?[CommandTable.BuiltIn.Count];
        foreach (CommandInfo command in CommandTable.BuiltIn.All)
        {
            byId[command.Id] = handlers.GetValueOrDefault(command.Name) ?? ClusterHandlers.GetValueOrDefault(command.Name)
                ?? (command.Name.StartsWith("cluster|", StringComparison.Ordinal) ? InCluster(RefuseInCluster) : null);
        }

        return byId;
    }

    private static void Ping(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (args.Count > 2)
        {
            client.ReplyError("ERR wrong number of arguments for 'ping' command");
        }
        else if (!client.Pool.Config.AnswerWhenDown && client.Pool.AnyServer() is null)
        {
            client.ReplyAllDown();
        }
        else if (client.IsInSubscriberMode)
        {
            // Looks like a message, so that a reader of messages can take it.
            client.Reply("*2\r\n$4\r\npong\r\n"u8, args.Count == 2 ? args.Get(frame, 1) : default);
        }
        else if (args.Count == 1)
        {
            client.Reply("+PONG\r\n"u8);
        }
        else
        {
            client.ReplyBulk(args.Get(frame, 1));
        }
    }

    internal static void Echo(RespClientConnection client, ReadOnlySpan<byte> frame, RequestArgs args) => client.ReplyBulk(args.Get(frame, 1));

    internal static void Time(RespClientConnection client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        long microseconds = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        OutputBuffer reply = client.BeginReply(out var place);
        reply.WriteArrayHeader(2);
        reply.WriteBulk(Digits(microseconds / 1_000_000));
        reply.WriteBulk(Digits(microseconds % 1_000_000));
        client.EndReply(place);
    }

    internal static void Quit(RespClientConnection client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        client.Reply("+OK\r\n"u8);
        client.CloseWhenAnswered();
    }

    internal static void Reset(RespClientConnection client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        client.ResetSession();
        client.Reply("+RESET\r\n"u8);
    }

    internal static void WhoAmI(RespClientConnection client, ReadOnlySpan<byte> frame, RequestArgs args) => client.ReplyBulk("default"u8);

    private static byte[] Digits(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
