using Keyway.Proxy.Merging;

namespace Keyway.Proxy.Tests.Merging;

public sealed class SumMergeTests
{
    [Fact]
    public void TryMerge_Integers_Sum() => Assert.Equal(":40\r\n", new Parts(":42\r\n", ":0\r\n", ":-2\r\n").Merged(SumMerge.TryMerge));

    [Fact]
    public void TryMerge_AttributeBefore_Sum() => Assert.Equal(":3\r\n", new Parts(":1\r\n", "|1\r\n+k\r\n+v\r\n:2\r\n").Merged(SumMerge.TryMerge));

    [Fact]
    public void TryMerge_LargestInteger_Written() =>
        Assert.Equal(":9223372036854775807\r\n", new Parts(":9223372036854775807\r\n", ":1\r\n", ":-1\r\n").Merged(SumMerge.TryMerge));

    [Theory]
    [InlineData("+OK\r\n")]
    [InlineData("$1\r\n1\r\n")]
    [InlineData("*1\r\n:1\r\n")]
    [InlineData("_\r\n")]
    [InlineData(":x\r\n")]
    [InlineData(":\r\n")]
    [InlineData(":9223372036854775807\r\n")]
    [InlineData(":9223372036854775808\r\n")]
    public void TryMerge_WrongPart_Refused(string wrong) => Assert.Null(new Parts(":1\r\n", wrong).Merged(SumMerge.TryMerge));

    [Fact]
    public void TryMerge_Cut_Refused() => new Parts(":12\r\n", ":345\r\n").AssertRefusedWhenCut(SumMerge.TryMerge);
}
