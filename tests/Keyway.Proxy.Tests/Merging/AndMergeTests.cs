using Keyway.Proxy.Merging;

namespace Keyway.Proxy.Tests.Merging;

public sealed class AndMergeTests
{
    [Fact]
    public void TryMerge_Arrays_OneWhereAllHaveOne() =>
        Assert.Equal(
            "*3\r\n:1\r\n:0\r\n:0\r\n",
            new Parts("*3\r\n:1\r\n:0\r\n:1\r\n", "*3\r\n:1\r\n:1\r\n:0\r\n", "*3\r\n:1\r\n:1\r\n:1\r\n").Merged(AndMerge.TryMerge));

    [Fact]
    public void TryMerge_Empty_Empty() => Assert.Equal("*0\r\n", new Parts("*0\r\n", "*0\r\n").Merged(AndMerge.TryMerge));

    [Fact]
    public void TryMerge_Many_All()
    {
        var frame = "*1000\r\n" + string.Concat(Enumerable.Repeat(":1\r\n", 1000));

        Assert.Equal(frame, new Parts(frame, frame).Merged(AndMerge.TryMerge));
    }

    [Theory]
    [InlineData("*1\r\n:1\r\n")]
    [InlineData("*3\r\n:1\r\n:1\r\n:1\r\n")]
    [InlineData("*2\r\n:1\r\n:2\r\n")]
    [InlineData("*2\r\n:1\r\n+1\r\n")]
    [InlineData("*2\r\n:1\r\n*0\r\n")]
    [InlineData("~2\r\n:1\r\n:1\r\n")]
    [InlineData("*-1\r\n")]
    [InlineData("_\r\n")]
    [InlineData(":1\r\n")]
    public void TryMerge_WrongPart_Refused(string wrong)
    {
        Assert.Null(new Parts("*2\r\n:1\r\n:0\r\n", wrong).Merged(AndMerge.TryMerge));
        Assert.Null(new Parts(wrong, "*2\r\n:1\r\n:0\r\n").Merged(AndMerge.TryMerge));
    }

    [Fact]
    public void TryMerge_Cut_Refused() => new Parts("*2\r\n:1\r\n:0\r\n", "*2\r\n:1\r\n:1\r\n").AssertRefusedWhenCut(AndMerge.TryMerge);
}
