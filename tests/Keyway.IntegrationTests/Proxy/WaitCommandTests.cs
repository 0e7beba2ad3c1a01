using System.Globalization;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>WAIT tells the truth although writes go over shared connections and WAIT over another.</summary>
public sealed class WaitCommandTests
{
    [Fact]
    public void Wait_ReplicaRunningAndStopped_CountsTheReplicasThatHaveTheWrite()
    {
        using var rig = ProxyRig.Start(1);
        var port = rig.Servers[0].Port.ToString(CultureInfo.InvariantCulture);
        using var replica = RedisProcess.Start("--replicaof", "127.0.0.1", port, "--repl-diskless-sync-delay", "0");
        using var client = rig.Connect(TimeSpan.FromSeconds(20));
        using var observer = replica.Connect();
        Wait.Until(() => observer.Call("INFO", "replication").Text!.Contains("master_link_status:up", StringComparison.Ordinal), "replicating");

        for (var i = 0; i < 20; i++)
        {
            var value = i.ToString(CultureInfo.InvariantCulture);
            client.SendRaw([.. RespClient.Encode("SET", "key", value), .. RespClient.Encode("WAIT", "1", "5000")]);
            Assert.Equal("+OK", client.ReadReply().ToString());
            Assert.Equal(":1", client.ReadReply().ToString());
            Assert.Equal("$" + value, observer.Call("GET", "key").ToString());
        }

        Assert.Equal(":1", client.Call("WAIT", "2", "50").ToString());

        replica.Stop();
        client.Call("SET", "key", "unseen");
        Assert.Equal(":0", client.Call("WAIT", "1", "100").ToString());
        // On a connection that wrote nothing itself it is the client's writes that count.
        client.SendRaw([.. RespClient.Encode("SET", "key", "last"), .. RespClient.Encode("WAIT", "1", "0")]);
        Assert.Equal("+OK", client.ReadReply().ToString());
        replica.Continue();
        Assert.Equal(":1", client.ReadReply().ToString());
        Assert.Equal("$last", observer.Call("GET", "key").ToString());
    }

    [Fact]
    public void Wait_SeveralServers_IsRefusedWithTheReason()
    {
        using var rig = ProxyRig.Start(2);
        using var client = rig.Connect();

        Assert.StartsWith("-ERR WAIT speaks of one server's replicas", client.Call("WAIT", "0", "0").ToString());
    }
}
