using Keyway.Net.Buffers;

namespace Keyway.Net.Tests.Buffers;

public sealed class BufferPoolTests
{
    private readonly BufferPool _pool = new();

    [Theory]
    [InlineData(0, 4096)]
    [InlineData(1, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    [InlineData(1024 * 1024, 1024 * 1024)]
    [InlineData((1024 * 1024) + 1, 2 * 1024 * 1024)]
    public void RentArray_AnyLength_IsNextPowerOfTwo(int least, int length)
    {
        var array = _pool.RentArray(least);

        Assert.Equal(length, array.Length);
        Assert.Equal(length, _pool.InUse);
        _pool.ReturnArray(array);
        Assert.Equal(0, _pool.InUse);
    }

    [Fact]
    public void RentArray_AfterReturn_IsSameArray()
    {
        var array = _pool.RentArray(5_000);
        _pool.ReturnArray(array);

        Assert.Same(array, _pool.RentArray(8_000));
    }

    [Fact]
    public void RentSegments_Many_NeverOverlap()
    {
        var segments = Enumerable.Range(0, 1_000).Select(_ => _pool.RentSmall()).Concat(Enumerable.Range(0, 300).Select(_ => _pool.RentLarge())).ToList();
        Assert.Equal((1_000 * BufferPool.SmallSize) + (300 * BufferPool.LargeSize), _pool.InUse);
        for (var i = 0; i < segments.Count; i++)
        {
            segments[i].Unfilled.Fill((byte)i);
        }

        for (var i = 0; i < segments.Count; i++)
        {
            Assert.Equal(-1, segments[i].Unfilled.IndexOfAnyExcept((byte)i));
            _pool.Return(segments[i]);
        }

        Assert.Equal(0, _pool.InUse);
    }

    [Fact]
    public void Return_FilledSegment_ComesBackEmpty()
    {
        var segment = _pool.RentLarge();
        segment.End = 100;
        segment.Start = 10;
        _pool.Return(segment);

        var again = _pool.RentLarge();

        Assert.Same(segment, again);
        Assert.Equal(BufferPool.LargeSize, again.Free);
        Assert.Equal(0, again.Length);
        Assert.Null(again.Next);
    }
}
