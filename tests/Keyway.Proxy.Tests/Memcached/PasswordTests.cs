using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Memcached;

public sealed class PasswordTests
{
    [Fact]
    public void Server_WithPassword_GetsItBeforeAnyRequest()
    {
        using ProxyRig rig = MemcachedRig.Create(change: static config => config with { ServerUser = "user", ServerPassword = "pass" });
        RigClient client = rig.Connect();
        client.Say("get a~");
        Assert.Equal("set auth 0 0 9~user pass~", rig.Server.Last.ReceiveText());

        rig.Server.Last.SendText("STORED~");
        rig.Settle();

        Assert.Equal("get a~", rig.Server.Last.ReceiveText());
        rig.Server.Last.SendText("END~");
        Assert.Equal("END~", client.Replies());
    }

    [Fact]
    public void Server_ThatRefusesThePassword_IsSaidToHave()
    {
        using ProxyRig rig = MemcachedRig.Create(change: static config => config with { ServerUser = "user", ServerPassword = "pass" });
        RigClient client = rig.Connect();
        client.Say("get a~");

        rig.Server.Last.SendText("CLIENT_ERROR authentication failure~");

        Assert.Equal("SERVER_ERROR cannot connect to server s0: CLIENT_ERROR authentication failure~", client.Replies());
    }

    [Fact]
    public void Server_ThatWantsAPasswordNobodyGave_AnswersNoneOfItsRequests()
    {
        using ProxyRig rig = MemcachedRig.Create();
        RigClient client = rig.Connect();
        client.Say("get a~get b~mn~");

        // memcached answers all that came in one piece with one line.
        rig.Server.Last.SendText("CLIENT_ERROR unauthenticated~");

        string reply = client.Replies();
        Assert.Equal(2, reply.Split("it wants a password").Length - 1);
        Assert.EndsWith("~MN~", reply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("get a~", "CLIENT_ERROR unauthenticated~")]
    [InlineData("~", "CLIENT_ERROR unauthenticated~")]
    [InlineData("quit~", "CLIENT_ERROR unauthenticated~")]
    [InlineData("set a 0 0 x~", "CLIENT_ERROR unauthenticated~")]
    [InlineData("set a 0 0 4~pass~", "CLIENT_ERROR bad authentication token format~")]
    [InlineData("set a 0 0 9~user passxx", "CLIENT_ERROR bad command line termination~")]
    [InlineData("set a 0 0 9~user PASS~", "CLIENT_ERROR authentication failure~")]
    [InlineData("set a x x 9 noreply~user pass~", "STORED~")]
    public void Client_OfAPoolWithPassword_IsAskedForIt(string request, string reply)
    {
        using ProxyRig rig = MemcachedRig.Create(change: WithPassword);
        RigClient client = rig.Connect();

        client.Say(request);

        Assert.Equal(reply, client.Replies());
        Assert.Empty(rig.Server.Connections);
        Assert.False(client.IsClosed);
    }

    [Fact]
    public void Client_OnceLetIn_IsServed()
    {
        using ProxyRig rig = MemcachedRig.Create(change: WithPassword);
        RigClient client = rig.Connect();

        foreach (char character in "set auth 0 0 9~user pass")
        {
            client.Say(character.ToString());
        }

        client.Say("~set a 0 0 9~user pass~");

        Assert.Equal("STORED~", client.Replies());
        Assert.Equal("set a 0 0 9~user pass~", rig.Server.Last.ReceiveText());
    }

    [Theory]
    [InlineData("set a 0 0 1025~")]
    [InlineData("set a 0 0 99999999999~")]
    public void Client_ThatAnnouncesALongPassword_IsClosed(string request)
    {
        using ProxyRig rig = MemcachedRig.Create(change: WithPassword);
        RigClient client = rig.Connect();

        client.Say(request);

        Assert.Equal("", client.Replies());
        Assert.True(client.IsClosed);
    }

    private static PoolConfig WithPassword(PoolConfig config) => config with { Password = "pass" };
}
