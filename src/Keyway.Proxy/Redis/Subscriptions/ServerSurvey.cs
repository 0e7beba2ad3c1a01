using System.Text;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>One request to every server of a pool that is not ejected; the server in this process is passed over, since it has no subscriptions.</summary>
internal static class ServerSurvey
{
    /// <summary>Asks; <paramref name="done"/> gets all replies in the order of the servers, or the text of the first error.</summary>
    internal static void Ask(PoolState pool, long client, byte[] request, Action<List<byte[]>, string?> done)
    {
        if (pool.Shared.Memory is not null)
        {
            done([], null);
            return;
        }

        ServerState[] servers = [.. pool.KeyServers()];
        byte[][] replies = new byte[servers.Length][];
        int awaited = servers.Length;
        string? error = awaited == 0 ? "ERR " + Failure.NoServer(pool.Config.Name).Text : null;
        if (awaited == 0)
        {
            done([], error);
        }

        for (int i = 0; i < servers.Length; i++)
        {
            int index = i;
            ServerConnection? connection = servers[i].Connection(0, client);
            if (connection is null)
            {
                OnAnswer(index, null, servers[i].DownFailure());
                continue;
            }

            Question.Ask(connection, output => output.Write(request), (reply, failure) => OnAnswer(index, reply, failure));
        }

        void OnAnswer(int index, byte[]? reply, Failure? failure)
        {
            if (failure is not null)
            {
                error ??= "ERR " + failure.Text;
            }
            else if (reply is [(byte)'-', ..])
            {
                error ??= Encoding.UTF8.GetString(reply).Trim('-', '\r', '\n');
            }
            else
            {
                replies[index] = reply!;
            }

            if (--awaited == 0)
            {
                done([.. replies], error);
            }
        }
    }
}
