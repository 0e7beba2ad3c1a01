using Keyway.Net.Buffers;

namespace Keyway.Proxy.Pools;

/// <summary>
/// <c>max_buffers</c>: what all reactors together may have in use. A reactor may use more than its share while others use less; above the sum only
/// those have to give way that are above their share. For any thread once all pools are added.
/// </summary>
internal sealed class BufferBudget(long limit, int reactors)
{
    private readonly List<BufferPool> _pools = new(reactors);

    internal void Add(BufferPool pool) => _pools.Add(pool);

    /// <summary>True when the reactor that owns these buffers has to give way.</summary>
    internal bool IsExceededBy(BufferPool own) => own.InUse > limit / reactors && InUse > limit;

    /// <summary>True when there is room again: a tenth, so that reading does not stop with the next byte.</summary>
    internal bool HasRoomFor(BufferPool own) => own.InUse <= Less(limit / reactors) || InUse <= Less(limit);

    private long InUse
    {
        get
        {
            long sum = 0;
            foreach (BufferPool pool in _pools)
            {
                sum += pool.InUse;
            }

            return sum;
        }
    }

    private static long Less(long bytes) => bytes - (bytes / 10);
}
