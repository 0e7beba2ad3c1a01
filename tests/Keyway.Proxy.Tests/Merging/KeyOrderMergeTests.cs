using System.Buffers;
using Keyway.Proxy.Merging;
using Keyway.Testing;

namespace Keyway.Proxy.Tests.Merging;

public sealed class KeyOrderMergeTests
{
    private static readonly Parts.Merge InOrder = (parts, output) => KeyOrderMerge.TryMerge(parts, [1, 0, 1, 1], output);

    [Fact]
    public void TryMerge_Arrays_InOrderOfKeys() =>
        Assert.Equal(
            "*4\r\n$1\r\na\r\n$3\r\nx\r\n\r\n$-1\r\n$1\r\na\r\n",
            new Parts("*1\r\n$3\r\nx\r\n\r\n", "*3\r\n$1\r\na\r\n$-1\r\n$1\r\na\r\n").Merged(InOrder));

    [Fact]
    public void TryMerge_Resp3Elements_Kept() =>
        Assert.Equal(
            "*4\r\n_\r\n|1\r\n+k\r\n+v\r\n_\r\n*1\r\n:1\r\n$0\r\n\r\n",
            new Parts("*1\r\n|1\r\n+k\r\n+v\r\n_\r\n", "*3\r\n_\r\n*1\r\n:1\r\n$0\r\n\r\n").Merged(InOrder));

    [Fact]
    public void TryMerge_MoreServersThanTheStackHolds_InOrderOfKeys()
    {
        var parts = new Parts([.. Enumerable.Range(0, 300).Select(i => $"*1\r\n:{i}\r\n")]);
        int[] turned = [.. Enumerable.Range(0, 300).Reverse()];

        var merged = parts.Merged((each, output) => KeyOrderMerge.TryMerge(each, turned, output));

        Assert.Equal("*300\r\n" + string.Concat(turned.Select(i => $":{i}\r\n")), merged);
    }

    [Theory]
    [InlineData("*0\r\n")]
    [InlineData("*2\r\n$1\r\na\r\n$1\r\na\r\n")]
    [InlineData("~1\r\n$1\r\na\r\n")]
    [InlineData("*-1\r\n")]
    [InlineData("_\r\n")]
    [InlineData("$1\r\na\r\n")]
    public void TryMerge_WrongPart_Refused(string wrong) =>
        Assert.Null(new Parts(wrong, "*3\r\n$1\r\na\r\n$-1\r\n$1\r\na\r\n").Merged(InOrder));

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void TryMerge_KeyOfNoPart_Refused(int part) =>
        Assert.Null(new Parts("*1\r\n:1\r\n").Merged((parts, output) => KeyOrderMerge.TryMerge(parts, [part], output)));

    [Fact]
    public void TryMerge_Cut_Refused() => new Parts("*1\r\n$1\r\nx\r\n", "*3\r\n$1\r\na\r\n$-1\r\n_\r\n").AssertRefusedWhenCut(InOrder);

    [Fact]
    public void TryMerge_Warm_AllocatesNothing()
    {
        var parts = new Parts("*1\r\n$1\r\nx\r\n", "*3\r\n$1\r\na\r\n$-1\r\n_\r\n");
        int[] partOfKey = [1, 0, 1, 1];
        var output = new ArrayBufferWriter<byte>(4096);
        KeyOrderMerge.TryMerge(parts, partOfKey, output);

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                output.ResetWrittenCount();
                KeyOrderMerge.TryMerge(parts, partOfKey, output);
            }
        }));
    }
}
