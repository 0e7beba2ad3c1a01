using System.Text;
using Keyway.Protocol.Cluster;

namespace Keyway.Protocol.Tests.Cluster;

public sealed class RedirectTests
{
    [Theory]
    [InlineData("-MOVED 3999 127.0.0.1:6381\r\n", false, 3999, "127.0.0.1", 6381)]
    [InlineData("-ASK 0 10.0.0.7:7000\r\n", true, 0, "10.0.0.7", 7000)]
    [InlineData("-MOVED 16383 2001:db8::1:6379\r\n", false, 16383, "2001:db8::1", 6379)]
    [InlineData("-MOVED 1 cache-1.internal:6379\r\n", false, 1, "cache-1.internal", 6379)]
    [InlineData("-MOVED 1 :6380\r\n", false, 1, "", 6380)]
    [InlineData("-ASK 1 ?:6380\r\n", true, 1, "", 6380)]
    public void TryParse_Redirect_IsRead(string reply, bool isAsk, int slot, string host, int port)
    {
        Assert.True(Redirect.TryParse(Encoding.ASCII.GetBytes(reply), out Redirect redirect));
        Assert.Equal(new Redirect(isAsk, slot, host, port), redirect);
    }

    [Theory]
    [InlineData("-ERR no such key\r\n")]
    [InlineData("-MOVED\r\n")]
    [InlineData("-MOVED 1\r\n")]
    [InlineData("-MOVED 16384 a:1\r\n")]
    [InlineData("-MOVED -1 a:1\r\n")]
    [InlineData("-MOVED x a:1\r\n")]
    [InlineData("-MOVED 1 a\r\n")]
    [InlineData("-MOVED 1 a:\r\n")]
    [InlineData("-MOVED 1 a:0\r\n")]
    [InlineData("-MOVED 1 a:65536\r\n")]
    [InlineData("-ASKING\r\n")]
    [InlineData("")]
    public void TryParse_AnythingElse_IsNone(string reply) => Assert.False(Redirect.TryParse(Encoding.ASCII.GetBytes(reply), out _));
}
