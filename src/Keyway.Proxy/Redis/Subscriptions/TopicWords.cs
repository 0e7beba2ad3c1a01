namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>The words of the protocol for each <see cref="TopicKind"/>.</summary>
internal static class TopicWords
{
    internal static ReadOnlySpan<byte> Subscribe(TopicKind kind) => kind switch
    {
        TopicKind.Channel => "subscribe"u8,
        TopicKind.Pattern => "psubscribe"u8,
        _ => "ssubscribe"u8,
    };

    internal static ReadOnlySpan<byte> Unsubscribe(TopicKind kind) => kind switch
    {
        TopicKind.Channel => "unsubscribe"u8,
        TopicKind.Pattern => "punsubscribe"u8,
        _ => "sunsubscribe"u8,
    };

    /// <summary>The kind whose messages begin with this word; false when it begins none.</summary>
    internal static bool TryMessage(ReadOnlySpan<byte> word, out TopicKind kind)
    {
        kind = TopicKind.Channel;
        switch (word.Length)
        {
            case 7:
                return word.SequenceEqual("message"u8);
            case 8 when word[0] == 'p':
                kind = TopicKind.Pattern;
                return word.SequenceEqual("pmessage"u8);
            case 8:
                kind = TopicKind.ShardChannel;
                return word.SequenceEqual("smessage"u8);
            default:
                return false;
        }
    }
}
