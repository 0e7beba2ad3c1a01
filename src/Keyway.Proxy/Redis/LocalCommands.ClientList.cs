using System.Text;
using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <content>CLIENT LIST, KILL and UNBLOCK: about all clients of the pool, whichever reactor they are on.</content>
internal static partial class LocalCommands
{
    // CLIENT LIST [TYPE type | ID id ...]
    private static void ClientList(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (args.Count == 2)
        {
            ListClients(client, static _ => true, null);
        }
        else if (args.Count == 4 && Ascii.EqualsIgnoreCase(args.Get(frame, 2), "TYPE"u8))
        {
            if (!ClientFilter.TryParseKind(args.Get(frame, 3), out ClientKind kind))
            {
                client.ReplyError(ClientFilter.UnknownKind(args.Get(frame, 3)));
                return;
            }

            ListClients(client, other => other.Kind == kind, null);
        }
        else if (args.Count > 3 && Ascii.EqualsIgnoreCase(args.Get(frame, 2), "ID"u8))
        {
            long[] numbers = new long[args.Count - 3];
            for (int i = 0; i < numbers.Length; i++)
            {
                if (!RespLength.TryParse(args.Get(frame, i + 3), out numbers[i]))
                {
                    client.ReplyError("ERR Invalid client ID");
                    return;
                }
            }

            HashSet<long> wanted = [.. numbers];
            ListClients(client, other => wanted.Contains(other.Number), numbers);
        }
        else
        {
            client.ReplyError("ERR syntax error");
        }
    }

    /// <summary>Answers with a line for each client, in the order of the numbers given, else in that of their numbers.</summary>
    private static void ListClients(RedisClient client, Func<RedisClient, bool> isWanted, long[]? order) =>
        client.AnswerLater<List<List<(long Number, string Line)>>>(
            done => Gathering.Ask(client.Pool, state => Lines(state, isWanted), done),
            (asker, found, reply) =>
            {
                SortedDictionary<long, string> lines = [];
                foreach ((long number, string line) in found.SelectMany(static part => part))
                {
                    lines[number] = line;
                }

                StringBuilder text = new();
                foreach (long number in order ?? [.. lines.Keys])
                {
                    text.Append(lines.GetValueOrDefault(number));
                }

                reply.WriteVerbatim(Encoding.Latin1.GetBytes(text.ToString()), asker.RespVersion);
            });

    private static List<(long Number, string Line)> Lines(PoolState state, Func<RedisClient, bool> isWanted) =>
        [.. state.Clients.OfType<RedisClient>().Where(isWanted).Select(static client => (client.Number, ClientLine.Of(client)))];

    // CLIENT KILL address | CLIENT KILL filter value ...
    private static void ClientKill(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        string? error = null;
        bool isOldForm = args.Count == 3;
        ClientFilter filter = isOldForm
            ? ClientFilter.ForAddress(Encoding.Latin1.GetString(args.Get(frame, 2)))
            : ClientFilter.Parse(frame, args, 2, out error);
        if (error is not null)
        {
            client.ReplyError(error);
            return;
        }

        client.AnswerLater<List<int>>(
            done => Gathering.Ask(client.Pool, state => Kill(state, filter, client), done),
            (asker, killed, reply) =>
            {
                int total = killed.Sum();
                if (!filter.SkipsAsker && filter.Fits(asker))
                {
                    total++;
                    asker.CloseWhenAnswered();
                }

                WriteKilled(reply, total, isOldForm);
            });
    }

    private static void WriteKilled(OutputBuffer reply, int killed, bool isOldForm)
    {
        if (!isOldForm)
        {
            reply.WriteInteger(killed);
        }
        else if (killed > 0)
        {
            reply.Write("+OK\r\n"u8);
        }
        else
        {
            reply.WriteError("ERR No such client");
        }
    }

    /// <summary>Closes the state's clients that fit; the one that asks gets its answer first.</summary>
    private static int Kill(PoolState state, ClientFilter filter, RedisClient asker)
    {
        RedisClient[] fitting = [.. state.Clients.OfType<RedisClient>().Where(client => client != asker && filter.Fits(client))];
        foreach (RedisClient client in fitting)
        {
            client.Close("killed by a client");
        }

        return fitting.Length;
    }

    // CLIENT UNBLOCK id [TIMEOUT | ERROR]
    private static void ClientUnblock(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        bool withError = args.Count == 4 && Ascii.EqualsIgnoreCase(args.Get(frame, 3), "ERROR"u8);
        if (args.Count > 4)
        {
            client.ReplyError($"ERR unknown subcommand or wrong number of arguments for '{Encoding.Latin1.GetString(args.Get(frame, 1))}'. Try CLIENT HELP.");
        }
        else if (args.Count == 4 && !withError && !Ascii.EqualsIgnoreCase(args.Get(frame, 3), "TIMEOUT"u8))
        {
            client.ReplyError("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
        }
        else if (!RespLength.TryParse(args.Get(frame, 2), out long number))
        {
            client.ReplyError("ERR value is not an integer or out of range");
        }
        else
        {
            client.AnswerLater<List<bool>>(
                done => Gathering.Ask(client.Pool, state => Unblock(state, number, withError), done),
                static (_, unblocked, reply) => reply.WriteInteger(unblocked.Contains(true) ? 1 : 0));
        }
    }

    private static bool Unblock(PoolState state, long number, bool withError)
    {
        Action<bool>? unblock = state.Clients.OfType<RedisClient>().FirstOrDefault(client => client.Number == number)?.Unblock;
        unblock?.Invoke(withError);
        return unblock is not null;
    }
}
