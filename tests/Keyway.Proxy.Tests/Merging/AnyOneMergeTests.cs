using Keyway.Proxy.Merging;

namespace Keyway.Proxy.Tests.Merging;

public sealed class AnyOneMergeTests
{
    private const string NotBusy = "-NOTBUSY No scripts in execution right now.\r\n";

    [Theory]
    [InlineData("+OK\r\n", NotBusy, NotBusy)]
    [InlineData(NotBusy, "+OK\r\n", NotBusy)]
    [InlineData(NotBusy, NotBusy, "+OK\r\n")]
    public void TryMerge_OneSucceeded_ItsReply(params string[] parts) => Assert.Equal("+OK\r\n", new Parts(parts).Merged(AnyOneMerge.TryMerge));

    [Fact]
    public void TryMerge_SeveralSucceeded_First() => Assert.Equal(":1\r\n", new Parts("-ERR x\r\n", ":1\r\n", ":2\r\n").Merged(AnyOneMerge.TryMerge));

    [Fact]
    public void TryMerge_AllErrors_First() => Assert.Equal("-ERR x\r\n", new Parts("-ERR x\r\n", "!5\r\nERR y\r\n").Merged(AnyOneMerge.TryMerge));

    [Fact]
    public void TryMerge_BulkError_IsAnError() => Assert.Equal("+OK\r\n", new Parts("!5\r\nERR x\r\n", "+OK\r\n").Merged(AnyOneMerge.TryMerge));

    [Fact]
    public void TryMerge_Cut_Refused() => new Parts("+OK\r\n", NotBusy).AssertRefusedWhenCut(AnyOneMerge.TryMerge);
}
