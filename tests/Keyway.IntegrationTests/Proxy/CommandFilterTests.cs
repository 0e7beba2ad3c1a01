namespace Keyway.IntegrationTests.Proxy;

/// <summary>A pool's <c>allow</c> and <c>deny</c>: what they refuse reaches no server.</summary>
public sealed class CommandFilterTests
{
    [Fact]
    public void Deny_SomeCommands_RefusesThemAndNoOther()
    {
        using ProxyRig rig = ProxyRig.Start(1, "deny: [keys, append, config set]");
        using var client = rig.Connect();

        Assert.Equal("-ERR KEYS is not allowed here: the configuration of this pool leaves it out", client.Call("KEYS", "*").ToString());
        Assert.StartsWith("-ERR CONFIG SET is not allowed", client.Call("config", "set", "maxmemory", "1").ToString());
        Assert.StartsWith("*", client.Call("CONFIG", "GET", "save").ToString());

        // Long enough to be passed on in pieces if it were allowed.
        Assert.StartsWith("-ERR APPEND is not allowed", client.Call("APPEND", "k", new string('x', 2 << 20)).ToString());
        Assert.Equal("$null", client.Call("GET", "k").ToString());
        Assert.Equal("+OK", client.Call("SET", "k", new string('x', 2 << 20)).ToString());
    }

    [Fact]
    public void Deny_WithinATransaction_AbortsIt()
    {
        using ProxyRig rig = ProxyRig.Start(1, "deny: [append, exec]");
        using var client = rig.Connect();
        using ProxyRig other = ProxyRig.Start(1, "deny: [append]");
        using var allowed = other.Connect();

        Assert.Equal("+OK", allowed.Call("MULTI").ToString());
        Assert.Equal("+QUEUED", allowed.Call("SET", "k", "v").ToString());
        Assert.StartsWith("-ERR APPEND is not allowed", allowed.Call("APPEND", "k", "w").ToString());
        Assert.StartsWith("-EXECABORT", allowed.Call("EXEC").ToString());
        Assert.Equal("$null", allowed.Call("GET", "k").ToString());

        Assert.Equal("+OK", client.Call("MULTI").ToString());
        Assert.StartsWith("-ERR EXEC is not allowed", client.Call("EXEC").ToString());
        Assert.Equal("+OK", client.Call("DISCARD").ToString());
        Assert.Equal("+OK", client.Call("SET", "k", "v").ToString());
    }

    [Fact]
    public void Allow_ReadsOnly_RefusesTheRestAndLetsClientsConnect()
    {
        using ProxyRig rig = ProxyRig.Start(2, "password: secret\nallow: ['@read', '@connection']\ndeny: [keys]");
        using var client = rig.Connect();

        Assert.StartsWith("-NOAUTH", client.Call("SET", "k", "v").ToString());
        Assert.Equal("+OK", client.Call("AUTH", "secret").ToString());
        Assert.StartsWith("-ERR SET is not allowed", client.Call("SET", "k", "v").ToString());
        Assert.StartsWith("-ERR KEYS is not allowed", client.Call("KEYS", "*").ToString());
        Assert.Equal("$null", client.Call("GET", "k").ToString());
        Assert.Equal("+PONG", client.Call("PING").ToString());
    }
}
