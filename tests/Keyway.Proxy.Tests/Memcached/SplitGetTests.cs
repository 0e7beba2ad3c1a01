using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Memcached;

public sealed class SplitGetTests
{
    [Fact]
    public void Get_OverSeveralServers_AnswersInTheOrderAsked()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2);
        RigClient client = rig.Connect();
        (string a, string b, string c, string d) = (rig.KeyOn(0), rig.KeyOn(1), rig.KeyOn(0, 1), rig.KeyOn(1, 1));

        client.Say($"gets {a} {b} {c} {d} {b}~");

        Assert.Equal($"gets {a} {c}~", rig.Servers[0].Last.ReceiveText());
        Assert.Equal($"gets {b} {d} {b}~", rig.Servers[1].Last.ReceiveText());
        rig.Servers[1].Last.SendText($"VALUE {b} 1 1 7~x~VALUE {b} 1 1 7~x~END~");
        Assert.Equal("", client.Replies());
        rig.Servers[0].Last.SendText($"VALUE {c} 0 3 8~END~END~");
        Assert.Equal($"VALUE {b} 1 1 7~x~VALUE {c} 0 3 8~END~VALUE {b} 1 1 7~x~END~", client.Replies());
    }

    [Fact]
    public void Get_OverSomeServersOnly_ReachesThoseOfItsKeys()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 4);
        RigClient client = rig.Connect();
        (string a, string b) = (rig.KeyOn(3), rig.KeyOn(1));

        client.Say($"get {a} {b}~");

        Assert.Equal($"get {a}~", rig.Servers[3].Last.ReceiveText());
        Assert.Equal($"get {b}~", rig.Servers[1].Last.ReceiveText());
        Assert.Empty(rig.Servers[0].Connections);
        rig.Servers[1].Last.SendText($"VALUE {b} 0 1~y~END~");
        rig.Servers[3].Last.SendText($"VALUE {a} 0 1~x~END~");
        Assert.Equal($"VALUE {a} 0 1~x~VALUE {b} 0 1~y~END~", client.Replies());
    }

    [Fact]
    public void Get_WithAServerLost_GivesWhatWasFoundAndTheError()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2);
        RigClient client = rig.Connect();
        (string a, string b) = (rig.KeyOn(0), rig.KeyOn(1));
        client.Say($"get {a} {b}~mn~");

        rig.Servers[0].Last.SendText($"VALUE {a} 0 1~x~END~");
        rig.Servers[1].Last.SendText($"VALUE {b} 0 5~y");
        rig.Settle();
        rig.Servers[1].Stop();

        string reply = client.Replies();
        Assert.StartsWith($"VALUE {a} 0 1~x~SERVER_ERROR connection to server s1 lost", reply, StringComparison.Ordinal);
        Assert.EndsWith("~MN~", reply, StringComparison.Ordinal);
        Assert.Equal(3, reply.Count(static character => character == '~') - 1);
        Assert.False(client.IsClosed);
    }

    [Fact]
    public void Get_WithAnErrorOfAServer_GivesItInPlaceOfTheEnd()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2);
        RigClient client = rig.Connect();
        (string a, string b) = (rig.KeyOn(0), rig.KeyOn(1));
        client.Say($"get {a} {b}~");

        rig.Servers[0].Last.SendText("SERVER_ERROR out of memory writing get response~");
        rig.Servers[1].Last.SendText($"VALUE {b} 0 1~y~END~");

        Assert.Equal($"VALUE {b} 0 1~y~SERVER_ERROR out of memory writing get response~", client.Replies());
    }

    [Fact]
    public void Get_WithValuesNobodyAskedFor_ClosesThatConnection()
    {
        using ProxyRig rig = MemcachedRig.Create(servers: 2);
        RigClient client = rig.Connect();
        (string a, string b) = (rig.KeyOn(0), rig.KeyOn(1));
        client.Say($"get {a} {b}~");

        rig.Servers[0].Last.SendText("VALUE other 0 1~x~END~");
        rig.Servers[1].Last.SendText($"VALUE {b} 0 1~y~END~");

        Assert.StartsWith($"VALUE {b} 0 1~y~SERVER_ERROR unexpected reply of server s0", client.Replies(), StringComparison.Ordinal);
        rig.Settle();
        _ = rig.Servers[0].Last.ReceiveText();
        Assert.True(rig.Servers[0].Last.IsClosed);
        Assert.False(rig.Servers[1].Last.IsClosed);
    }

    [Theory]
    [InlineData("gats 60 ", 2)]
    [InlineData("bget ", 1)]
    public void Get_LongerThanServersTake_GoesInPieces(string head, int firstKey)
    {
        using ProxyRig rig = MemcachedRig.Create();
        RigClient client = rig.Connect();
        string[] keys = [.. Enumerable.Range(0, 200).Select(static i => $"a-key-of-twenty-{i:0000}")];

        client.Say($"{head}{string.Join(' ', keys)}~");

        string[] lines = rig.Server.Last.ReceiveText().Split('~', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, static line => Assert.InRange(line.Length, 1, 2047));
        Assert.Equal(keys, lines.SelectMany(line => line.Split(' ')[firstKey..]));
        rig.Server.Last.SendText(string.Concat(lines.Select(static line => $"VALUE {line.Split(' ')[^1]} 0 1 5~x~END~")));
        Assert.Equal(string.Concat(lines.Select(static line => $"VALUE {line.Split(' ')[^1]} 0 1 5~x~")) + "END~", client.Replies());
    }
}
