using System.Text;
using Keyway.Net.Buffers;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Redis;

/// <content>CLIENT about the client's own connection to Keyway; the shared ones to the servers know nothing of it.</content>
internal static partial class LocalCommands
{
    private const string OddName = "ERR Client names cannot contain spaces, newlines or special characters.";

    internal static void ClientId(RespClientConnection client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        OutputBuffer reply = client.BeginReply(out var place);
        reply.WriteInteger(client.Number);
        client.EndReply(place);
    }

    internal static void ClientReply(RespClientConnection client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (!client.TrySetReplies(args.Get(frame, 2)))
        {
            client.ReplyError("ERR syntax error");
        }
    }

    internal static void ClientGetName(RespClientConnection client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        OutputBuffer reply = client.BeginReply(out var place);
        if (client.Name.Length == 0)
        {
            reply.WriteNull(client.RespVersion);
        }
        else
        {
            reply.WriteBulk(Encoding.Latin1.GetBytes(client.Name));
        }

        client.EndReply(place);
    }

    internal static void ClientSetName(RespClientConnection client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (!IsPrintable(args.Get(frame, 2)))
        {
            client.ReplyError(OddName);
            return;
        }

        client.Name = Encoding.Latin1.GetString(args.Get(frame, 2));
        client.Reply("+OK\r\n"u8);
    }

    internal static void ClientSetInfo(RespClientConnection client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        ReadOnlySpan<byte> option = args.Get(frame, 2);
        string value = Encoding.Latin1.GetString(args.Get(frame, 3));
        if (!IsPrintable(args.Get(frame, 3)))
        {
            client.ReplyError($"ERR {Encoding.Latin1.GetString(option).ToLowerInvariant()} cannot contain spaces, newlines or special characters.");
        }
        else if (Ascii.EqualsIgnoreCase(option, "LIB-NAME"u8))
        {
            client.LibraryName = value;
            client.Reply("+OK\r\n"u8);
        }
        else if (Ascii.EqualsIgnoreCase(option, "LIB-VER"u8))
        {
            client.LibraryVersion = value;
            client.Reply("+OK\r\n"u8);
        }
        else
        {
            client.ReplyError($"ERR Unrecognized option '{Encoding.Latin1.GetString(option)}'");
        }
    }

    /// <summary>An announcement of what the client understands: nothing here makes use of it, as servers ignore what they do not know.</summary>
    internal static void ClientCapa(RespClientConnection client, ReadOnlySpan<byte> frame, RequestArgs args) => client.Reply("+OK\r\n"u8);

    private static void ClientInfo(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args) =>
        client.ReplyVerbatim(Encoding.Latin1.GetBytes(ClientLine.Of(client)));

    private static bool IsPrintable(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)'!', (byte)'~');
}
