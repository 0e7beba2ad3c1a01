namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>A channel, pattern or shard channel that clients of this reactor have subscribed to, or are about to.</summary>
internal sealed class Topic(TopicKind kind, byte[] name)
{
    internal TopicKind Kind { get; } = kind;

    internal byte[] Name { get; } = name;

    /// <summary>Who gets its messages. A client may leave while it is gone through.</summary>
    internal HashSet<RedisClient> Subscribers { get; } = [];

    /// <summary>SUBSCRIBEs that the servers have not confirmed yet.</summary>
    internal List<SubscriptionChange> Waiting { get; } = [];

    /// <summary>The servers that it is subscribed to at: one, or all where messages can come from each.</summary>
    internal List<ServerFeed> Feeds { get; } = [];

    /// <summary>False once the last client has gone.</summary>
    internal bool IsWanted => Subscribers.Count + Waiting.Count > 0;
}
