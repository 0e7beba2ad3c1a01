using System.Globalization;
using System.Net;

namespace Keyway.Proxy.Redis;

/// <summary>
/// A client as CLIENT LIST and CLIENT INFO show it: the fields of Redis 7.0 in their order, and the library's behind them as 7.2 has it. Sizes
/// are those of Keyway's buffers; what Keyway does not have (a buffer for each client, memory of arguments) is 0.
/// </summary>
internal static class ClientLine
{
    /// <summary>The line, with its end. On the thread of the client's reactor.</summary>
    internal static string Of(RedisClient client)
    {
        long unfinished = client.HeldBytes - client.Backlog;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"id={client.Number} addr={AddressOf(client.RemoteEndPoint)} laddr={AddressOf(client.LocalEndPoint)} fd={client.SocketNumber} name={client.Name} age={client.AgeSeconds} idle={client.IdleSeconds} flags={FlagsOf(client)} db={client.Database} sub={client.Subscriptions?.Channels.Count ?? 0} psub={client.Subscriptions?.Patterns.Count ?? 0} ssub={client.Subscriptions?.ShardChannels.Count ?? 0} multi={client.QueuedCommands} ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"qbuf={unfinished} qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl={client.Out.Length} oll=0 omem={client.Backlog - client.Out.Length} tot-mem={client.HeldBytes} events={(client.Out.IsEmpty ? "r" : "rw")} ")
            + $"cmd={client.LastCommand?.Name ?? "NULL"} user=default redir={client.RedirectTarget.ToString(CultureInfo.InvariantCulture)} resp={(client.RespVersion == 3 ? '3' : '2')} lib-name={client.LibraryName} lib-ver={client.LibraryVersion}\n";
    }

    /// <summary>As Redis writes it: <c>127.0.0.1:6379</c>, <c>[::1]:6379</c>, and <c>/path:0</c> for a unix socket.</summary>
    internal static string AddressOf(EndPoint? endPoint) => endPoint switch
    {
        null => "?:0",
        IPEndPoint => endPoint.ToString()!,
        _ => endPoint + ":0",
    };

    private static string FlagsOf(RedisClient client)
    {
        string flags = client.Kind == ClientKind.Pubsub ? "P" : "";
        flags += client.RemoteEndPoint is IPEndPoint or null ? "" : "U";
        return flags.Length == 0 ? "N" : flags;
    }
}
