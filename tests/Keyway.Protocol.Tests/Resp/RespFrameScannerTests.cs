using System.Text;
using Keyway.Testing;

namespace Keyway.Protocol.Tests.Resp;

public sealed class RespFrameScannerTests
{
    public static TheoryData<string> WholeValues =>
    [
        "+OK\r\n", "+\r\n", "-ERR no\r\n", ":0\r\n", ":-12345678901234\r\n", "$0\r\n\r\n", "$5\r\nhello\r\n", "$-1\r\n", "*-1\r\n", "*0\r\n",
        "$12\r\nline\r\nline\r\n\r\n", "$1\r\n\r\r\n", "_\r\n", "#t\r\n", "#f\r\n", ",3.25\r\n", ",inf\r\n", "(3492890328409238509324850943850943825024385\r\n",
        "!9\r\nERR wrong\r\n", "=7\r\ntxt:abc\r\n", "*2\r\n:1\r\n$3\r\nabc\r\n", "%1\r\n+k\r\n*2\r\n:1\r\n:2\r\n", "%0\r\n", "~2\r\n#t\r\n_\r\n",
        ">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n", "*3\r\n*0\r\n*-1\r\n*1\r\n*1\r\n$-1\r\n", "*2\r\n$16\r\n0123456789abcdef\r\n%1\r\n$1\r\na\r\n,1\r\n",
        "|1\r\n+ttl\r\n:3600\r\n$1\r\nv\r\n", "|0\r\n+OK\r\n", "|1\r\n+a\r\n*1\r\n:1\r\n|0\r\n:7\r\n", "*2\r\n:1\r\n|1\r\n+ttl\r\n:5\r\n:2\r\n",
        "*1\r\n|1\r\n+a\r\n+b\r\n*0\r\n", "|1\r\n+a\r\n+b\r\n>1\r\n+c\r\n", "+aVeryLongLineThatTheVectorisedSearchHasToFindTheEndOf\r\n",
    ];

    [Theory]
    [MemberData(nameof(WholeValues))]
    public void Scan_WholeValue_EndsAtItsEnd(string payload)
    {
        Assert.Equal(new(ScanStatus.Complete, payload.Length, RespError.None), FrameScan.InAllSplits(payload));
        Assert.Equal(new(ScanStatus.Complete, payload.Length, RespError.None), FrameScan.InAllSplits(payload + "+next\r\n"));
    }

    [Theory]
    [MemberData(nameof(WholeValues))]
    public void Scan_EveryPrefix_NeedsMore(string payload)
    {
        for (int length = 0; length < payload.Length; length++)
        {
            Assert.Equal(new(ScanStatus.NeedMore, length, RespError.None), FrameScan.InAllSplits(payload[..length]));
        }
    }

    [Theory]
    [InlineData("x\r\n", 0, RespError.UnknownType)]
    [InlineData("\r\n", 0, RespError.UnknownType)]
    [InlineData("HTTP/1.1 400\r\n", 0, RespError.UnknownType)]
    [InlineData("*1\r\nx", 4, RespError.UnknownType)]
    [InlineData("$\r\n", 1, RespError.BadLength)]
    [InlineData("$01\r\na\r\n", 2, RespError.BadLength)]
    [InlineData("$00\r\n\r\n", 2, RespError.BadLength)]
    [InlineData("$+1\r\na\r\n", 1, RespError.BadLength)]
    [InlineData("$ 1\r\na\r\n", 1, RespError.BadLength)]
    [InlineData("$1 \r\na\r\n", 2, RespError.BadLength)]
    [InlineData("$-2\r\n", 2, RespError.BadLength)]
    [InlineData("$-11\r\n", 3, RespError.BadLength)]
    [InlineData("$-\r\n", 2, RespError.BadLength)]
    [InlineData("$--1\r\n", 2, RespError.BadLength)]
    [InlineData("$1-\r\n", 2, RespError.BadLength)]
    [InlineData("$0x1\r\n", 2, RespError.BadLength)]
    [InlineData("$1\na\r\n", 2, RespError.BadLength)]
    [InlineData("%-1\r\n", 1, RespError.BadLength)]
    [InlineData("=-1\r\n", 1, RespError.BadLength)]
    [InlineData("!-1\r\n", 1, RespError.BadLength)]
    [InlineData("~-1\r\n", 1, RespError.BadLength)]
    [InlineData("$1?\r\n", 2, RespError.BadLength)]
    [InlineData("$1\rxa\r\n", 3, RespError.BadLineEnd)]
    [InlineData("*1\r\r\n:1\r\n", 3, RespError.BadLineEnd)]
    [InlineData("+OK\n", 3, RespError.BadLineEnd)]
    [InlineData("+O\rK\r\n", 3, RespError.BadLineEnd)]
    [InlineData(":1\n:2\r\n", 2, RespError.BadLineEnd)]
    [InlineData("$3\r\nabcd\r\n", 7, RespError.BadBulkEnd)]
    [InlineData("$3\r\nabc\rx", 8, RespError.BadBulkEnd)]
    [InlineData("$3\r\nab\r\n+OK\r\n", 7, RespError.BadBulkEnd)]
    [InlineData("$536870913\r\n", 9, RespError.BulkTooLong)]
    [InlineData("$99999999999999999999999\r\n", 9, RespError.BulkTooLong)]
    [InlineData("*2147483648\r\n", 10, RespError.TooManyElements)]
    [InlineData("*99999999999999999999999\r\n", 10, RespError.TooManyElements)]
    [InlineData("_x\r\n", 1, RespError.BadLine)]
    [InlineData("#\r\n", 1, RespError.BadLine)]
    [InlineData("#tt\r\n", 2, RespError.BadLine)]
    [InlineData("$?\r\n", 1, RespError.Streamed)]
    [InlineData("*?\r\n", 1, RespError.Streamed)]
    [InlineData("%?\r\n", 1, RespError.Streamed)]
    [InlineData("~?\r\n", 1, RespError.Streamed)]
    [InlineData(";4\r\n", 0, RespError.Streamed)]
    [InlineData(".\r\n", 0, RespError.Streamed)]
    [InlineData("*1\r\n>0\r\n", 4, RespError.NestedPush)]
    public void Scan_Malformed_FailsAtTheWrongByte(string payload, int consumed, RespError error)
    {
        Assert.Equal(new(ScanStatus.Error, consumed, error), FrameScan.InAllSplits(payload));
        Assert.NotEmpty(RespErrorText.Of(error));
    }

    [Theory]
    [InlineData(32, 32, true)]
    [InlineData(33, 32, false)]
    [InlineData(33, 100, false)]
    [InlineData(3, 3, true)]
    [InlineData(4, 3, false)]
    public void Scan_Nested_UpToTheDepth(int nested, int maxDepth, bool accepted)
    {
        var payload = new StringBuilder();
        for (int i = 0; i < nested; i++)
        {
            payload.Append(i % 2 == 0 ? "*2\r\n:1\r\n" : "%1\r\n:1\r\n");
        }

        FrameScan scan = FrameScan.InAllSplits(payload + "+x\r\n", new RespLimits(100, 10, maxDepth));
        Assert.Equal(accepted ? RespError.None : RespError.TooDeep, scan.Error);
        Assert.Equal(accepted ? ScanStatus.Complete : ScanStatus.Error, scan.Status);
    }

    [Fact]
    public void Scan_AttributesOneAfterTheOther_TakeNoDepth()
    {
        string payload = string.Concat(Enumerable.Repeat("|1\r\n:1\r\n:2\r\n", 100)) + "*1\r\n:1\r\n";
        Assert.Equal(new(ScanStatus.Complete, payload.Length, RespError.None), FrameScan.InAllSplits(payload, new RespLimits(100, 10, 1)));
    }

    [Theory]
    [InlineData("$11\r\nhello world\r\n", RespError.BulkTooLong)]
    [InlineData("$10\r\nhelloworld\r\n", RespError.None)]
    [InlineData("*1\r\n$11\r\nhello world\r\n", RespError.BulkTooLong)]
    public void Scan_Bulk_UpToTheLimit(string payload, RespError error) =>
        Assert.Equal(error, FrameScan.InAllSplits(payload, new RespLimits(10, 10, 4)).Error);

    [Fact]
    public void Scan_Null_PassesAnyLimit() =>
        Assert.Equal(ScanStatus.Complete, FrameScan.InAllSplits("*1\r\n$-1\r\n", new RespLimits(0, 0, 1)).Status);

    [Theory]
    [InlineData("+")]
    [InlineData("-")]
    [InlineData("(")]
    [InlineData("*1\r\n,")]
    public void Scan_Line_UpToItsBound(string before)
    {
        FrameScan longest = FrameScan.InAllSplits(before + new string('x', RespLimits.MaxLine) + "\r\n");
        Assert.Equal(new(ScanStatus.Complete, before.Length + RespLimits.MaxLine + 2, RespError.None), longest);
        FrameScan longer = FrameScan.InAllSplits(before + new string('x', RespLimits.MaxLine + 1) + "\r\n");
        Assert.Equal(new(ScanStatus.Error, before.Length + RespLimits.MaxLine, RespError.LineTooLong), longer);
    }

    [Fact]
    public void Scan_ManyValues_OneAfterTheOther()
    {
        byte[] stream = Encoding.Latin1.GetBytes(string.Concat(WholeValues.Select(v => v.Data)));
        int[] ends = [.. WholeValues.Select(v => v.Data.Length)];
        for (int piece = 1; piece < 40; piece++)
        {
            var scanner = new RespFrameScanner();
            var lengths = new List<int>();
            int length = 0;
            for (int at = 0; at < stream.Length;)
            {
                ScanStatus status = scanner.Scan(stream.AsSpan(at, Math.Min(piece, stream.Length - at)), RespLimits.Default, out int consumed);
                at += consumed;
                length += consumed;
                if (status == ScanStatus.Complete)
                {
                    lengths.Add(length);
                    length = 0;
                }
            }

            Assert.Equal(ends, lengths);
        }
    }

    [Fact]
    public void Scan_AfterError_StaysFailedUntilReset()
    {
        var scanner = new RespFrameScanner();
        Assert.Equal(ScanStatus.Error, scanner.Scan("x"u8, RespLimits.Default, out _));
        Assert.Equal(ScanStatus.Error, scanner.Scan("+OK\r\n"u8, RespLimits.Default, out int consumed));
        Assert.Equal(0, consumed);
        scanner.Reset();
        Assert.False(scanner.IsMidFrame);
        Assert.Equal(ScanStatus.Complete, scanner.Scan("+OK\r\n"u8, RespLimits.Default, out _));
    }

    [Fact]
    public void Reset_InTheMiddle_ForgetsTheValue()
    {
        var scanner = new RespFrameScanner();
        Assert.Equal(ScanStatus.NeedMore, scanner.Scan("|1\r\n*2\r\n:1\r\n$5\r\nhe"u8, RespLimits.Default, out _));
        Assert.True(scanner.IsMidFrame);
        scanner.Reset();
        Assert.Equal(ScanStatus.Complete, scanner.Scan("+OK\r\n"u8, RespLimits.Default, out _));
    }

    [Fact]
    public void Scan_Nothing_ChangesNothing()
    {
        var scanner = new RespFrameScanner();
        Assert.Equal(ScanStatus.NeedMore, scanner.Scan([], RespLimits.Default, out int consumed));
        Assert.Equal(0, consumed);
        Assert.False(scanner.IsMidFrame);
    }

    [Fact]
    public void Scan_Warm_AllocatesNothing()
    {
        byte[] payload = "+OK\r\n$5\r\nhello\r\n*3\r\n:1\r\n$3\r\nabc\r\n%1\r\n+k\r\n_\r\n"u8.ToArray();
        var scanner = new RespFrameScanner();
        Scan();

        Assert.Equal(0, Allocations.Least(Scan));

        void Scan()
        {
            for (int i = 0; i < 1000; i++)
            {
                int at = 0;
                while (at < payload.Length)
                {
                    // Cut in the middle of everything, now here, now there.
                    int piece = Math.Min(payload.Length - at, 1 + (i % 50));
                    scanner.Scan(payload.AsSpan(at, piece), RespLimits.Default, out int consumed);
                    at += consumed;
                }
            }
        }
    }
}
