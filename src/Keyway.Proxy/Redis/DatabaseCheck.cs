using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <summary>Whether the servers have a database: tried out once on a connection of its own, so that a refusal harms nobody.</summary>
internal static class DatabaseCheck
{
    /// <summary>Calls <paramref name="answered"/> with null when the database is there, else with the error for the client.</summary>
    internal static void Ask(PoolState pool, RedisProtocol protocol, int database, Action<string?> answered)
    {
        ServerState? server = pool.AnyServer();
        if (server is null)
        {
            answered("ERR " + Failure.NoServer(pool.Config.Name).Text);
            return;
        }

        RedisServerConnection connection = (RedisServerConnection)server.OpenPrivate(new Lane(database, 2));
        if (connection.IsClosed)
        {
            answered("ERR " + Failure.ConnectFailed(server.Label, connection.CloseReason).Text);
            return;
        }

        Question.Ask(
            connection,
            static output => output.WriteRequest("PING"),
            (_, failure) =>
            {
                if (failure is null)
                {
                    protocol.KnownDatabases.Add(database);
                }

                connection.Close("database was tried out");
                answered(failure is null ? null : connection.Refusal ?? "ERR " + failure.Text);
            });
    }
}
