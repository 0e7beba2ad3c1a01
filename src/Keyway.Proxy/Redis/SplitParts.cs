using Keyway.Proxy.Merging;

namespace Keyway.Proxy.Redis;

/// <summary>Every <paramref name="step"/>th part of a split command, from <paramref name="first"/> on, as the merges see them.</summary>
internal readonly struct SplitParts(SplitCommand split, int first, int step) : IReplyParts
{
    public int Count => (split.PartCount - first + step - 1) / step;

    public ReadOnlySpan<byte> this[int index] => split.PartReply(first + (index * step));
}
