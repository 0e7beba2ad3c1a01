using System.Text;

namespace Keyway.Proxy.Memory.Commands;

/// <summary>The connection and the server.</summary>
internal static class ServerCommands
{
    /// <summary>The version of Redis whose replies these are.</summary>
    public const string CompatibleVersion = "7.0.15";

    public static void Ping(in MemoryCall call)
    {
        if (call.Count > 2)
        {
            call.WrongArity();
        }
        else if (call.Count == 2)
        {
            call.Reply.Bulk(call[1]);
        }
        else
        {
            call.Reply.Simple("PONG"u8);
        }
    }

    public static void Echo(in MemoryCall call) => call.Reply.Bulk(call[1]);

    public static void Select(in MemoryCall call)
    {
        if (!call.TryInteger(1, out long index))
        {
            return;
        }

        if (index is < int.MinValue or > int.MaxValue)
        {
            call.Reply.Error("ERR value is out of range, value must between -2147483648 and 2147483647"u8);
        }
        else if (index is < 0 or >= MemoryStore.Databases)
        {
            call.Reply.Error("ERR DB index is out of range"u8);
        }
        else
        {
            call.Session.DatabaseIndex = (int)index;
            call.Reply.Ok();
        }
    }

    /// <summary>There is no password here; the user "default" has none and gets in with any, as in Redis.</summary>
    public static void Auth(in MemoryCall call)
    {
        if (call.Count > 3)
        {
            call.Reply.Error(MemoryErrors.Syntax);
        }
        else if (call.Count == 2)
        {
            call.Reply.Error("ERR AUTH <password> called without any password configured for the default user. "u8
                + "Are you sure your configuration is correct?"u8);
        }
        else if (IsKnownUser(call, 1))
        {
            call.Reply.Ok();
        }
    }

    public static void Hello(in MemoryCall call)
    {
        int version = call.Reply.IsResp3 ? 3 : 2;
        if (call.Count > 1)
        {
            if (!Protocol.Resp.RespLength.TryParse(call[1], out long wanted))
            {
                call.Reply.Error("ERR Protocol version is not an integer or out of range"u8);
                return;
            }

            if (wanted is < 2 or > 3)
            {
                call.Reply.Error("NOPROTO unsupported protocol version"u8);
                return;
            }

            if (!TryHelloOptions(call))
            {
                return;
            }

            version = (int)wanted;
            call.Reply.IsResp3 = version == 3;
        }

        MemoryReply reply = call.Reply;
        reply.Map(7);
        reply.Bulk("server"u8);
        reply.Bulk("redis"u8);
        reply.Bulk("version"u8);
        reply.Bulk(Encoding.ASCII.GetBytes(CompatibleVersion));
        reply.Bulk("proto"u8);
        reply.Integer(version);
        reply.Bulk("id"u8);
        reply.Integer(call.Session.Id);
        reply.Bulk("mode"u8);
        reply.Bulk("standalone"u8);
        reply.Bulk("role"u8);
        reply.Bulk("master"u8);
        reply.Bulk("modules"u8);
        reply.Array(0);
    }

    public static void DbSize(in MemoryCall call) => call.Reply.Integer(call.Database.Entries.Count);

    public static void FlushAll(in MemoryCall call)
    {
        if (IsFlush(call))
        {
            call.Store.Clear();
            call.Reply.Ok();
        }
    }

    public static void FlushDb(in MemoryCall call)
    {
        if (IsFlush(call))
        {
            call.Database.Clear();
            call.Reply.Ok();
        }
    }

    public static void Time(in MemoryCall call)
    {
        long microseconds = (call.Store.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        call.Reply.Array(2);
        call.Reply.Number(microseconds / 1_000_000);
        call.Reply.Number(microseconds % 1_000_000);
    }

    private static bool IsKnownUser(in MemoryCall call, int index)
    {
        bool known = call[index].SequenceEqual("default"u8);
        if (!known)
        {
            call.Reply.Error("WRONGPASS invalid username-password pair or user is disabled."u8);
        }

        return known;
    }

    private static bool TryHelloOptions(in MemoryCall call)
    {
        int at = 2;
        while (at < call.Count)
        {
            if (call.Is(at, "AUTH"u8) && at + 2 < call.Count)
            {
                if (!IsKnownUser(call, at + 1))
                {
                    return false;
                }

                at += 3;
            }
            else if (call.Is(at, "SETNAME"u8) && at + 1 < call.Count)
            {
                if (call[at + 1].ContainsAnyExceptInRange((byte)'!', (byte)'~'))
                {
                    call.Reply.Error("ERR Client names cannot contain spaces, newlines or special characters."u8);
                    return false;
                }

                at += 2;
            }
            else
            {
                call.Reply.Error($"ERR Syntax error in HELLO option '{call.Text(at)}'");
                return false;
            }
        }

        return true;
    }

    private static bool IsFlush(in MemoryCall call)
    {
        bool right = call.Count == 1 || (call.Count == 2 && (call.Is(1, "ASYNC"u8) || call.Is(1, "SYNC"u8)));
        if (!right)
        {
            call.Reply.Error(MemoryErrors.Syntax);
        }

        return right;
    }
}
