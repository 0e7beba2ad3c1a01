using Keyway.Testing;

namespace Keyway.IntegrationTests.Cluster;

/// <summary>WAIT over real nodes.</summary>
public sealed class ClusterWaitTests(ClusterRig rig) : IClassFixture<ClusterRig>
{
    [Fact]
    public void Wait_CountsTheReplicasOfTheNodesThatWereWrittenTo()
    {
        const string OnFirst = "{b}wait";
        const string OnLast = "{a}wait";
        using RespClient first = rig.Connect(TimeSpan.FromSeconds(30));
        using RespClient last = rig.Connect(TimeSpan.FromSeconds(30));
        RedisProcess replica = rig.Cluster.Nodes[3];
        for (int i = 0; i < 20; i++)
        {
            first.SendRaw([.. RespClient.Encode("SET", OnFirst, $"{i}"), .. RespClient.Encode("SET", OnLast, $"{i}"), .. RespClient.Encode("WAIT", "1", "10000")]);
            Assert.Equal("+OK", first.ReadReply().ToString());
            Assert.Equal("+OK", first.ReadReply().ToString());
            Assert.Equal(":1", first.ReadReply().ToString());
        }

        replica.Stop();
        Assert.Equal("+OK", first.Call("SET", OnFirst, "unseen").ToString());
        Assert.Equal("+OK", last.Call("SET", OnLast, "seen").ToString());
        Assert.Equal(":0", first.Call("WAIT", "1", "200").ToString());
        Assert.Equal(":1", last.Call("WAIT", "1", "10000").ToString());
        first.Send("WAIT", "1", "0");
        replica.Continue();
        Assert.Equal(":1", first.ReadReply().ToString());

        Assert.Equal(":2", first.Call("DBSIZE").ToString());
    }
}
