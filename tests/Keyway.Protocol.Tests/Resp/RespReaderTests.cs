using System.Globalization;
using System.Text;

namespace Keyway.Protocol.Tests.Resp;

public sealed class RespReaderTests
{
    [Theory]
    [InlineData("+OK\r\n", "SimpleString(OK)")]
    [InlineData("*3\r\n:1\r\n$2\r\nab\r\n*-1\r\n", "Array[3] Integer(1) BulkString(ab) Array-null")]
    [InlineData("%1\r\n+k\r\n~2\r\n#t\r\n_\r\n", "Map[2] SimpleString(k) Set[2] Boolean(t) Null-null")]
    [InlineData("|1\r\n+a\r\n*1\r\n:1\r\n$-1\r\n", "BulkString-null")]
    [InlineData("*2\r\n|1\r\n+a\r\n|0\r\n+b\r\n,1.5\r\n=5\r\ntxt:x\r\n", "Array[2] Double(1.5) VerbatimString(txt:x)")]
    public void TryReadNext_Value_GivesPartsInOrder(string payload, string expected)
    {
        var reader = new RespReader(Encoding.Latin1.GetBytes(payload));
        var parts = new List<string>();
        while (reader.TryReadNext())
        {
            string detail = reader.IsNull ? "-null" : reader.IsAggregate
                ? string.Create(CultureInfo.InvariantCulture, $"[{reader.ChildCount}]")
                : $"({Encoding.Latin1.GetString(reader.Bytes)})";
            parts.Add(reader.Type + detail);
        }

        Assert.Equal(expected, string.Join(' ', parts));
        Assert.Equal(0, reader.Remaining);
    }

    [Theory]
    [MemberData(nameof(RespFrameScannerTests.WholeValues), MemberType = typeof(RespFrameScannerTests))]
    public void SkipChildren_AnyValue_EndsBehindIt(string payload)
    {
        var reader = new RespReader(Encoding.Latin1.GetBytes(payload + "+next\r\n"));
        Assert.True(reader.TryReadNext());
        reader.SkipChildren();
        Assert.True(reader.TryReadNext());
        Assert.Equal("next"u8, reader.Bytes);
        Assert.False(reader.TryReadNext());
    }

    [Theory]
    [InlineData("$5\r\nab\r\n")]
    [InlineData("$x\r\n")]
    [InlineData("*x\r\n")]
    [InlineData("\r\n")]
    [InlineData("+OK")]
    public void TryReadNext_NoFrame_ReadsNothing(string payload) => Assert.False(new RespReader(Encoding.Latin1.GetBytes(payload)).TryReadNext());

    [Fact]
    public void TryGetInt64_OnlyWholeNumbers()
    {
        var reader = new RespReader(":-42\r\n+42x\r\n"u8);
        reader.TryReadNext();
        Assert.True(reader.TryGetInt64(out long value));
        Assert.Equal(-42, value);
        reader.TryReadNext();
        Assert.False(reader.TryGetInt64(out _));
        Assert.False(reader.IsError);
    }
}
