using System.Globalization;
using System.Text;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <summary>What INFO says about Keyway itself: the pool as the answering reactor sees it.</summary>
internal static class InfoSection
{
    internal static string Text(PoolState pool)
    {
        StringBuilder text = new("# Keyway\r\n");
        Add(text, "keyway_version", typeof(InfoSection).Assembly.GetName().Version!.ToString(3));
        Add(text, "keyway_pool", pool.Config.Name);
        Add(text, "keyway_reactor", pool.Reactor.Index);
        Add(text, "keyway_clients", pool.ClientCount);
        Add(text, "keyway_clients_accepted", pool.Counters.ClientsAccepted);
        Add(text, "keyway_clients_refused", pool.Counters.ClientsRefused);
        Add(text, "keyway_clients_too_slow", pool.Counters.ClientsTooSlow);
        Add(text, "keyway_clients_malformed", pool.Counters.ClientsMalformed);
        Add(text, "keyway_requests", pool.Counters.Requests);
        Add(text, "keyway_subscriptions", (pool.Driver as RedisProtocol)?.Hub?.TopicCount ?? 0);
        Add(text, "keyway_subscribers", pool.Clients.Count(static client => client.AwaitsMessages));
        Add(text, "keyway_subscribers_too_slow", pool.Counters.SubscribersTooSlow);
        Add(text, "keyway_messages", pool.Counters.Messages);
        Add(text, "keyway_buffer_bytes", pool.Reactor.Buffers.InUse);
        foreach (FailureKind kind in Enum.GetValues<FailureKind>())
        {
            Add(text, "keyway_failed_" + FailureNames.Of(kind), pool.Counters.FailuresOf(kind));
        }

        foreach (ServerState server in pool.Servers)
        {
            Add(text, "keyway_server_" + server.Index.ToString(CultureInfo.InvariantCulture), $"{server.Label},{(server.Health.IsDown ? "down" : "up")}");
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, string name, IFormattable value) => Add(text, name, value.ToString(null, CultureInfo.InvariantCulture));

    private static void Add(StringBuilder text, string name, string value) => text.Append(name).Append(':').Append(value).Append("\r\n");
}
