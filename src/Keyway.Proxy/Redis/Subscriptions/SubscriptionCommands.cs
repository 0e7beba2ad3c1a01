using Keyway.Protocol.Commands;

namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>The commands with the treatment <c>subscribe</c>.</summary>
internal static class SubscriptionCommands
{
    /// <summary>What the command changes, and whether it adds (or takes away).</summary>
    internal static (TopicKind Kind, bool IsSubscribe) Of(CommandInfo command) => command.Name switch
    {
        "subscribe" => (TopicKind.Channel, true),
        "psubscribe" => (TopicKind.Pattern, true),
        "ssubscribe" => (TopicKind.ShardChannel, true),
        "unsubscribe" => (TopicKind.Channel, false),
        "punsubscribe" => (TopicKind.Pattern, false),
        "sunsubscribe" => (TopicKind.ShardChannel, false),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.Name, "not a subscription"),
    };

    /// <summary>What a RESP2 client with subscriptions may still ask.</summary>
    internal static bool IsAllowed(CommandInfo command) =>
        command.SingleTreatment == CommandTreatment.Subscribe || command.Name is "ping" or "quit" or "reset";
}
