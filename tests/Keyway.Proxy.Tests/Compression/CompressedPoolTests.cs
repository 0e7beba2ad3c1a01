using System.Text;
using Keyway.Proxy.Compression;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Telemetry;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Compression;

/// <summary>Requests and replies of pools with <c>compress</c>.</summary>
public sealed class CompressedPoolTests
{
    private static readonly string Long = new('v', 300);
    private static readonly string Stored = StoredFormOf(Long);

    [Theory] // @ is a long value, # its stored form
    [InlineData("SET k @", "SET k #")]
    [InlineData("SET k @ EX 10", "SET k # EX 10")]
    [InlineData("set @ @", "set @ #")]
    [InlineData("SETEX k 10 @", "SETEX k 10 #")]
    [InlineData("SETNX k @", "SETNX k #")]
    [InlineData("MSET a @ @ short", "MSET a # @ short")]
    [InlineData("HSET h @ @ g @", "HSET h @ # g #")]
    [InlineData("HSETNX h f @", "HSETNX h f #")]
    [InlineData("APPEND k @", "APPEND k @")]
    [InlineData("LPUSH k @", "LPUSH k @")]
    [InlineData("SADD k @", "SADD k @")]
    [InlineData("EVAL @ 0 @", "EVAL @ 0 @")]
    [InlineData("GET @", "GET @")]
    [InlineData("SET k 123", "SET k 123")]
    public void Request_HasItsValuesCompressed_AndNothingElse(string asked, string sent)
    {
        using ProxyRig rig = Compressing();
        RigClient client = rig.Connect();

        client.Ask(Expand(asked));

        Assert.Equal([Expand(sent)], rig.Server.Last.Requests());
    }

    [Theory]
    [InlineData("GET k", "V")]
    [InlineData("GETSET k short", "V")]
    [InlineData("MGET a b c", "*3~V$-1~V")]
    [InlineData("HGETALL h", "*4~$1~f~V$1~g~$2~ab~")]
    [InlineData("HSCAN h 0", "*2~$1~0~*2~$1~f~V")]
    [InlineData("SET k short GET", "V")]
    [InlineData("GET k", "-WRONGTYPE x~")]
    public void Reply_HasItsValuesDecompressed(string asked, string reply)
    {
        using ProxyRig rig = Compressing();
        RigClient client = rig.Connect();

        client.Ask(asked);
        rig.Server.Last.SendText(Bulks(reply, Stored));

        Assert.Equal(Bulks(reply, Long), client.Replies());
    }

    [Theory]
    [InlineData("DUMP k")]
    [InlineData("LRANGE k 0 -1")]
    [InlineData("GETRANGE k 0 -1")]
    public void OtherReplies_StayAsTheyAre(string asked)
    {
        using ProxyRig rig = Compressing();
        RigClient client = rig.Connect();

        client.Ask(asked);
        rig.Server.Last.SendText(Bulks("V", Stored));

        Assert.Equal(Bulks("V", Stored), client.Replies());
    }

    [Fact]
    public void WithoutCompress_EverythingStaysAsItIs()
    {
        using ProxyRig rig = new();
        RigClient client = rig.Connect();

        client.Ask($"SET k {Long}", "GET k");
        Assert.Equal([$"SET k {Long}", "GET k"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("+OK~" + Bulks("V", Stored));

        Assert.Equal("+OK~" + Bulks("V", Stored), client.Replies());
    }

    [Fact]
    public void Transaction_IsCompressedAndDecompressed()
    {
        using ProxyRig rig = Compressing();
        RigClient client = rig.Connect();

        client.Ask("MULTI", $"SET k {Long}", "GET k", "EXEC");
        Assert.Equal("+OK~+QUEUED~+QUEUED~", client.Replies());
        Assert.Equal(["MULTI", $"SET k {Stored}", "GET k", "EXEC"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("+OK~+QUEUED~+QUEUED~" + Bulks("*2~+OK~V", Stored));

        Assert.Equal(Bulks("*2~+OK~V", Long), client.Replies());
    }

    [Fact]
    public void ReplyThatBecomesTooMuch_EndsItsClient_BeforeAllOfItIsDecompressed()
    {
        using ProxyRig rig = Compressing(change: static config => config with { Limits = config.Limits with { ClientOutput = 1 << 20, ClientOutputHard = 4 << 20 } });
        RigClient client = rig.Connect();
        string stored = StoredFormOf(new string('v', 500_000));
        client.Ask("MGET k", "GET k");

        rig.Server.Last.SendText("*100~" + string.Concat(Enumerable.Repeat(Bulks("V", stored), 100)) + "$1~x~");
        rig.Settle();

        Assert.Empty(rig.State.Clients);
        Assert.InRange(rig.State.Counters.ValuesDecompressed, 1, 12);
        RigClient other = rig.Connect();
        other.Ask("GET k");
        Assert.Equal("$1~x~", AnsweredBy(rig, other));
        Assert.Empty(rig.Faults);
    }

    [Fact]
    public void SplitCommands_AreCompressedPartByPart()
    {
        using ProxyRig rig = Compressing(servers: 2);
        RigClient client = rig.Connect();
        (string a, string b) = (rig.KeyOn(0), rig.KeyOn(1));

        client.Ask($"MSET {a} {Long} {b} {Long}", $"MGET {b} {a}");
        Assert.Equal([$"MSET {a} {Stored}", $"MGET {a}"], rig.Servers[0].Last.Requests());
        Assert.Equal([$"MSET {b} {Stored}", $"MGET {b}"], rig.Servers[1].Last.Requests());
        rig.Servers[0].Last.SendText("+OK~" + Bulks("*1~V", Stored));
        rig.Servers[1].Last.SendText("+OK~*1~$1~x~");

        Assert.Equal("+OK~" + Bulks("*2~$1~x~V", Long), client.Replies());
    }

    [Fact]
    public void SmartMode_AnswersAndCompresses()
    {
        using ProxyRig rig = Compressing(change: static config => config with { Mode = PoolMode.Smart });
        RigClient client = rig.Connect();

        client.Ask($"SET k {Long}");

        Assert.Equal("+OK~", client.Replies());
        Assert.Equal([$"SET k {Stored}"], rig.Server.Last.Requests());
    }

    [Fact]
    public void RequestThatWaits_IsCompressedOnce()
    {
        using ProxyRig rig = Compressing(change: static config => config with
        {
            Mode = PoolMode.Smart,
            Smart = config.Smart with { MaxBacklog = 400, WhenFull = WhenFull.Wait },
        });
        RigClient client = rig.Connect();
        rig.Server.Stop();
        client.Ask("SET a 1", "SET a 2", "SET a 3", "SET a 4");
        client.Ask($"SET k {Long}", $"SET l {Long}");
        rig.Advance(1000);
        Assert.Equal("+OK~+OK~+OK~+OK~", client.Replies());
        Assert.Equal(1, rig.State.Counters.ValuesCompressed);

        rig.Server.Start();
        rig.Advance(1008);
        rig.Server.Last.SendText("+PONG~");
        rig.Settle();
        Assert.Equal(["SET a 1", "SET a 2", "SET a 3", "SET a 4"], rig.Server.Last.Requests());
        rig.Server.Last.SendText("+OK~+OK~+OK~+OK~");
        rig.Advance(100);

        Assert.Equal([$"SET k {Stored}", $"SET l {Stored}"], rig.Server.Last.Requests());
        Assert.Equal("+OK~+OK~", client.Replies());
        Assert.Equal(2, rig.State.Counters.ValuesCompressed);
    }

    [Fact]
    public void Figures_AreInInfo()
    {
        using ProxyRig rig = Compressing();
        RigClient client = rig.Connect();
        client.Ask($"SET k {Long}", "GET k");
        rig.Server.Last.SendText("+OK~" + Bulks("V", Stored));
        client.Replies();

        client.Ask("INFO keyway");

        Assert.Contains("keyway_values_compressed:1~keyway_values_decompressed:1~keyway_values_unreadable:0~", client.Replies(), StringComparison.Ordinal);
    }

    private static string AnsweredBy(ProxyRig rig, RigClient client)
    {
        rig.Server.Last.SendText("$1~x~");
        return client.Replies();
    }

    private static string Expand(string words) => words.Replace("@", Long, StringComparison.Ordinal).Replace("#", Stored, StringComparison.Ordinal);

    private static string Bulks(string reply, string value) => reply.Replace("V", $"${value.Length}~{value}~", StringComparison.Ordinal);

    private static string StoredFormOf(string value) => Encoding.Latin1.GetString(
        new ValueCodec(new CompressionConfig { Method = CompressionMethod.Brotli }, 1 << 20, new PoolCounters()).Encode(Encoding.Latin1.GetBytes(value)));

    private static ProxyRig Compressing(int servers = 1, Func<PoolConfig, PoolConfig>? change = null) =>
        new(servers, config => (change ?? (static same => same))(config with { Compression = new CompressionConfig { Method = CompressionMethod.Brotli } }));
}
