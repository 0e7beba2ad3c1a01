using Keyway.Protocol.Commands;

namespace Keyway.Proxy.Redis;

/// <content>What CLIENT tells of a client, and does to it.</content>
internal sealed partial class RedisClient
{
    /// <summary>The command that it sent last; null when it has sent none, or one that nobody knows.</summary>
    internal CommandInfo? LastCommand { get; private set; }

    /// <summary>What CLIENT LIST TYPE and CLIENT KILL TYPE go by.</summary>
    internal ClientKind Kind => AwaitsMessages ? ClientKind.Pubsub : ClientKind.Normal;

    /// <summary>Seconds since it last sent something or took some of its replies.</summary>
    internal long IdleSeconds => (Reactor.Now - LastHeard) / 1000;

    /// <summary>
    /// While a command of this client waits: ends the wait for CLIENT UNBLOCK, with the error if it is given true, else as if its time had come. Null
    /// while none waits.
    /// </summary>
    internal Action<bool>? Unblock { get; set; }
}
