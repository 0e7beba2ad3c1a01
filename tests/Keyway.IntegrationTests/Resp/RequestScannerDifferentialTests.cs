using System.Buffers;
using System.Text;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Memory;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Resp;

/// <summary>Requests of odd form must be read, or refused with the text, as a real redis-server does it.</summary>
public sealed class RequestScannerDifferentialTests : IDisposable
{
    private readonly RedisProcess _redis = RedisProcess.Start();

    public void Dispose() => _redis.Dispose();

    [Theory]
    [InlineData("*0\r\n*1\r\n$4\r\nPING\r\n")]
    [InlineData("*-1\r\n*1\r\n$4\r\nPING\r\n")]
    [InlineData("*-5\r\nPING\r\n")]
    [InlineData("\r\n  \r\n\nPING\r\n")]
    [InlineData("*01\r\n$4\r\nPING\r\n")]
    [InlineData("*+1\r\n$4\r\nPING\r\n")]
    [InlineData("*-0\r\n")]
    [InlineData("*\r\n")]
    [InlineData("* 1\r\n")]
    [InlineData("*1 \r\n")]
    [InlineData("*2147483648\r\n")]
    [InlineData("*99999999999999999999\r\n")]
    [InlineData("*1\r\n$04\r\nPING\r\n")]
    [InlineData("*1\r\n$+4\r\nPING\r\n")]
    [InlineData("*1\r\n$4 \r\nPING\r\n")]
    [InlineData("*1\r\n$-1\r\n")]
    [InlineData("*1\r\n$-0\r\n")]
    [InlineData("*1\r\n$\r\n")]
    [InlineData("*1\r\n$536870913\r\n")]
    [InlineData("*1\r\n$99999999999999999999999\r\n")]
    [InlineData("*1\r\n:4\r\nPING\r\n")]
    [InlineData("*1\r\n\xff4\r\nPING\r\n")]
    [InlineData("*1\r\n\n4\r\nPING\r\n")]
    [InlineData("\"a\r\n")]
    [InlineData("'a\r\n")]
    [InlineData("\"PING\"x\r\n")]
    [InlineData("ECHO a\"b\"c\r\n")]
    [InlineData("ECHO \"\\\r\n")]
    [InlineData("ECHO \"x\\x41\\n\\r\\t\\b\\a\\q\\\"\\xzz\\x4\"\r\n")]
    [InlineData("ECHO 'it\\'s\\n'\r\n")]
    [InlineData("ECHO a\\nb\r\n")]
    [InlineData("ECHO a\"b\"\n")]
    [InlineData("\tECHO\ta\vb \r\r\n")]
    [InlineData("ECHO ''\r\n")]
    public void Scan_OddRequest_AnswersAsRedis(string payload) => Compare(payload);

    [Theory]
    [InlineData("*")]
    [InlineData("*1\r\n$")]
    [InlineData("a")]
    public void Scan_LineWithoutEnd_AnswersAsRedis(string before) => Compare(before + new string('1', RespLimits.MaxLine + 100));

    private void Compare(string payload)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(payload);
        var output = new ArrayBufferWriter<byte>();
        new MemorySession(new MemoryStore(1 << 20, TimeProvider.System)).Process(bytes, output);
        using RespClient client = _redis.Connect();
        Assert.Equal(Encoding.Latin1.GetString(client.CallRaw(bytes)), Encoding.Latin1.GetString(output.WrittenSpan));
    }
}
