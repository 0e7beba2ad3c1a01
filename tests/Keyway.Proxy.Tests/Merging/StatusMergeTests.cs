using Keyway.Proxy.Merging;

namespace Keyway.Proxy.Tests.Merging;

public sealed class StatusMergeTests
{
    [Fact]
    public void TryMerge_Statuses_Ok() => Assert.Equal("+OK\r\n", new Parts("+OK\r\n", "+OK\r\n").Merged(StatusMerge.TryMerge));

    [Theory]
    [InlineData("+NO\r\n")]
    [InlineData("+QUEUED\r\n")]
    [InlineData(":1\r\n")]
    [InlineData("$2\r\nOK\r\n")]
    [InlineData("$-1\r\n")]
    [InlineData("_\r\n")]
    public void TryMerge_WrongPart_Refused(string wrong) => Assert.Null(new Parts("+OK\r\n", wrong).Merged(StatusMerge.TryMerge));

    [Fact]
    public void TryMerge_Cut_Refused() => new Parts("+OK\r\n", "+OK\r\n").AssertRefusedWhenCut(StatusMerge.TryMerge);
}
