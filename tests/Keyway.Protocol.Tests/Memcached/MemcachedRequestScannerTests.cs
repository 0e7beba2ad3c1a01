using Keyway.Protocol.Memcached;

namespace Keyway.Protocol.Tests.Memcached;

public sealed class MemcachedRequestScannerTests
{
    private static readonly string Key250 = new('k', 250);
    private static readonly string Key251 = new('k', 251);

    [Theory]
    [InlineData("get a~", "get|a")]
    [InlineData("get  a   b ~", "get|a|b")]
    [InlineData("   gets a~", "gets|a")]
    [InlineData("set k 1 2 3~abc~", "set|k|1|2|3")]
    [InlineData("set k 1 2 3~\r\n\r~", "set|k|1|2|3")]
    [InlineData("set k 0 0 0~~", "set|k|0|0|0")]
    [InlineData("cas k 1 2 3 18446744073709551615~abc~", "cas|k|1|2|3|18446744073709551615")]
    [InlineData("incr k 5~", "incr|k|5")]
    [InlineData("delete k~", "delete|k")]
    [InlineData("touch k 30~", "touch|k|30")]
    [InlineData("gat 30 a b~", "gat|30|a|b")]
    [InlineData("mg a v k O1~", "mg|a|v|k|O1")]
    [InlineData("ms a 3 T60~abc~", "ms|a|3|T60")]
    [InlineData("mn~", "mn")]
    [InlineData("version~", "version")]
    public void Request_Plain_IsFoundWhole(string payload, string words)
    {
        MemcachedScan scan = MemcachedScan.InAllSplits(payload);

        Assert.Equal((ScanStatus.Complete, MemcachedError.None), (scan.Status, scan.Error));
        Assert.Equal(words, scan.Words);
        Assert.Equal(payload.Replace("~", "\r\n", StringComparison.Ordinal).Length, scan.Length);
        Assert.True(scan.IsPlain);
        Assert.False(scan.IsSilent);
    }

    [Theory]
    [InlineData("get a\n", false)]
    [InlineData("get k\0x~", false)]
    [InlineData("set k 0 0 1 noreply~x~", true)]
    [InlineData("set k 0 0 1 other~x~", false)]
    [InlineData("set k 0 -1 1~x~", false)]
    [InlineData("set k +1 0 1~x~", false)]
    [InlineData("set k 0 \t1 1~x~", false)]
    [InlineData("set k 0 0 1\n~x~", false, MemcachedError.BadData)]
    [InlineData("delete k 0~", false)]
    [InlineData("delete k noreply~", true)]
    [InlineData("delete k 0 noreply~", true)]
    [InlineData("incr k +1~", false)]
    [InlineData("incr k 1 noreply~", true)]
    [InlineData("touch k -1~", false)]
    [InlineData("touch k 0 x~", false)]
    [InlineData("ms k +1~x~", false)]
    [InlineData("mg k q~", false)]
    public void Request_Odd_IsNotPlain(string payload, bool isSilent, MemcachedError error = MemcachedError.None)
    {
        MemcachedScan scan = MemcachedScan.InAllSplits(payload);

        Assert.Equal(error, scan.Error);
        Assert.False(scan.IsPlain);
        Assert.Equal(isSilent, scan.IsSilent);
    }

    [Theory]
    [InlineData("~", MemcachedError.Syntax)]
    [InlineData("\n", MemcachedError.Syntax)]
    [InlineData("get~", MemcachedError.Syntax)]
    [InlineData("GET k~", MemcachedError.Syntax)]
    [InlineData("get\ta~", MemcachedError.Syntax)]
    [InlineData("quux~", MemcachedError.Syntax)]
    [InlineData("GET / HTTP/1.1~", MemcachedError.Http)]
    [InlineData("gat x k~", MemcachedError.BadExptime)]
    [InlineData("set k 0 0~", MemcachedError.Syntax)]
    [InlineData("set k 0 0 1 noreply x~", MemcachedError.Syntax)]
    [InlineData("set k 0 0 x~", MemcachedError.BadLine)]
    [InlineData("set k 0 0 -1~", MemcachedError.BadLine)]
    [InlineData("set k 0 0 2147483646~", MemcachedError.BadLine)]
    [InlineData("set k -1 0 1~", MemcachedError.BadLine)]
    [InlineData("set k 0 0x1 1~", MemcachedError.BadLine)]
    [InlineData("set k 0 99999999999999999999 1~", MemcachedError.BadLine)]
    [InlineData("cas k 0 0 1 noreply~", MemcachedError.BadLine, true)]
    [InlineData("cas k 0 0 1 x~", MemcachedError.BadLine)]
    [InlineData("cas k 0 0 1 18446744073709551616~", MemcachedError.BadLine)]
    [InlineData("incr k -1~", MemcachedError.BadDelta)]
    [InlineData("incr k x noreply~", MemcachedError.BadDelta, true)]
    [InlineData("touch k x~", MemcachedError.BadExptime)]
    [InlineData("delete k 1~", MemcachedError.BadDelete)]
    [InlineData("delete k 0 1~", MemcachedError.BadDelete)]
    [InlineData("delete k 1 noreply~", MemcachedError.BadDelete, true)]
    [InlineData("flush_all x~", MemcachedError.BadExptime)]
    [InlineData("flush_all noreply~", MemcachedError.None, true)]
    [InlineData("verbosity~", MemcachedError.Syntax)]
    [InlineData("verbosity noreply~", MemcachedError.BadLine, true)]
    [InlineData("mg~", MemcachedError.Syntax)]
    [InlineData("me~", MemcachedError.BadLine)]
    [InlineData("ms k~", MemcachedError.BadLine)]
    [InlineData("ms k x~", MemcachedError.BadLine)]
    [InlineData("ms k S1~", MemcachedError.BadLine)]
    [InlineData("ms k 1 1 2 3 4 5 6 7 8 9 a b c d e f g h~", MemcachedError.TooManyFlags)]
    [InlineData("mg k q q~", MemcachedError.DuplicateFlag)]
    [InlineData("ms k 3 q q~abc~", MemcachedError.DuplicateFlag)]
    public void Line_Wrong_IsRefused(string payload, MemcachedError error, bool isSilent = false)
    {
        MemcachedScan scan = MemcachedScan.InAllSplits(payload);

        Assert.Equal((ScanStatus.Complete, error, isSilent), (scan.Status, scan.Error, scan.IsSilent));
        Assert.Equal(payload.Replace("~", "\r\n", StringComparison.Ordinal).Length, scan.Length);
    }

    [Fact]
    public void Key_AboveLimit_IsRefused()
    {
        foreach (string line in new[] { "get {0}~", "get a {0} b~", "delete {0}~", "incr {0} 1~", "touch {0} 1~", "mg {0} v~", "md {0}~", "set {0} 0 0 1~x~", "ms {0} 1~x~" })
        {
            Assert.Equal(MemcachedError.None, MemcachedScan.InAllSplits(line.Replace("{0}", Key250, StringComparison.Ordinal)).Error);
            Assert.Equal(MemcachedError.BadLine, MemcachedScan.InAllSplits(line.Replace("{0}", Key251, StringComparison.Ordinal)).Error);
        }
    }

    [Theory]
    [InlineData("set k 0 0 3~abcdefg~", 18)]
    [InlineData("set k 0 0 10~abc~get zz~get yy~", 26)]
    [InlineData("ms k 3 q~abcd~", 15)]
    public void Data_NotEndedByCrLf_IsSkippedByItsLength(string payload, int length)
    {
        MemcachedScan scan = MemcachedScan.InAllSplits(payload);

        Assert.Equal((MemcachedError.BadData, length), (scan.Error, scan.Length));
    }

    [Fact]
    public void Data_AboveLimit_IsLeftToBeSkipped()
    {
        MemcachedScan scan = MemcachedScan.InAllSplits("set k 0 0 101~", maxData: 100);

        Assert.Equal((ScanStatus.Complete, MemcachedError.TooLarge, 15, 101L), (scan.Status, scan.Error, scan.Length, scan.DataLength));
    }

    [Fact]
    public void Numbers_AreReadAsMemcachedDoes()
    {
        Assert.Equal((3u, 1), Flags("set k 4294967299 4294967297 1~x~"));
        Assert.Equal((0u, int.MinValue), Flags("set k -0 2147483648 1~x~"));
        Assert.Equal((1u, -5), Flags("set k 1\tx -5 1~x~"));
        Assert.Equal(7UL, MemcachedScan.InAllSplits("incr k 007~").Number);
        Assert.Equal(-1, MemcachedScan.InAllSplits("gat -1 k~").Exptime);

        static (uint, int) Flags(string payload)
        {
            MemcachedScan scan = MemcachedScan.InAllSplits(payload);
            return (scan.Flags, scan.Exptime);
        }
    }

    [Theory]
    [InlineData("get ", 100_000, true)]
    [InlineData("gets ", 100_000, true)]
    [InlineData("get ", 2048, true)]
    [InlineData("mg ", 2048, true)]
    [InlineData("mg ", 2049, false)]
    [InlineData("gat 0 ", 2049, false)]
    public void Line_WithoutEnd_IsAwaitedAsLongAsMemcachedDoes(string start, int length, bool isAwaited)
    {
        MemcachedScan scan = MemcachedScan.InAllSplits(start.PadRight(length, 'x'));

        Assert.Equal(isAwaited ? ScanStatus.NeedMore : ScanStatus.Error, scan.Status);
    }

    [Theory]
    [InlineData("mg k P")]
    [InlineData("stats x")]
    public void LineThatIsPassedOn_AboveLimit_IsAnError(string start)
    {
        Assert.Equal(ScanStatus.Complete, MemcachedScan.InAllSplits(start.PadRight(2047, 'x') + "~").Status);
        Assert.Equal(ScanStatus.Error, MemcachedScan.InAllSplits(start.PadRight(2048, 'x') + "~").Status);
    }

    [Fact]
    public void Line_InManyPieces_IsSearchedOnce()
    {
        byte[] line = System.Text.Encoding.ASCII.GetBytes("get " + string.Join(' ', Enumerable.Repeat("key", 20_000)) + "\r\n");
        MemcachedScanState state = default;
        MemcachedRequest request = new();
        ScanStatus status = ScanStatus.NeedMore;
        for (int have = 1; have <= line.Length && status == ScanStatus.NeedMore; have++)
        {
            // 80,000 calls: were the line searched from its start each time, this would take seconds.
            status = MemcachedRequestScanner.Scan(line.AsSpan(0, have), ref state, request, 0, out _);
        }

        Assert.Equal(ScanStatus.Complete, status);
        Assert.Equal(20_001, request.Words.Count);
    }

    [Fact]
    public void Key_InBase64_IsDecoded()
    {
        Span<byte> scratch = stackalloc byte[MemcachedKey.MaxLength];

        Assert.Equal("t"u8, MemcachedKey.Decode("dA=="u8, scratch));
        Assert.Equal("t"u8, MemcachedKey.Decode("dB=="u8, scratch));
        Assert.Equal("!!!"u8, MemcachedKey.Decode("!!!"u8, scratch));
    }

    [Fact]
    public void Table_EveryCommand_IsFoundByItsNameOnly()
    {
        foreach (MemcachedCommand command in MemcachedCommandTable.All)
        {
            Assert.Same(command, MemcachedCommandTable.Find(System.Text.Encoding.ASCII.GetBytes(command.Name)));
            Assert.Null(MemcachedCommandTable.Find(System.Text.Encoding.ASCII.GetBytes(command.Name + "x")));
        }

        Assert.Null(MemcachedCommandTable.Find(default));
    }
}
