namespace Keyway.Protocol.Resp;

/// <summary>Bounds of what is read, for both directions.</summary>
/// <param name="MaxBulk">Longest bulk in bytes, 0 or more, as Redis's <c>proto-max-bulk-len</c>.</param>
/// <param name="MaxArgs">Most arguments of a request. Replies are not bound by it: a list may be longer.</param>
/// <param name="MaxDepth">Deepest nesting of a reply, 1 to <see cref="MostDepth"/>; more counts as that.</param>
public readonly record struct RespLimits(long MaxBulk, int MaxArgs, int MaxDepth)
{
    /// <summary>The deepest nesting that a scanner can hold.</summary>
    public const int MostDepth = 32;

    /// <summary>The longest line in bytes, of requests (Redis's <c>PROTO_INLINE_MAX_SIZE</c>) and of replies.</summary>
    public const int MaxLine = 64 * 1024;

    /// <summary>512 MiB a bulk and 1,048,576 arguments, as Redis; 32 levels.</summary>
    public static RespLimits Default { get; } = new(512L << 20, 1024 * 1024, MostDepth);
}
