namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>What one can subscribe to; each kind has its own commands and its own names.</summary>
internal enum TopicKind : byte
{
    /// <summary>SUBSCRIBE.</summary>
    Channel,

    /// <summary>PSUBSCRIBE.</summary>
    Pattern,

    /// <summary>SSUBSCRIBE.</summary>
    ShardChannel,
}
