using System.Text;
using Keyway.Protocol.Commands;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <summary>The version that HELLO tells clients: the first server's, asked once. While none answers it is that of the command table.</summary>
internal static class ServerVersion
{
    internal static void Ask(PoolState pool, RedisProtocol protocol, Action<string> found)
    {
        ServerConnection? connection = pool.AnyServer()?.Connection(0, 0);
        if (connection is null)
        {
            found(CommandTable.ServerVersion);
            return;
        }

        Question.Ask(
            connection,
            static output => output.WriteRequest("INFO", "server"),
            (reply, _) =>
            {
                protocol.ServerVersion = reply is null ? null : In(Encoding.UTF8.GetString(reply));
                found(protocol.ServerVersion ?? CommandTable.ServerVersion);
            });
    }

    private static string? In(string info)
    {
        const string Field = "redis_version:";
        int at = info.IndexOf(Field, StringComparison.Ordinal);
        int end = at < 0 ? -1 : info.IndexOf('\r', at);
        return end < 0 ? null : info[(at + Field.Length)..end];
    }
}
