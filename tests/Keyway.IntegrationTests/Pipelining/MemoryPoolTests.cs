using Keyway.Testing;

namespace Keyway.IntegrationTests.Pipelining;

/// <summary>What is particular to a server that lives in the process: its answers come while the reactor writes.</summary>
public sealed class MemoryPoolTests
{
    // The handshake's answer makes the connection write again, with nothing else to wake the reactor.
    [Fact]
    public void ConnectionWithAHandshake_IsReadyAtOnce()
    {
        using InProcessServer server = new();
        using RespClient client = server.Connect();

        Assert.Equal("+OK", client.Call("SELECT", "1").ToString());
        Assert.Equal("+OK", client.Call("SET", "key", "value").ToString());
        Assert.Equal('%', client.Call("HELLO", "3").Type);
        Assert.Equal("$value", client.Call("GET", "key").ToString());
        Assert.Equal("_null", client.Call("GET", "none").ToString());
    }

    [Theory]
    [InlineData(16 * 1024)]
    [InlineData(3_000_000)]
    public void LargeValue_ComesBack(int length)
    {
        using InProcessServer server = new();
        using RespClient client = server.Connect();
        string value = new('v', length);

        Assert.Equal("+OK", client.Call("SET", "key", value).ToString());
        Assert.Equal("$" + value, client.Call("GET", "key").ToString());
    }
}
