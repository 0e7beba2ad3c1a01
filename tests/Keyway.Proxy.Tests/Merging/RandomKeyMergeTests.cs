using Keyway.Proxy.Merging;

namespace Keyway.Proxy.Tests.Merging;

public sealed class RandomKeyMergeTests
{
    private static readonly Parts ThreeSizes = new(":10\r\n", ":0\r\n", ":30\r\n");

    [Fact]
    public void TryMerge_Keys_ChosenBySize()
    {
        var random = new Random(7);
        var parts = new Parts("$1\r\na\r\n", "$-1\r\n", "$1\r\nc\r\n");

        var counts = Enumerable.Range(0, 4000)
            .CountBy(_ => parts.Merged((each, output) => RandomKeyMerge.TryMerge(each, ThreeSizes, random, output))!)
            .ToDictionary();

        Assert.Equal(2, counts.Count);
        Assert.InRange(counts["$1\r\na\r\n"], 850, 1150);
    }

    [Fact]
    public void TryMerge_KeyOfServerThatSaysItIsEmpty_Counts() =>
        Assert.Equal("$1\r\nb\r\n", new Parts("$-1\r\n", "$1\r\nb\r\n", "_\r\n").Merged(Merge));

    [Theory]
    [InlineData("$-1\r\n")]
    [InlineData("_\r\n")]
    public void TryMerge_NoKeys_Null(string none) => Assert.Equal(none, new Parts(none, none, none).Merged(Merge));

    [Theory]
    [InlineData(":1\r\n")]
    [InlineData("*0\r\n")]
    [InlineData("+a\r\n")]
    public void TryMerge_WrongPart_Refused(string wrong) => Assert.Null(new Parts("$1\r\na\r\n", "$-1\r\n", wrong).Merged(Merge));

    [Fact]
    public void TryMerge_OtherNumberOfParts_Refused() => Assert.Null(new Parts("$1\r\na\r\n", "$-1\r\n").Merged(Merge));

    [Fact]
    public void TryMerge_WrongSize_Refused() => Assert.Null(
        new Parts("$1\r\na\r\n").Merged((parts, output) => RandomKeyMerge.TryMerge(parts, new Parts("$1\r\n1\r\n"), new Random(1), output)));

    [Fact]
    public void TryMerge_SizeIsError_IsTheAnswer() => Assert.Equal(
        "-ERR x\r\n",
        new Parts("$1\r\na\r\n").Merged((parts, output) => RandomKeyMerge.TryMerge(parts, new Parts("-ERR x\r\n"), new Random(1), output)));

    [Fact]
    public void TryMerge_Cut_Refused() => new Parts("$1\r\na\r\n", "$-1\r\n", "_\r\n").AssertRefusedWhenCut(Merge);

    private static bool Merge(Parts parts, System.Buffers.IBufferWriter<byte> output) =>
        RandomKeyMerge.TryMerge(parts, ThreeSizes, new Random(1), output);
}
