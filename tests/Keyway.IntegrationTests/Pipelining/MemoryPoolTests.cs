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

    [Fact]
    public void Introspection_OfClientsAndServer_IsThere()
    {
        using InProcessServer server = new();
        using RespClient client = server.Connect();
        using RespClient other = server.Connect();
        other.Call("CLIENT", "SETNAME", "other");

        Assert.Contains(" name=other ", client.Call("CLIENT", "LIST").Text);
        Assert.Equal(":1", client.Call("CLIENT", "KILL", "TYPE", "normal").ToString());
        Assert.True(other.IsClosedByPeer());
        Assert.Matches("^# Server\r\nredis_version:7[^#]*# Memory\r\n[^#]*# Stats\r\n[^#]*# Keyspace\r\n[^#]*# Keyway\r\n", client.Call("INFO").Text);
        Assert.StartsWith("# Keyway\r\n", client.Call("INFO", "keyway").Text);
        Assert.Equal("*[$databases, $16]", client.Call("CONFIG", "GET", "databases").ToString());
        Assert.StartsWith("-ERR CONFIG SET ", client.Call("CONFIG", "SET", "databases", "1").ToString());
        Assert.Equal(client.Call("COMMAND", "COUNT").Text, client.Call("COMMAND", "LIST").Items.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("*[$master, :0, *[]]", client.Call("ROLE").ToString());
    }

    [Fact]
    public void Watch_KeyChanges_MakesTheTransactionVoid()
    {
        using InProcessServer server = new();
        using RespClient client = server.Connect();
        using RespClient other = server.Connect();
        Assert.Equal("+OK", client.Call("WATCH", "a").ToString());
        other.Call("SET", "a", "1");
        client.Call("MULTI");
        client.Call("SET", "a", "2");

        Assert.True(client.Call("EXEC").IsNull);
        Assert.Equal("+OK", client.Call("WATCH", "a").ToString());
        client.Call("MULTI");
        client.Call("INCR", "a");
        Assert.Equal("*[:2]", client.Call("EXEC").ToString());
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
