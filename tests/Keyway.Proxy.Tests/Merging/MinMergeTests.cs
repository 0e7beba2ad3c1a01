using Keyway.Proxy.Merging;

namespace Keyway.Proxy.Tests.Merging;

public sealed class MinMergeTests
{
    [Fact]
    public void TryMerge_Integers_Least() => Assert.Equal(":-2\r\n", new Parts(":42\r\n", ":-2\r\n", ":0\r\n").Merged(MinMerge.TryMerge));

    [Fact]
    public void TryMerge_LargestInteger_Written() =>
        Assert.Equal(":9223372036854775807\r\n", new Parts(":9223372036854775807\r\n").Merged(MinMerge.TryMerge));

    [Fact]
    public void TryMerge_AttributeBefore_Least() => Assert.Equal(":1\r\n", new Parts(":2\r\n", "|1\r\n+k\r\n+v\r\n:1\r\n").Merged(MinMerge.TryMerge));

    [Theory]
    [InlineData("+OK\r\n")]
    [InlineData("$1\r\n1\r\n")]
    [InlineData("*1\r\n:1\r\n")]
    [InlineData("_\r\n")]
    [InlineData(":x\r\n")]
    [InlineData(":9223372036854775808\r\n")]
    public void TryMerge_WrongPart_Refused(string wrong)
    {
        Assert.Null(new Parts(":1\r\n", wrong).Merged(MinMerge.TryMerge));
        Assert.Null(new Parts(wrong, ":1\r\n").Merged(MinMerge.TryMerge));
    }

    [Fact]
    public void TryMerge_Cut_Refused() => new Parts(":12\r\n", ":345\r\n").AssertRefusedWhenCut(MinMerge.TryMerge);
}
