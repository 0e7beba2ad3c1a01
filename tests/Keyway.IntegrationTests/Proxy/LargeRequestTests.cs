using System.Globalization;
using System.Text;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Arguments of a megabyte and more, which stream to the server: complete, in order, and never half.</summary>
public sealed class LargeRequestTests(Rigs rigs) : IClassFixture<Rigs>
{
    private const int Size = 3 << 20;

    public static TheoryData<int, string> Shapes => Rigs.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Set_WithOptionsBehindTheValue_IsWhole(int servers, string poller)
    {
        using var client = rigs.Get(servers, poller).Connect();

        Send(client, "SET", "large:ttl", Value, "EX", "100");

        Assert.Equal("+OK", client.ReadReply().ToString());
        Assert.Equal($":{Size}", client.Call("STRLEN", "large:ttl").ToString());
        Assert.Equal(":100", client.Call("TTL", "large:ttl").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Arguments_SeveralLargeOnes_AreWhole(int servers, string poller)
    {
        using var client = rigs.Get(servers, poller).Connect();
        client.Call("DEL", "large:hash");

        Send(client, "HSET", "large:hash", "one", Value, "two", "small", "three", Value);

        Assert.Equal(":3", client.ReadReply().ToString());
        Assert.Equal("*[:3145728, :5, :3145728]".Replace("3145728", Size.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), $"*[{client.Call("HSTRLEN", "large:hash", "one")}, {client.Call("HSTRLEN", "large:hash", "two")}, {client.Call("HSTRLEN", "large:hash", "three")}]");
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Neighbours_InTheSamePipeline_KeepTheirOrder(int servers, string poller)
    {
        using var client = rigs.Get(servers, poller).Connect();
        client.Send("SET", "large:order", "before");
        client.Send("GET", "large:order");
        Send(client, "SET", "large:order", Value);
        client.Send("STRLEN", "large:order");
        client.Send("SET", "large:order", "after");
        client.Send("GET", "large:order");

        var replies = Enumerable.Range(0, 6).Select(_ => client.ReadReply().ToString()).ToArray();

        Assert.Equal(["+OK", "$before", "+OK", $":{Size}", "+OK", "$after"], replies);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Client_ThatDiesInTheMiddle_LeavesTheOldValue(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var other = rig.Connect();
        other.Call("SET", "large:cut", "old");

        for (var i = 0; i < 10; i++)
        {
            using var client = rig.Connect();
            client.SendRaw(Encoding.ASCII.GetBytes($"*3\r\n$3\r\nSET\r\n$9\r\nlarge:cut\r\n${Size}\r\n" + new string('x', 100_000 * i)));
            if (i % 2 == 0)
            {
                client.HalfClose();
                Assert.True(client.IsClosedByPeer());
            }
        }

        Assert.Equal("$old", other.Call("GET", "large:cut").ToString());
    }

    [Fact]
    public void Server_ThatDiesInTheMiddle_FailsTheRequestAndServesTheNext()
    {
        using var rig = ProxyRig.Start(1, "server_failure_limit: 10");
        using var client = rig.Connect(TimeSpan.FromSeconds(10));
        client.SendRaw(Encoding.ASCII.GetBytes($"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n${Size}\r\n" + new string('x', 1 << 20)));
        Assert.Equal("+PONG", PingOfAnother(rig));

        rig.Servers[0].Kill();
        client.SendRaw(Encoding.ASCII.GetBytes(new string('x', Size - (1 << 20)) + "\r\n"));

        Assert.StartsWith("-ERR ", client.ReadReply().ToString(), StringComparison.Ordinal);
        Assert.Equal("+PONG", client.Call("PING").ToString());
    }

    private static readonly string Value = new('v', Size);

    private static void Send(RespClient client, params string[] request) => client.SendRaw(RespClient.Encode(request));

    private static string PingOfAnother(ProxyRig rig)
    {
        using var other = rig.Connect();
        return other.Call("SET", "other", "1").ToString() == "+OK" ? other.Call("PING").ToString() : "no answer";
    }
}
