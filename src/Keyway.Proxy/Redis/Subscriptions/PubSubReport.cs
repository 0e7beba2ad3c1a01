using Keyway.Net.Buffers;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Memory;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>
/// PUBSUB: what the servers say, put together, with Keyway's own subscriptions (one for each topic and reactor) replaced by its clients. In a pool with
/// the server in this process there are its clients only.
/// </summary>
internal static class PubSubReport
{
    /// <summary>PUBSUB CHANNELS and SHARDCHANNELS: the channels that somebody has; a channel that is at several servers comes once.</summary>
    internal static void Channels(RedisClient client, TopicKind kind, byte[]? pattern, byte[] request) =>
        Answer(
            client,
            request,
            state => Own(state, kind, pattern),
            static (report, reply) =>
            {
                HashSet<byte[]> channels = new(BytesComparer.Instance);
                if (report.Replies.Count == 0)
                {
                    channels.UnionWith(report.Own.SelectMany(static own => own));
                }

                foreach (byte[] server in report.Replies)
                {
                    channels.UnionWith(Names(server));
                }

                reply.WriteArrayHeader(channels.Count);
                foreach (byte[] channel in channels)
                {
                    reply.WriteBulk(channel);
                }
            });

    /// <summary>
    /// PUBSUB NUMPAT: how many patterns there are. Each is at all servers, so one server's number is the number, the greatest while that changes; in
    /// a cluster each is at one.
    /// </summary>
    internal static void Patterns(RedisClient client, byte[] request) =>
        Answer(
            client,
            request,
            static state => Own(state, TopicKind.Pattern, null),
            (report, reply) => reply.WriteInteger(
                report.Replies.Count > 0
                    ? client.Pool.Cluster is null ? report.Replies.Max(Integer) : report.Replies.Sum(Integer)
                    : report.Own.SelectMany(static own => own).Distinct(BytesComparer.Instance).Count()));

    /// <summary>PUBSUB NUMSUB and SHARDNUMSUB: for each channel how many have it.</summary>
    internal static void Subscribers(RedisClient client, TopicKind kind, byte[][] channels, byte[] request) =>
        Answer(
            client,
            request,
            state => Array.ConvertAll(channels, channel => Count(state, kind, channel)),
            (report, reply) =>
            {
                long[][] servers = [.. report.Replies.Select(Counts)];
                reply.WriteArrayHeader(2 * channels.Length);
                for (int i = 0; i < channels.Length; i++)
                {
                    long clients = report.Own.Sum(own => own[i].Clients);
                    long others = servers.Sum(counts => i < counts.Length ? counts[i] : 0) - report.Own.Sum(own => own[i].Subscriptions);
                    reply.WriteBulk(channels[i]);
                    reply.WriteInteger(clients + Math.Max(0, others));
                }
            });

    private static void Answer<T>(RedisClient client, byte[] request, Func<PoolState, T> own, Action<Report<T>, OutputBuffer> write) =>
        client.AnswerLater<Report<T>>(
            done => ServerSurvey.Ask(client.Pool, client.Number, request, (replies, error) =>
            {
                if (error is not null)
                {
                    done(new Report<T>([], [], error));
                    return;
                }

                Gathering.Ask(client.Pool, own, answers => done(new Report<T>(replies, answers, null)));
            }),
            (_, report, reply) =>
            {
                if (report.Error is { } error)
                {
                    reply.WriteError(error);
                }
                else
                {
                    write(report, reply);
                }
            });

    private static byte[][] Own(PoolState state, TopicKind kind, byte[]? pattern) =>
        state.Driver is RedisProtocol { Hub: { } hub }
            ? [.. hub.Topics(kind).All.Where(topic => topic.Subscribers.Count > 0 && (pattern is null || Glob.IsMatch(pattern, topic.Name))).Select(static topic => topic.Name)]
            : [];

    private static (int Subscriptions, int Clients) Count(PoolState state, TopicKind kind, byte[] channel) =>
        state.Driver is RedisProtocol { Hub: { } hub } && hub.Topics(kind).Find(channel) is { Subscribers.Count: > 0 } topic
            ? (topic.Feeds.Count, topic.Subscribers.Count)
            : (0, 0);

    private static List<byte[]> Names(byte[] reply)
    {
        List<byte[]> names = [];
        RespReader reader = new(reply);
        reader.TryReadNext();
        while (reader.TryReadNext())
        {
            names.Add(reader.Bytes.ToArray());
        }

        return names;
    }

    // *4 $channel :1 $other :2
    private static long[] Counts(byte[] reply)
    {
        List<long> counts = [];
        RespReader reader = new(reply);
        reader.TryReadNext();
        while (reader.TryReadNext() && reader.TryReadNext())
        {
            reader.TryGetInt64(out long count);
            counts.Add(count);
        }

        return [.. counts];
    }

    private static long Integer(byte[] reply)
    {
        RespReader reader = new(reply);
        reader.TryReadNext();
        reader.TryGetInt64(out long number);
        return number;
    }

    /// <summary>All answers to one PUBSUB.</summary>
    private sealed record Report<T>(List<byte[]> Replies, List<T> Own, string? Error);
}
