namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>A command on its way to a server; answers come in the order of the commands, one for each.</summary>
/// <param name="Topic">What was subscribed or unsubscribed; null for PING.</param>
/// <param name="IsEnd">True for UNSUBSCRIBE.</param>
/// <param name="Change">Which client's command waits for the answer, if any.</param>
internal readonly record struct FeedOrder(Topic? Topic, bool IsEnd, SubscriptionChange? Change);
