using Keyway.Proxy.Merging;

namespace Keyway.Proxy.Tests.Merging;

public sealed class ConcatMergeTests
{
    [Theory]
    [InlineData("*2\r\n$1\r\na\r\n*1\r\n:1\r\n", "*0\r\n", "*1\r\n_\r\n", "*3\r\n$1\r\na\r\n*1\r\n:1\r\n_\r\n")]
    [InlineData("~1\r\n+a\r\n", "~1\r\n+a\r\n", "~0\r\n", "~2\r\n+a\r\n+a\r\n")]
    [InlineData("%1\r\n+a\r\n:1\r\n", "%0\r\n", "%1\r\n+b\r\n:2\r\n", "%2\r\n+a\r\n:1\r\n+b\r\n:2\r\n")]
    [InlineData("*0\r\n", "*0\r\n", "*0\r\n", "*0\r\n")]
    [InlineData("|1\r\n+k\r\n+v\r\n*1\r\n:1\r\n", "*0\r\n", "*0\r\n", "*1\r\n:1\r\n")]
    public void TryMerge_OneType_HoldsAll(string first, string second, string third, string expected) =>
        Assert.Equal(expected, new Parts(first, second, third).Merged(ConcatMerge.TryMerge));

    [Theory]
    [InlineData("~1\r\n:1\r\n")]
    [InlineData("%0\r\n")]
    [InlineData("*-1\r\n")]
    [InlineData("_\r\n")]
    [InlineData(":1\r\n")]
    [InlineData("$0\r\n\r\n")]
    public void TryMerge_WrongPart_Refused(string wrong) => Assert.Null(new Parts("*1\r\n:1\r\n", wrong).Merged(ConcatMerge.TryMerge));

    [Fact]
    public void TryMerge_Pushes_Refused() => Assert.Null(new Parts(">1\r\n:1\r\n", ">1\r\n:1\r\n").Merged(ConcatMerge.TryMerge));

    [Fact]
    public void TryMerge_Cut_Refused() => new Parts("*2\r\n$1\r\na\r\n:5\r\n", "*1\r\n*1\r\n_\r\n").AssertRefusedWhenCut(ConcatMerge.TryMerge);
}
