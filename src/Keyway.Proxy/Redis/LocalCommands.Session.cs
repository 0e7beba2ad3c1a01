using System.Globalization;
using System.Text;
using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <content>AUTH, HELLO and SELECT: what decides how the following commands are treated.</content>
internal static partial class LocalCommands
{
    private const string TooManyDatabases = "ERR too many databases are in use through this pool";

    internal static void Auth(RespClientConnection client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (args.Count > 3)
        {
            client.ReplyError("ERR syntax error");
            return;
        }

        if (args.Count == 2 && client.Pool.Config.Password is null)
        {
            client.ReplyError("ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?");
            return;
        }

        string? error = client.Authenticate(args.Count == 3 ? args.Get(frame, 1) : "default"u8, args.Get(frame, args.Count - 1));
        if (error is null)
        {
            client.Reply("+OK\r\n"u8);
        }
        else
        {
            client.ReplyError(error);
        }
    }

    // HELLO [protover [AUTH username password] [SETNAME clientname]]
    private static void Hello(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (!TryHello(client, frame, args))
        {
            return;
        }

        if (client.Protocol.ServerVersion is not null)
        {
            OutputBuffer reply = client.BeginReply(out Request? place);
            WriteHello(client, client.Protocol.ServerVersion, reply);
            client.EndReply(place);
            return;
        }

        client.AnswerLater<string>(
            done => ServerVersion.Ask(client.Pool, client.Protocol, done),
            static (asker, serverVersion, reply) => WriteHello(asker, serverVersion, reply));
    }

    /// <summary>Does what HELLO asks for; false if it was answered with an error.</summary>
    internal static bool TryHello(RespClientConnection client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        string? error = HelloVersion(client, frame, args, out int version) ?? HelloOptions(client, frame, args, isTrial: false);
        if (error is not null)
        {
            client.ReplyError(error);
            return false;
        }

        if (!client.IsAuthenticated)
        {
            client.ReplyError("NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time");
            return false;
        }

        if (!client.UseResp(version))
        {
            client.ReplyError(TooManyDatabases);
            return false;
        }

        return true;
    }

    /// <summary>The version that a HELLO would choose; 0 if it names none, or would be answered with an error.</summary>
    internal static int HelloVersion(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args) =>
        args.Count > 1 && HelloVersion(client, frame, args, out int version) is null && HelloOptions(client, frame, args, isTrial: true) is null ? version : 0;

    private static string? HelloVersion(RespClientConnection client, ReadOnlySpan<byte> frame, RequestArgs args, out int version)
    {
        long number = client.RespVersion;
        bool isNumber = args.Count == 1 || RespLength.TryParse(args.Get(frame, 1), out number);
        version = number == 3 ? 3 : 2;
        return !isNumber ? "ERR Protocol version is not an integer or out of range"
            : number is not (2 or 3) ? "NOPROTO unsupported protocol version"
            : null;
    }

    /// <summary>Does what the options say, unless it is a trial, one after the other: what was done before a wrong one stays, as in Redis.</summary>
    private static string? HelloOptions(RespClientConnection client, ReadOnlySpan<byte> frame, RequestArgs args, bool isTrial)
    {
        for (int i = 2; i < args.Count; i++)
        {
            ReadOnlySpan<byte> option = args.Get(frame, i);
            if (Ascii.EqualsIgnoreCase(option, "AUTH"u8) && i + 2 < args.Count)
            {
                string? error = isTrial
                    ? client.CheckPassword(args.Get(frame, i + 1), args.Get(frame, i + 2))
                    : client.Authenticate(args.Get(frame, i + 1), args.Get(frame, i + 2));
                if (error is not null)
                {
                    return error;
                }

                i += 2;
            }
            else if (Ascii.EqualsIgnoreCase(option, "SETNAME"u8) && i + 1 < args.Count)
            {
                ReadOnlySpan<byte> name = args.Get(frame, ++i);
                if (!IsPrintable(name))
                {
                    return OddName;
                }

                client.Name = isTrial ? client.Name : Encoding.Latin1.GetString(name);
            }
            else
            {
                return $"ERR Syntax error in HELLO option '{Encoding.Latin1.GetString(option)}'";
            }
        }

        return null;
    }

    internal static void WriteHello(RespClientConnection client, string serverVersion, OutputBuffer reply)
    {
        reply.WriteMapHeader(7, client.RespVersion);
        reply.WriteBulk("server"u8);
        reply.WriteBulk("redis"u8);
        reply.WriteBulk("version"u8);
        reply.WriteBulk(Encoding.ASCII.GetBytes(serverVersion));
        reply.WriteBulk("proto"u8);
        reply.WriteInteger(client.RespVersion);
        reply.WriteBulk("id"u8);
        reply.WriteInteger(client.Number);
        reply.WriteBulk("mode"u8);
        reply.WriteBulk("standalone"u8);
        reply.WriteBulk("role"u8);
        reply.WriteBulk("master"u8);
        reply.WriteBulk("modules"u8);
        reply.WriteArrayHeader(0);
    }

    private static void Select(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (!RespLength.TryParse(args.Get(frame, 1), out long number))
        {
            client.ReplyError("ERR value is not an integer or out of range");
            return;
        }

        if (number is < 0 or > int.MaxValue)
        {
            client.ReplyError(
                number is < int.MinValue or > int.MaxValue
                    ? "ERR value is out of range, value must between -2147483648 and 2147483647"
                    : "ERR DB index is out of range");
            return;
        }

        int database = (int)number;
        if (database == client.Database || client.Protocol.KnownDatabases.Contains(database))
        {
            OutputBuffer reply = client.BeginReply(out Request? place);
            FinishSelect(client, database, null, reply);
            client.EndReply(place);
            return;
        }

        client.AnswerLater<string?>(
            done => DatabaseCheck.Ask(client.Pool, client.Protocol, database, done),
            (asker, refusal, reply) => FinishSelect(asker, database, refusal, reply));
    }

    /// <summary>The server has changed the database within a transaction: the client's next commands go there too.</summary>
    internal static void FollowSelect(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        _ = RespLength.TryParse(args.Get(frame, 1), out long number);
        client.Protocol.KnownDatabases.Add((int)number);
        OutputBuffer reply = client.BeginReply(out Request? place);
        FinishSelect(client, (int)number, null, reply);
        client.EndReply(place);
    }

    private static void FinishSelect(RedisClient client, int database, string? refusal, OutputBuffer reply)
    {
        if (refusal is null && !client.UseDatabase(database))
        {
            refusal = TooManyDatabases;
        }

        if (refusal is null)
        {
            reply.Write("+OK\r\n"u8);
        }
        else
        {
            reply.WriteError(refusal);
        }
    }
}
