using Keyway.Protocol.Memcached;

namespace Keyway.Proxy.Memcached;

/// <summary>What each <see cref="MemcachedAnswer"/> means.</summary>
internal static class MemcachedAnswers
{
    /// <summary>How the reply is framed.</summary>
    internal static MemcachedReplyKind KindOf(MemcachedAnswer answer) => answer switch
    {
        MemcachedAnswer.Line or MemcachedAnswer.Silent => MemcachedReplyKind.Line,
        MemcachedAnswer.Values or MemcachedAnswer.Single or MemcachedAnswer.Joined or MemcachedAnswer.JoinedLast => MemcachedReplyKind.Values,
        MemcachedAnswer.Stats => MemcachedReplyKind.Stats,
        MemcachedAnswer.UntilNoOp => MemcachedReplyKind.UntilNoOp,
        _ => MemcachedReplyKind.Meta,
    };

    /// <summary>True when the client is not to see the reply that begins so. Errors are always seen, as memcached has it.</summary>
    internal static bool IsHidden(MemcachedAnswer answer, ReadOnlySpan<byte> reply) => answer switch
    {
        MemcachedAnswer.QuietGet => reply.StartsWith("EN"u8),
        MemcachedAnswer.QuietChange => reply.StartsWith("HD"u8),
        MemcachedAnswer.QuietArithmetic => reply.StartsWith("HD"u8) || reply.StartsWith("VA"u8),
        MemcachedAnswer.Silent => true,
        _ => false,
    };

    /// <summary>What to expect for a request that is forwarded.</summary>
    internal static MemcachedAnswer Of(MemcachedRequest request)
    {
        MemcachedAction action = request.Command!.Action;
        if (request.QuietWord == 0)
        {
            return action switch
            {
                MemcachedAction.Get or MemcachedAction.GetAndTouch =>
                    request.Words.Count == request.Command.FirstKey + 1 ? MemcachedAnswer.Single : MemcachedAnswer.Values,
                _ => request.Command.IsMeta ? MemcachedAnswer.Meta : MemcachedAnswer.Line,
            };
        }

        return action switch
        {
            MemcachedAction.MetaGet => MemcachedAnswer.QuietGet,
            MemcachedAction.MetaSet or MemcachedAction.MetaDelete => MemcachedAnswer.QuietChange,

            // Whether success is told depends on whether the item was made just now, which only the server knows.
            MemcachedAction.MetaArithmetic => request.IsVivifying ? MemcachedAnswer.UntilNoOp : MemcachedAnswer.QuietArithmetic,
            _ => MemcachedAnswer.Meta,
        };
    }
}
