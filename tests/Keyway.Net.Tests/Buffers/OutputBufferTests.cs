using System.Buffers;
using Keyway.Net.Buffers;
using Keyway.Testing;

namespace Keyway.Net.Tests.Buffers;

public sealed class OutputBufferTests
{
    // Around every border: empty, small segment, large segment, several.
    private static readonly int[] Sizes = [0, 1, 2, 100, 511, 512, 513, 1_000, 16_383, 16_384, 16_385, 40_000];

    private readonly BufferPool _pool = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void AnyOperations_ComparedWithList_Agree(int seed)
    {
        var random = new Random(seed);
        OutputBuffer[] buffers = [new(_pool), new(_pool)];
        List<byte>[] models = [[], []];
        for (var step = 0; step < 4_000; step++)
        {
            var index = random.Next(2);
            var (buffer, model) = (buffers[index], models[index]);
            switch (random.Next(8))
            {
                case 0 or 1:
                    var bytes = RandomBytes(random);
                    buffer.Write(bytes);
                    model.AddRange(bytes);
                    break;
                case 2:
                    var hint = Sizes[random.Next(Sizes.Length)];
                    var span = random.Next(2) == 0 ? buffer.GetSpan(hint) : buffer.GetMemory(hint).Span;
                    Assert.True(span.Length >= Math.Max(1, hint));
                    var used = random.Next(3) == 0 ? 0 : random.Next(span.Length + 1);
                    random.NextBytes(span[..used]);
                    model.AddRange(span[..used]);
                    buffer.Advance(used);
                    break;
                case 3 or 4 or 5:
                    var count = random.Next(4) == 0 ? model.Count : random.Next(model.Count + 1);
                    buffer.Consume(count);
                    model.RemoveRange(0, count);
                    break;
                case 6:
                    buffer.TakeAll(buffers[1 - index]);
                    model.AddRange(models[1 - index]);
                    models[1 - index].Clear();
                    break;
                default:
                    if (random.Next(10) == 0)
                    {
                        buffer.Clear();
                        model.Clear();
                    }

                    break;
            }

            for (var i = 0; i < 2; i++)
            {
                AssertHolds(models[i], buffers[i]);
            }
        }

        Array.ForEach(buffers, static buffer => buffer.Clear());
        Assert.Equal(0, _pool.InUse);
    }

    [Fact]
    public void Write_Nothing_TakesNoMemory()
    {
        var buffer = new OutputBuffer(_pool);

        buffer.Write([]);

        Assert.Equal(0, _pool.InUse);
    }

    [Fact]
    public void FirstSpan_AfterSpaceThatWasNotUsed_IsFirstBytes()
    {
        var buffer = new OutputBuffer(_pool);
        var other = new OutputBuffer(_pool);
        other.Write(new byte[1_000]);
        _ = buffer.GetSpan(16_384);

        buffer.TakeAll(other);

        Assert.Equal(1_000, buffer.FirstSpan.Length);
        buffer.Consume(1_000);
        Assert.Equal(0, _pool.InUse);
    }

    [Fact]
    public void Consume_All_HoldsNoMemory()
    {
        var buffer = new OutputBuffer(_pool);
        buffer.Write(new byte[50_000]);

        buffer.Consume(50_000);

        Assert.Equal(0, _pool.InUse);
        Assert.True(buffer.FirstSpan.IsEmpty);
    }

    [Fact]
    public void TakeAll_LargeChain_MovesWithoutCopy()
    {
        var from = new OutputBuffer(_pool);
        var to = new OutputBuffer(_pool);
        from.Write(new byte[40_000]);
        to.Write("+OK"u8);
        var first = from.Head;

        to.TakeAll(from);

        Assert.Same(first, to.Head!.Next);
        Assert.True(from.IsEmpty);
        Assert.Equal(40_003, to.Length);
        to.Clear();
        Assert.Equal(0, _pool.InUse);
    }

    [Fact]
    public void GetSpan_MoreThanASegmentAfterUnusedSpace_IsFirstPiece()
    {
        var buffer = new OutputBuffer(_pool);
        _ = buffer.GetSpan();

        Assert.True(buffer.GetSpan(100_000).Length >= 100_000);
        buffer.Advance(100_000);

        Assert.Equal(100_000, buffer.FirstSpan.Length);
        buffer.Consume(100_000);
        Assert.Equal(0, _pool.InUse);
    }

    [Fact]
    public void AllOperations_Warm_AllocateNothing()
    {
        var buffer = new OutputBuffer(_pool);
        var reply = new OutputBuffer(_pool);
        var bytes = new byte[20_000];
        Round();

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                Round();
            }
        }));
        Assert.Equal(0, _pool.InUse);

        void Round()
        {
            buffer.Write(bytes.AsSpan(0, 30));
            reply.Write(bytes);
            reply.GetSpan(700)[..700].Clear();
            reply.Advance(700);
            buffer.TakeAll(reply);
            buffer.Consume(100);
            buffer.Consume(buffer.Length);
        }
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[Sizes[random.Next(Sizes.Length)]];
        random.NextBytes(bytes);
        return bytes;
    }

    private static void AssertHolds(List<byte> model, OutputBuffer buffer)
    {
        Assert.Equal(model.Count, buffer.Length);
        Assert.Equal(model.Count == 0, buffer.IsEmpty);
        Assert.Equal(model.Count == 0, buffer.FirstSpan.IsEmpty);
        var copy = new byte[model.Count];
        buffer.CopyTo(copy);
        Assert.True(copy.AsSpan().SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(model)), "other bytes");
        Assert.True(copy.AsSpan().StartsWith(buffer.FirstSpan), "other first bytes");
    }
}
