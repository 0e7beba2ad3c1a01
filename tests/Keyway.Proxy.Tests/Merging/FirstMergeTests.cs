using Keyway.Proxy.Merging;

namespace Keyway.Proxy.Tests.Merging;

public sealed class FirstMergeTests
{
    [Theory]
    [InlineData("$2\r\nab\r\n", "$3\r\ncde\r\n")]
    [InlineData("*1\r\n:1\r\n", "*0\r\n")]
    [InlineData("%1\r\n+k\r\n_\r\n", "%0\r\n")]
    public void TryMerge_OneType_First(string first, string second) => Assert.Equal(first, new Parts(first, second).Merged(FirstMerge.TryMerge));

    [Theory]
    [InlineData(":1\r\n")]
    [InlineData("*0\r\n")]
    [InlineData("_\r\n")]
    public void TryMerge_OtherType_Refused(string wrong) => Assert.Null(new Parts("$2\r\nab\r\n", "$0\r\n\r\n", wrong).Merged(FirstMerge.TryMerge));

    [Fact]
    public void TryMerge_Cut_Refused() => new Parts("$2\r\nab\r\n", "$3\r\ncde\r\n").AssertRefusedWhenCut(FirstMerge.TryMerge);
}
