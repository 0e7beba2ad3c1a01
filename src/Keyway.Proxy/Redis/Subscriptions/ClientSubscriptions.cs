namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>What one client is subscribed to. Made with its first subscription: most clients never have one.</summary>
internal sealed class ClientSubscriptions
{
    /// <summary>When its backlog passed <c>limits.subscriber_output_soft</c>, in the reactor's milliseconds; -1 while it is below.</summary>
    internal long OverSoftSince { get; set; } = -1;

    /// <summary>Its SUBSCRIBE or UNSUBSCRIBE that is under way, if any.</summary>
    internal SubscriptionChange? Change { get; set; }

    internal HashSet<Topic> Channels { get; } = [];

    internal HashSet<Topic> Patterns { get; } = [];

    internal HashSet<Topic> ShardChannels { get; } = [];

    internal bool IsEmpty => Channels.Count + Patterns.Count + ShardChannels.Count == 0;

    internal HashSet<Topic> Of(TopicKind kind) => kind switch
    {
        TopicKind.Channel => Channels,
        TopicKind.Pattern => Patterns,
        _ => ShardChannels,
    };

    /// <summary>The number in acknowledgements: channels and patterns are counted together, shard channels apart.</summary>
    internal int CountFor(TopicKind kind) => kind == TopicKind.ShardChannel ? ShardChannels.Count : Channels.Count + Patterns.Count;
}
