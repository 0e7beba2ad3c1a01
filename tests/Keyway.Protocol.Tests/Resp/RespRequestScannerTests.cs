using System.Text;
using Keyway.Testing;

namespace Keyway.Protocol.Tests.Resp;

public sealed class RespRequestScannerTests
{
    [Theory]
    [InlineData("*1\r\n$4\r\nPING\r\n", "<PING>")]
    [InlineData("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$12\r\nline\r\nline\r\n\r\n", "<SET><k><line\r\nline\r\n>")]
    [InlineData("*2\r\n$3\r\nGET\r\n$0\r\n\r\n", "<GET><>")]
    [InlineData("*12\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n$1\r\nd\r\n$1\r\ne\r\n$1\r\nf\r\n$1\r\ng\r\n$1\r\nh\r\n$1\r\ni\r\n$1\r\nj\r\n$1\r\nk\r\n$1\r\nl\r\n",
        "<a><b><c><d><e><f><g><h><i><j><k><l>")]
    [InlineData("*0\r\n", "")]
    [InlineData("*-1\r\n", "")]
    [InlineData("*-5\r\n", "")]
    public void Scan_WholeRequest_HasItsArguments(string payload, string args)
    {
        Assert.Equal(new(ScanStatus.Complete, payload.Length, RequestError.None, args, ""), RequestScan.InAllSplits(payload));
        Assert.Equal(new(ScanStatus.Complete, payload.Length, RequestError.None, args, ""), RequestScan.InAllSplits(payload + payload));
        for (int length = 0; length < payload.Length; length++)
        {
            Assert.Equal(ScanStatus.NeedMore, RequestScan.InAllSplits(payload[..length]).Status);
        }
    }

    [Theory]
    [InlineData("*\r\n", RequestError.InvalidMultibulkLength)]
    [InlineData("*01\r\n", RequestError.InvalidMultibulkLength)]
    [InlineData("*+1\r\n", RequestError.InvalidMultibulkLength)]
    [InlineData("*-0\r\n", RequestError.InvalidMultibulkLength)]
    [InlineData("*1 \r\n", RequestError.InvalidMultibulkLength)]
    [InlineData("* 1\r\n", RequestError.InvalidMultibulkLength)]
    [InlineData("*1\rX$4\r\nPING\r\n", RequestError.InvalidMultibulkLength)]
    [InlineData("*1\n$4\r\nPING\r\n", RequestError.InvalidMultibulkLength)]
    [InlineData("*1048577\r\n", RequestError.InvalidMultibulkLength)]
    [InlineData("*2147483648\r\n", RequestError.InvalidMultibulkLength)]
    [InlineData("*99999999999999999999\r\n", RequestError.InvalidMultibulkLength)]
    [InlineData("*1\r\n$\r\n", RequestError.InvalidBulkLength)]
    [InlineData("*1\r\n$-1\r\n", RequestError.InvalidBulkLength)]
    [InlineData("*1\r\n$-0\r\n", RequestError.InvalidBulkLength)]
    [InlineData("*1\r\n$+4\r\nPING\r\n", RequestError.InvalidBulkLength)]
    [InlineData("*1\r\n$04\r\nPING\r\n", RequestError.InvalidBulkLength)]
    [InlineData("*1\r\n$4 \r\nPING\r\n", RequestError.InvalidBulkLength)]
    [InlineData("*1\r\n$4\rXPING\r\n", RequestError.InvalidBulkLength)]
    [InlineData("*1\r\n$536870913\r\n", RequestError.InvalidBulkLength)]
    [InlineData("*1\r\n$9999999999999999999999\r\n", RequestError.InvalidBulkLength)]
    [InlineData("*1\r\n:4\r\nPING\r\n", RequestError.ExpectedDollar)]
    [InlineData("*2\r\n$4\r\nPING\r\nx", RequestError.ExpectedDollar)]
    [InlineData("*1\r\n$4\r\nPINGab", RequestError.MissingBulkEnd)]
    [InlineData("*1\r\n$4\r\nPING\rx", RequestError.MissingBulkEnd)]
    [InlineData("*1\r\n$4\r\nPINGS\r\n", RequestError.MissingBulkEnd)]
    public void Scan_Malformed_IsRefused(string payload, RequestError error) =>
        Assert.Equal(new(ScanStatus.Error, 0, error, "", ""), RequestScan.InAllSplits(payload));

    [Fact]
    public void Scan_NoDollar_TellsTheByte()
    {
        var state = new RequestScanState();
        ScanStatus status = RespRequestScanner.Scan("*1\r\n\xff"u8[..^1], ref state, new RequestArgs(), RespLimits.Default, out _, out _);
        Assert.Equal(ScanStatus.Error, status);
        Assert.Equal("\xff"u8[0], state.OffendingByte);
        Span<byte> text = stackalloc byte[RequestErrorText.MaxLength];
        Assert.Equal("Protocol error: expected '$', got ':'", Text(text[..RequestErrorText.Write(text, RequestError.ExpectedDollar, (byte)':')]));
        Assert.Equal("Protocol error: expected '$', got ' '", Text(text[..RequestErrorText.Write(text, RequestError.ExpectedDollar, (byte)'\n')]));
    }

    [Fact]
    public void RequestErrorText_EveryError_Fits()
    {
        Span<byte> text = stackalloc byte[RequestErrorText.MaxLength];
        foreach (RequestError error in Enum.GetValues<RequestError>())
        {
            int length = RequestErrorText.Write(text, error, 0);
            Assert.Equal(error is RequestError.None or RequestError.Http, length == 0);
        }
    }

    [Theory]
    [InlineData("*", RequestError.TooBigMultibulkCount)]
    [InlineData("*1\r\n$", RequestError.TooBigBulkCount)]
    [InlineData("a", RequestError.TooBigInline)]
    public void Scan_LineWithoutEnd_IsRefusedAtTheBound(string before, RequestError error)
    {
        string line = new('1', RespLimits.MaxLine - 1);
        Assert.Equal(ScanStatus.NeedMore, RequestScan.InAllSplits(before + line).Status);
        Assert.Equal(error, RequestScan.InAllSplits(before + line + "1").Error);
        Assert.Equal(error, RequestScan.InAllSplits(before + line + "1\r\n").Error);
    }

    [Fact]
    public void Scan_Limits_AreHeld()
    {
        var limits = new RespLimits(5, 2, 32);
        Assert.Equal(ScanStatus.Complete, RequestScan.InAllSplits("*2\r\n$1\r\na\r\n$5\r\nhello\r\n", limits).Status);
        Assert.Equal(RequestError.InvalidBulkLength, RequestScan.InAllSplits("*1\r\n$6\r\nhello!\r\n", limits).Error);
        Assert.Equal(RequestError.InvalidMultibulkLength, RequestScan.InAllSplits("*3\r\n$1\r\na\r\n", limits).Error);
        Assert.Equal(RequestError.InvalidBulkLength, RequestScan.InAllSplits("hello!\r\n", limits).Error);
        Assert.Equal(RequestError.InvalidMultibulkLength, RequestScan.InAllSplits("a b c\r\n", limits).Error);
    }

    [Fact]
    public void State_InTheMiddle_TellsWhatIsPending()
    {
        byte[] payload = "*4\r\n$3\r\nSET\r\n$1\r\nk\r\n$10\r\n0123456789\r\n$2\r\nNX\r\n"u8.ToArray();
        var args = new RequestArgs();
        var state = new RequestScanState();
        Scan(3);
        Assert.Equal((0, 0, 0L), (state.TotalArgs, state.CompleteArgs, state.PendingBulk));
        Scan(15);
        Assert.Equal((4, 1, 0L), (state.TotalArgs, state.CompleteArgs, state.PendingBulk));
        int body = payload.AsSpan().IndexOf("0123"u8);
        for (int have = body; have < body + 12; have++)
        {
            Scan(have);
            Assert.Equal((4, 2, 10L, body), (state.TotalArgs, state.CompleteArgs, state.PendingBulk, state.PendingBulkStart));
        }

        Scan(body + 12);
        Assert.Equal((4, 3, 0L), (state.TotalArgs, state.CompleteArgs, state.PendingBulk));

        void Scan(int have) => RespRequestScanner.Scan(payload.AsSpan(0, have), ref state, args, RespLimits.Default, out _, out _);
    }

    [Fact]
    public void Args_AfterAGiantRequest_GiveTheMemoryBack()
    {
        byte[] giant = Encoding.Latin1.GetBytes("*100000\r\n" + string.Concat(Enumerable.Repeat("$1\r\na\r\n", 100_000)));
        var args = new RequestArgs();
        Scan(giant);
        Assert.Equal(100_000, args.Count);
        Assert.True(args.HeldBytes > 500_000);
        for (int i = 0; i <= RequestArgs.QuietRequests; i++)
        {
            Scan("*1\r\n$4\r\nPING\r\n"u8);
        }

        Assert.True(args.HeldBytes < 10_000);
        Assert.Throws<ArgumentOutOfRangeException>(() => args.Start(1));

        void Scan(ReadOnlySpan<byte> bytes)
        {
            var state = new RequestScanState();
            Assert.Equal(ScanStatus.Complete, RespRequestScanner.Scan(bytes, ref state, args, RespLimits.Default, out _, out _));
        }
    }

    [Fact]
    public void Scan_Warm_AllocatesNothing()
    {
        byte[] payload = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$10\r\n0123456789\r\n"u8.ToArray();
        var args = new RequestArgs();
        Scan();

        Assert.Equal(0, Allocations.Least(Scan));

        void Scan()
        {
            for (int i = 0; i < 1000; i++)
            {
                var state = new RequestScanState();
                RespRequestScanner.Scan(payload.AsSpan(0, i % payload.Length), ref state, args, RespLimits.Default, out _, out _);
                RespRequestScanner.Scan(payload, ref state, args, RespLimits.Default, out _, out _);
            }
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
