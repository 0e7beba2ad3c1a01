namespace Keyway.Protocol.Tests.Resp;

public sealed class InlineRequestTests
{
    // What Redis 7.0.15 makes of these lines.
    [Theory]
    [InlineData("PING\r\n", "<PING>")]
    [InlineData("PING\n", "<PING>")]
    [InlineData("  SET\tk  v \r\n", "<SET><k><v>")]
    [InlineData("\v\fSET k\r\n", "<SET><k>")]
    [InlineData("SET\vk\r\n", "<SET\vk>")]
    [InlineData("PI\rNG\r\n", "<PI><NG>")]
    [InlineData("PING \r\r\n", "<PING>")]
    [InlineData("ECHO \"x\\x41\\n\\r\\t\\b\\a\\q\\\"\\xzz\\x4\"\r\n", "<ECHO><xA\n\r\t\b\aq\"xzzx4>")]
    [InlineData("ECHO 'it\\'s\\n\"'\r\n", "<ECHO><it's\\n\">")]
    [InlineData("ECHO a\\nb\r\n", "<ECHO><a\\nb>")]
    [InlineData("ECHO a\"b\"\r\n", "<ECHO><ab>")]
    [InlineData("ECHO a'b c'\t'd'\r\n", "<ECHO><ab c><d>")]
    [InlineData("\"\" ''\r\n", "<><>")]
    [InlineData("ECHO \xa0\xff\r\n", "<ECHO><\xa0\xff>")]
    public void Scan_Line_IsSplitAsRedisDoes(string payload, string args)
    {
        RequestScan scan = RequestScan.InAllSplits(payload + "*1\r\n");
        Assert.Equal((ScanStatus.Complete, payload.Length, args), (scan.Status, scan.Length, scan.Args));

        RequestScan canonical = RequestScan.InAllSplits(scan.Canonical);
        Assert.Equal((ScanStatus.Complete, scan.Canonical.Length, args, ""), (canonical.Status, canonical.Length, canonical.Args, canonical.Canonical));
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    [InlineData(" \t \r\n")]
    public void Scan_EmptyLine_HasNoArguments(string payload) =>
        Assert.Equal(new(ScanStatus.Complete, payload.Length, RequestError.None, "", ""), RequestScan.InAllSplits(payload));

    [Theory]
    [InlineData("\"a\r\n", RequestError.UnbalancedQuotes)]
    [InlineData("'a\r\n", RequestError.UnbalancedQuotes)]
    [InlineData("\"a\"b\r\n", RequestError.UnbalancedQuotes)]
    [InlineData("'a'b\r\n", RequestError.UnbalancedQuotes)]
    [InlineData("a\"b\"c\r\n", RequestError.UnbalancedQuotes)]
    [InlineData("a \"\\\"\r\n", RequestError.UnbalancedQuotes)]
    [InlineData("a \"\\\r\n", RequestError.UnbalancedQuotes)]
    [InlineData("a '\\'\r\n", RequestError.UnbalancedQuotes)]
    [InlineData("GET \0k\r\n", RequestError.ZeroByteInline)]
    [InlineData("POST / HTTP/1.1\r\n", RequestError.Http)]
    [InlineData("host: example\r\n", RequestError.Http)]
    public void Scan_BadLine_IsRefused(string payload, RequestError error) =>
        Assert.Equal(new(ScanStatus.Error, 0, error, "", ""), RequestScan.InAllSplits(payload));
}
