using Keyway.Proxy.Merging;

namespace Keyway.Proxy.Tests.Merging;

public sealed class ScanMergeTests
{
    [Theory]
    [InlineData(0, "5", "20")]
    [InlineData(1, "5", "21")]
    [InlineData(0, "0", "1")]
    [InlineData(1, "0", "2")]
    [InlineData(2, "0", "0")]
    [InlineData(2, "4611686018427387903", "18446744073709551614")]
    public void TryMerge_ServersCursor_BecomesClients(int server, string cursor, string expected) =>
        Assert.Equal(
            $"*2\r\n${expected.Length}\r\n{expected}\r\n*1\r\n$1\r\nk\r\n",
            new Parts($"*2\r\n${cursor.Length}\r\n{cursor}\r\n*1\r\n$1\r\nk\r\n").Merged(Of(server, 3)));

    [Fact]
    public void TryMerge_OneServer_CursorUnchanged() =>
        Assert.Equal("*2\r\n$2\r\n17\r\n*0\r\n", new Parts("*2\r\n$2\r\n17\r\n*0\r\n").Merged(Of(0, 1)));

    [Fact]
    public void TryMerge_CursorTooLarge_IsAnError() =>
        Assert.Equal(
            "-ERR SCAN cursor of a server is too large to carry the server's index\r\n",
            new Parts("*2\r\n$19\r\n4611686018427387904\r\n*0\r\n").Merged(Of(0, 3)));

    [Fact]
    public void TryMerge_Error_Forwarded() => Assert.Equal("-ERR x\r\n", new Parts("-ERR x\r\n").Merged(Of(0, 3)));

    [Theory]
    [InlineData(":1\r\n")]
    [InlineData("_\r\n")]
    [InlineData("*-1\r\n")]
    [InlineData("*1\r\n$1\r\n0\r\n")]
    [InlineData("*3\r\n$1\r\n0\r\n*0\r\n*0\r\n")]
    [InlineData("*2\r\n$1\r\nx\r\n*0\r\n")]
    [InlineData("*2\r\n$2\r\n-1\r\n*0\r\n")]
    [InlineData("*2\r\n:0\r\n*0\r\n")]
    [InlineData("*2\r\n$1\r\n0\r\n$0\r\n\r\n")]
    [InlineData("*2\r\n$1\r\n0\r\n*-1\r\n")]
    [InlineData("~2\r\n$1\r\n0\r\n*0\r\n")]
    public void TryMerge_WrongPart_Refused(string wrong) => Assert.Null(new Parts(wrong).Merged(Of(0, 3)));

    [Fact]
    public void TryMerge_Cut_Refused() => new Parts("*2\r\n$1\r\n0\r\n*1\r\n$1\r\nk\r\n").AssertRefusedWhenCut(Of(0, 3));

    private static Parts.Merge Of(int server, int servers) =>
        (parts, output) => ScanMerge.TryMerge(parts.Count == 0 ? [] : parts[0], position => new ScanCursor(server, 0).After(position, servers).TryEncode(servers, out ulong next) ? next : null, output);
}
