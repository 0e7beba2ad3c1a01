using System.Text;
using Keyway.Net.Buffers;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Redis;

namespace Keyway.Proxy.Relay.Commands;

/// <summary>What client libraries say when they connect, as far as the commands of other pools do not serve.</summary>
internal static class SessionCommands
{
    /// <summary>The version of Redis that clients are told: old enough that none expects what is not here.</summary>
    internal const string RedisVersion = "7.0.15";

    internal static void Ping(RelayClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (args.Count > 2)
        {
            client.ReplyError("ERR wrong number of arguments for 'ping' command");
        }
        else if (args.Count == 2)
        {
            client.ReplyBulk(args.Get(frame, 1));
        }
        else
        {
            client.Reply("+PONG\r\n"u8);
        }
    }

    /// <summary>Nothing that was set can be read.</summary>
    internal static void Get(RelayClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (client.IsSmartRelayer)
        {
            client.Reply("+OK\r\n"u8);
            return;
        }

        OutputBuffer reply = client.BeginReply(out Request? place);
        reply.WriteNull(client.RespVersion);
        client.EndReply(place);
    }

    internal static void Exists(RelayClient client, ReadOnlySpan<byte> frame, RequestArgs args) => client.Reply(client.IsSmartRelayer ? ":1\r\n"u8 : ":0\r\n"u8);

    /// <summary>Records have no database.</summary>
    internal static void Select(RelayClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (!RespLength.TryParse(args.Get(frame, 1), out long number))
        {
            client.ReplyError("ERR value is not an integer or out of range");
        }
        else if (number is < 0 or > int.MaxValue)
        {
            client.ReplyError("ERR DB index is out of range");
        }
        else
        {
            client.Reply("+OK\r\n"u8);
        }
    }

    internal static void Hello(RelayClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (LocalCommands.TryHello(client, frame, args))
        {
            OutputBuffer reply = client.BeginReply(out Request? place);
            LocalCommands.WriteHello(client, RedisVersion, reply);
            client.EndReply(place);
        }
    }

    internal static void Client(RelayClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        ReadOnlySpan<byte> subcommand = args.Get(frame, 1);
        RelayHandler? handler = args.Count switch
        {
            2 when Is(subcommand, "ID"u8) => LocalCommands.ClientId,
            2 when Is(subcommand, "GETNAME"u8) => LocalCommands.ClientGetName,
            3 when Is(subcommand, "SETNAME"u8) => LocalCommands.ClientSetName,
            4 when Is(subcommand, "SETINFO"u8) => LocalCommands.ClientSetInfo,
            3 when Is(subcommand, "REPLY"u8) => LocalCommands.ClientReply,
            >= 3 when Is(subcommand, "CAPA"u8) => LocalCommands.ClientCapa,
            3 when Is(subcommand, "NO-EVICT"u8) || Is(subcommand, "NO-TOUCH"u8) => static (asker, _, _) => asker.Reply("+OK\r\n"u8),
            _ => null,
        };
        if (handler is null)
        {
            client.ReplyError($"ERR unknown subcommand or wrong number of arguments for '{Encoding.Latin1.GetString(subcommand[..Math.Min(subcommand.Length, 128)])}'");
        }
        else
        {
            handler(client, frame, args);
        }
    }

    private static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(word, name);
}
