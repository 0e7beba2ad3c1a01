using Keyway.Proxy.Memory;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>PUBLISH where the server is in this process: from the publisher's reactor to all others. Messages of one publisher stay in order.</summary>
internal static class LocalBus
{
    /// <summary>Sends the message to all reactors; <paramref name="done"/> gets the number of clients that it reached.</summary>
    internal static void Publish(PoolState pool, TopicKind kind, byte[] channel, byte[] message, Action<long> done) =>
        Gathering.Ask(
            pool,
            state => state.Driver is RedisProtocol { Hub: { } hub } ? Deliver(hub, kind, channel, message) : 0L,
            counts => done(counts.Sum()));

    /// <summary>The subscribers of the channel first, then those of the patterns that match: as Redis.</summary>
    private static long Deliver(SubscriptionHub hub, TopicKind kind, byte[] channel, byte[] message)
    {
        long count = 0;
        if (hub.Topics(kind).Find(channel) is { } topic)
        {
            count += hub.Deliver(topic, Frame(hub.Pool, [kind == TopicKind.Channel ? "message"u8.ToArray() : "smessage"u8.ToArray(), channel, message]));
        }

        if (kind == TopicKind.Channel)
        {
            foreach (Topic pattern in hub.Topics(TopicKind.Pattern).All.Where(pattern => Glob.IsMatch(pattern.Name, channel)).ToArray())
            {
                count += hub.Deliver(pattern, Frame(hub.Pool, ["pmessage"u8.ToArray(), pattern.Name, channel, message]));
            }
        }

        return count;
    }

    private static byte[] Frame(PoolState pool, byte[][] elements)
    {
        Keyway.Net.Buffers.OutputBuffer frame = new(pool.Reactor.Buffers);
        frame.WriteArrayHeader(elements.Length);
        foreach (byte[] element in elements)
        {
            frame.WriteBulk(element);
        }

        byte[] bytes = new byte[frame.Length];
        frame.CopyTo(bytes);
        frame.Clear();
        return bytes;
    }
}
