using System.Text;
using Keyway.Protocol.Memcached;
using Keyway.Testing;

namespace Keyway.Protocol.Tests.Memcached;

public sealed class MemcachedReplyScannerTests
{
    [Theory]
    [InlineData(MemcachedReplyKind.Line, "STORED~")]
    [InlineData(MemcachedReplyKind.Line, "NOT_STORED~")]
    [InlineData(MemcachedReplyKind.Line, "12 ~")]
    [InlineData(MemcachedReplyKind.Line, "CLIENT_ERROR cannot increment or decrement non-numeric value~")]
    [InlineData(MemcachedReplyKind.Line, "VERSION 1.6.18~")]
    [InlineData(MemcachedReplyKind.Values, "END~")]
    [InlineData(MemcachedReplyKind.Values, "VALUE k 0 3~abc~END~")]
    [InlineData(MemcachedReplyKind.Values, "VALUE k 0 6 17~END~x~VALUE k2 1 0~~END~")]
    [InlineData(MemcachedReplyKind.Values, "VALUE k 0 1~x~SERVER_ERROR out of memory~")]
    [InlineData(MemcachedReplyKind.Values, "SERVER_ERROR out of memory~")]
    [InlineData(MemcachedReplyKind.Meta, "HD~")]
    [InlineData(MemcachedReplyKind.Meta, "HD kfoo O1~")]
    [InlineData(MemcachedReplyKind.Meta, "VA 3 s3 W~\r\n!~")]
    [InlineData(MemcachedReplyKind.Meta, "VA 0~~")]
    [InlineData(MemcachedReplyKind.Meta, "ME t exp=-1 la=2~")]
    [InlineData(MemcachedReplyKind.Meta, "CLIENT_ERROR invalid flag~")]
    [InlineData(MemcachedReplyKind.Stats, "STAT a 1~STAT b 2~END~")]
    [InlineData(MemcachedReplyKind.Stats, "ITEM a [1 b; 0 s]~END~")]
    [InlineData(MemcachedReplyKind.Stats, "RESET~")]
    [InlineData(MemcachedReplyKind.Stats, "ERROR~")]
    [InlineData(MemcachedReplyKind.UntilNoOp, "MN~")]
    [InlineData(MemcachedReplyKind.UntilNoOp, "VA 2~10~MN~")]
    [InlineData(MemcachedReplyKind.UntilNoOp, "CLIENT_ERROR invalid flag~MN~")]
    public void Reply_CutAnywhere_EndsWhereItEnds(MemcachedReplyKind kind, string reply)
    {
        byte[] bytes = Bytes(reply + "HD~");
        int length = Bytes(reply).Length;
        foreach (IReadOnlyList<byte[]> pieces in Splits.Of(bytes))
        {
            Assert.Equal((ScanStatus.Complete, length), Scan(pieces, kind));
        }
    }

    [Theory]
    [InlineData(MemcachedReplyKind.Line, "VALUE k 0 3~")]
    [InlineData(MemcachedReplyKind.Line, "END~")]
    [InlineData(MemcachedReplyKind.Line, "HD~")]
    [InlineData(MemcachedReplyKind.Line, "~")]
    [InlineData(MemcachedReplyKind.Line, "STORED\n")]
    [InlineData(MemcachedReplyKind.Values, "STORED~")]
    [InlineData(MemcachedReplyKind.Values, "VALUE k 0 x~")]
    [InlineData(MemcachedReplyKind.Values, "VALUE k~")]
    [InlineData(MemcachedReplyKind.Values, "VALUE k 0 3~abcde~")]
    [InlineData(MemcachedReplyKind.Values, "VALUE k 0 3~abc~HD~")]
    [InlineData(MemcachedReplyKind.Meta, "VA -1~")]
    [InlineData(MemcachedReplyKind.Meta, "VA 3~abc\r-")]
    [InlineData(MemcachedReplyKind.Meta, "END~")]
    [InlineData(MemcachedReplyKind.Stats, "STAT a 1~OK~")]
    public void Reply_OfAnotherKind_IsAnError(MemcachedReplyKind kind, string reply)
    {
        foreach (IReadOnlyList<byte[]> pieces in Splits.Of(Bytes(reply)))
        {
            Assert.Equal(ScanStatus.Error, Scan(pieces, kind).Status);
        }
    }

    [Fact]
    public void Line_WithoutEnd_IsAnErrorBeyondTheLimit()
    {
        MemcachedReplyScanner scanner = default;

        Assert.Equal(ScanStatus.NeedMore, scanner.Scan(new byte[MemcachedReplyScanner.MaxLine], MemcachedReplyKind.Line, out _));
        Assert.True(scanner.IsMidReply);
        Assert.Equal(ScanStatus.Error, scanner.Scan(new byte[MemcachedReplyScanner.MaxLine + 1], MemcachedReplyKind.Line, out _));
    }

    [Fact]
    public void BlankLine_AfterAnError_IsStray()
    {
        MemcachedReplyScanner scanner = default;
        Assert.Equal(0, scanner.StrayLine("\r\n"u8));
        scanner.Scan("CLIENT_ERROR no\r\n"u8, MemcachedReplyKind.Values, out _);

        Assert.Equal(2, scanner.StrayLine("\r\nEND\r\n"u8));
        Assert.Equal(-1, scanner.StrayLine("\r"u8));
        Assert.Equal(0, scanner.StrayLine("END\r\n"u8));
        scanner.Scan("END\r\n"u8, MemcachedReplyKind.Values, out _);
        Assert.Equal(0, scanner.StrayLine("\r\n"u8));
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text.Replace("~", "\r\n", StringComparison.Ordinal));

    /// <summary>How many bytes the reply has, with everything offered as a connection does: what was not consumed comes again.</summary>
    private static (ScanStatus Status, int Length) Scan(IReadOnlyList<byte[]> pieces, MemcachedReplyKind kind)
    {
        MemcachedReplyScanner scanner = default;
        byte[] kept = [];
        int length = 0;
        ScanStatus status = ScanStatus.NeedMore;
        foreach (byte[] piece in pieces)
        {
            kept = [.. kept, .. piece];
            status = scanner.Scan(kept, kind, out int consumed);
            length += consumed;
            kept = kept[consumed..];
            if (status != ScanStatus.NeedMore)
            {
                break;
            }
        }

        return (status, length);
    }
}
