namespace Keyway.Net.Buffers;

/// <summary>
/// The buffers of one reactor: small and large segments for output, and contiguous arrays for unfinished input.
/// Used by the reactor's thread only, so there is no lock. All arrays are pinned, so their addresses go straight
/// to the kernel.
/// </summary>
public sealed class BufferPool
{
    /// <summary>Size of a small segment: most replies of a cache fit, and thousands can wait for their turn.</summary>
    internal const int SmallSize = 512;

    /// <summary>Size of a large segment: one send's worth for small replies; other sizes have not been compared.</summary>
    internal const int LargeSize = 16 * 1024;

    private const int SlabSize = 64 * 1024;
    private const int KeptLarge = 256; // 4 MiB stay warm for the next burst; what is above goes back to the heap.
    private const int SmallestArray = 4 * 1024;
    private const int LargestKeptArray = 1024 * 1024;
    private const int KeptArraysPerSize = 8;

    private readonly Stack<byte[]>[] _arrays = new Stack<byte[]>[int.Log2(LargestKeptArray / SmallestArray) + 1];
    private BufferSegment? _small;
    private BufferSegment? _large;
    private int _freeLarge;

    /// <summary>Makes an empty pool; memory is taken as it is needed.</summary>
    public BufferPool()
    {
        for (int i = 0; i < _arrays.Length; i++)
        {
            _arrays[i] = new Stack<byte[]>(KeptArraysPerSize);
        }
    }

    /// <summary>Bytes lent out now. Read by other threads for metrics and for the process's budget.</summary>
    public long InUse => Volatile.Read(ref _inUse);

    private long _inUse;

    internal BufferSegment RentSmall()
    {
        _inUse += SmallSize;
        BufferSegment? segment = _small;
        if (segment is null)
        {
            segment = CutSlab();
        }

        _small = segment.Next;
        segment.Next = null;
        return segment;
    }

    internal BufferSegment RentLarge()
    {
        _inUse += LargeSize;
        BufferSegment? segment = _large;
        if (segment is null)
        {
            return new BufferSegment(GC.AllocateUninitializedArray<byte>(LargeSize, pinned: true), 0, LargeSize);
        }

        _large = segment.Next;
        _freeLarge--;
        segment.Next = null;
        return segment;
    }

    /// <summary>A segment larger than the usual ones; it is not kept when it comes back.</summary>
    internal BufferSegment RentSingle(int size)
    {
        _inUse += size;
        return new BufferSegment(GC.AllocateUninitializedArray<byte>(size, pinned: true), 0, size);
    }

    internal void Return(BufferSegment segment)
    {
        _inUse -= segment.Capacity;
        segment.Start = 0;
        segment.End = 0;
        if (segment.Capacity == SmallSize)
        {
            segment.Next = _small;
            _small = segment;
        }
        else if (segment.Capacity == LargeSize && _freeLarge < KeptLarge)
        {
            _freeLarge++;
            segment.Next = _large;
            _large = segment;
        }
    }

    /// <summary>Counts memory that stands elsewhere for a connection, so that it is bounded with the rest; negative when it is given back.</summary>
    public void Count(long bytes) => _inUse += bytes;

    /// <summary>A pinned array of at least <paramref name="least"/> bytes for an unfinished frame.</summary>
    internal byte[] RentArray(int least)
    {
        int size = Math.Max(SmallestArray, (int)Math.Min(System.Numerics.BitOperations.RoundUpToPowerOf2((uint)least), (uint)Array.MaxLength));
        _inUse += size;
        return size <= LargestKeptArray && _arrays[SizeClass(size)].TryPop(out byte[]? array)
            ? array
            : GC.AllocateUninitializedArray<byte>(size, pinned: true);
    }

    internal void ReturnArray(byte[] array)
    {
        _inUse -= array.Length;
        if (array.Length <= LargestKeptArray && _arrays[SizeClass(array.Length)] is { Count: < KeptArraysPerSize } kept)
        {
            kept.Push(array);
        }
    }

    private static int SizeClass(int size) => int.Log2(size / SmallestArray);

    private static BufferSegment CutSlab()
    {
        byte[] slab = GC.AllocateUninitializedArray<byte>(SlabSize, pinned: true);
        BufferSegment? first = null;
        for (int offset = SlabSize - SmallSize; offset >= 0; offset -= SmallSize)
        {
            first = new BufferSegment(slab, offset, SmallSize) { Next = first };
        }

        return first!;
    }
}
