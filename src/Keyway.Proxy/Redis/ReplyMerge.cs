using System.Text;
using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;
using Keyway.Proxy.Merging;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <summary>From the command table's <see cref="CommandMerge"/> to the function that merges.</summary>
internal static class ReplyMerge
{
    /// <summary>Writes the merged reply; false, and nothing written, when a part does not fit its request.</summary>
    internal static bool TryMerge(CommandMerge merge, SplitCommand split, PoolState pool, Random random, OutputBuffer output)
    {
        SplitParts parts = new(split, 0, 1);
        return merge switch
        {
            CommandMerge.Ok => StatusMerge.TryMerge(parts, output),
            CommandMerge.First => FirstMerge.TryMerge(parts, output),
            CommandMerge.Sum => SumMerge.TryMerge(parts, output),
            CommandMerge.Min => MinMerge.TryMerge(parts, output),
            CommandMerge.And => AndMerge.TryMerge(parts, output),
            CommandMerge.Concat => ConcatMerge.TryMerge(parts, output),
            CommandMerge.Keys => KeyOrderMerge.TryMerge(parts, split.PartOfKey, output),
            CommandMerge.Info => InfoMerge.TryMerge(parts, split.WithOwnSection ? Encoding.UTF8.GetBytes(KeywaySection.Text(pool)) : [], output),
            CommandMerge.Random => RandomKeyMerge.TryMerge(new SplitParts(split, 0, 2), new SplitParts(split, 1, 2), random, output),
            CommandMerge.AnyOne => AnyOneMerge.TryMerge(parts, output),
            _ => false,
        };
    }
}
