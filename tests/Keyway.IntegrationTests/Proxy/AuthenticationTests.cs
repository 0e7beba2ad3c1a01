using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Passwords of clients and at servers, and the database that goes with them.</summary>
public sealed class AuthenticationTests
{
    [Theory]
    [InlineData(ProxyRig.Epoll)]
    [InlineData(ProxyRig.Managed)]
    public void Password_OfThePool_IsAskedOfEveryClient(string poller)
    {
        using var rig = ProxyRig.Start(2, "password: letmein", poller);
        using var client = rig.Connect();
        using var direct = rig.Servers[0].Connect();
        direct.Call("CONFIG", "SET", "requirepass", "letmein");
        using var stranger = rig.Servers[0].Connect();

        foreach (string[] command in new string[][]
        {
            ["PING"], ["GET", "key"], ["SELECT", "1"], ["CLIENT", "ID"], ["AUTH", "wrong"], ["AUTH", "default", "wrong"],
            ["AUTH", "nobody", "letmein"], ["HELLO", "3", "AUTH", "default", "wrong"], ["AUTH"], ["AUTH", "a", "b", "c"], ["RESET"],
        })
        {
            Assert.Equal(stranger.Call(command).ToString(), client.Call(command).ToString());
        }

        // Here Keyway says less than Redis: it asks no server on behalf of a stranger.
        Assert.Equal("-NOAUTH Authentication required.", client.Call("NOSUCH").ToString());
        Assert.StartsWith("-NOAUTH HELLO must be called with the client already authenticated", client.Call("HELLO", "3").ToString());
        direct.Call("CONFIG", "SET", "requirepass", "");
        Assert.Equal("+OK", client.Call("AUTH", "letmein").ToString());
        Assert.Equal("+OK", client.Call("SET", "key", "value").ToString());
        Assert.Equal("+RESET", client.Call("RESET").ToString());
        Assert.Equal("-NOAUTH Authentication required.", client.Call("GET", "key").ToString());
        Assert.Equal('%', client.Call("HELLO", "3", "AUTH", "default", "letmein").Type);
        Assert.Equal("$value", client.Call("GET", "key").ToString());

        // In one piece: the password counts for what follows at once.
        using var hasty = rig.Connect();
        hasty.SendRaw([.. RespClient.Encode("GET", "key"), .. RespClient.Encode("AUTH", "default", "letmein"), .. RespClient.Encode("GET", "key")]);
        Assert.Equal("-NOAUTH Authentication required.", hasty.ReadReply().ToString());
        Assert.Equal("+OK", hasty.ReadReply().ToString());
        Assert.Equal("$value", hasty.ReadReply().ToString());
    }

    [Fact]
    public void ServerPasswordAndDatabase_TogetherInAllLanes_LandInTheRightDatabase()
    {
        using var rig = ProxyRig.Start(3, "server_password: secret\ndatabase: 6", serverArguments: ["--requirepass", "secret"]);
        using var two = rig.Connect();
        using var three = rig.Connect();
        three.Call("HELLO", "3");

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal("+OK", two.Call("SET", $"two:{i}", "x").ToString());
            Assert.Equal("+OK", three.Call("SET", $"three:{i}", "x").ToString());
        }

        var found = 0;
        foreach (var server in rig.Servers)
        {
            using var direct = server.Connect();
            direct.Call("AUTH", "secret");
            Assert.Equal(":0", direct.Call("DBSIZE").ToString());
            direct.Call("SELECT", "6");
            found += int.Parse(direct.Call("DBSIZE").Text!);
        }

        Assert.Equal(100, found);
        Assert.Equal("-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?", two.Call("AUTH", "secret").ToString());
    }

    [Fact]
    public void ServerUser_OfAnAccessList_IsUsed()
    {
        using var rig = ProxyRig.Start(1, "server_user: app\nserver_password: pw", serverArguments: ["--user", "app", "on", ">pw", "~app:*", "+@all"]);
        using var client = rig.Connect();

        Assert.Equal("+OK", client.Call("SET", "app:1", "x").ToString());
        Assert.StartsWith("-NOPERM", client.Call("SET", "other", "x").ToString());
        Assert.Equal("$x", client.Call("GET", "app:1").ToString());
    }

    [Fact]
    public void ServerPassword_Wrong_IsAClearErrorAndTheProcessStays()
    {
        using var rig = ProxyRig.Start(1, "server_password: wrong\nserver_retry_timeout: 50ms", serverArguments: ["--requirepass", "secret"]);
        using var client = rig.Connect();

        for (var i = 0; i < 10; i++)
        {
            var reply = client.Call("GET", "key").ToString();
            Assert.StartsWith("-ERR ", reply);
            Assert.Contains("WRONGPASS", reply);
            Assert.Contains(rig.Servers[0].Address, reply);
        }

        using var direct = rig.Servers[0].Connect();
        direct.Call("AUTH", "secret");
        direct.Call("CONFIG", "SET", "requirepass", "wrong");

        Wait.Until(() => client.Call("SET", "key", "value").ToString() == "+OK", "serving after the password was mended");
        Assert.Equal("$value", client.Call("GET", "key").ToString());
    }

    [Fact]
    public void Database_ThatTheServerLacks_IsAClearError()
    {
        using var rig = ProxyRig.Start(1, "database: 5", serverArguments: ["--databases", "4"]);
        using var client = rig.Connect();

        Assert.Contains("DB index is out of range", client.Call("GET", "key").ToString());
        Assert.Equal("+PONG", client.Call("PING").ToString());
        Assert.Equal("+OK", client.Call("SELECT", "3").ToString());
    }
}
