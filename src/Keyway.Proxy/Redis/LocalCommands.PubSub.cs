using Keyway.Protocol.Resp;
using Keyway.Proxy.Redis.Subscriptions;

namespace Keyway.Proxy.Redis;

/// <content>PUBSUB: the servers know Keyway's subscriptions, Keyway knows its clients.</content>
internal static partial class LocalCommands
{
    private static void PubSubChannels(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args) =>
        AnswerChannels(client, TopicKind.Channel, frame, args);

    private static void PubSubShardChannels(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args) =>
        AnswerChannels(client, TopicKind.ShardChannel, frame, args);

    private static void PubSubNumPat(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args) => PubSubReport.Patterns(client, frame.ToArray());

    private static void PubSubNumSub(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args) =>
        PubSubReport.Subscribers(client, TopicKind.Channel, Names(frame, args), frame.ToArray());

    private static void PubSubShardNumSub(RedisClient client, ReadOnlySpan<byte> frame, RequestArgs args) =>
        PubSubReport.Subscribers(client, TopicKind.ShardChannel, Names(frame, args), frame.ToArray());

    // PUBSUB CHANNELS [pattern]
    private static void AnswerChannels(RedisClient client, TopicKind kind, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (args.Count > 3)
        {
            client.ReplyError($"ERR unknown subcommand or wrong number of arguments for '{System.Text.Encoding.Latin1.GetString(args.Get(frame, 1))}'. Try PUBSUB HELP.");
            return;
        }

        PubSubReport.Channels(client, kind, args.Count == 3 ? args.Get(frame, 2).ToArray() : null, frame.ToArray());
    }

    private static byte[][] Names(ReadOnlySpan<byte> frame, RequestArgs args)
    {
        byte[][] names = new byte[args.Count - 2][];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = args.Get(frame, i + 2).ToArray();
        }

        return names;
    }
}
