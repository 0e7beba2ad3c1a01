using System.Text;

namespace Keyway.Protocol.Tests.Resp;

public sealed class RespWriterTests
{
    [Theory]
    [InlineData(0, ":0\r\n")]
    [InlineData(9, ":9\r\n")]
    [InlineData(10, ":10\r\n")]
    [InlineData(-1, ":-1\r\n")]
    [InlineData(long.MaxValue, ":9223372036854775807\r\n")]
    [InlineData(long.MinValue, ":-9223372036854775808\r\n")]
    public void WriteInteger_AnyValue_FitsMaxHeader(long value, string expected)
    {
        Span<byte> target = stackalloc byte[RespWriter.MaxHeader];
        Assert.Equal(expected, Encoding.Latin1.GetString(target[..RespWriter.WriteInteger(target, value)]));
    }

    [Fact]
    public void Write_EveryKind_IsAsSpecified()
    {
        byte[] target = new byte[256];
        int at = RespWriter.WriteArrayHeader(target, 12);
        at += RespWriter.WriteMapHeader(target.AsSpan(at), 3);
        at += RespWriter.WriteSetHeader(target.AsSpan(at), 4);
        at += RespWriter.WritePushHeader(target.AsSpan(at), 5);
        at += RespWriter.WriteBulkHeader(target.AsSpan(at), 1234);
        at += RespWriter.WriteBulk(target.AsSpan(at), "hello"u8);
        at += RespWriter.WriteSimpleString(target.AsSpan(at), "OK"u8);
        at += RespWriter.WriteError(target.AsSpan(at), "ERR no"u8);
        const string Expected = "*12\r\n%3\r\n~4\r\n>5\r\n$1234\r\n$5\r\nhello\r\n+OK\r\n-ERR no\r\n";
        Assert.Equal(Expected, Encoding.Latin1.GetString(target, 0, at));
    }
}
