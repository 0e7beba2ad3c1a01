using System.Buffers;
using System.Text;
using Keyway.Proxy.Memory;
using Keyway.Testing;

namespace Keyway.Proxy.Tests.Memory;

public sealed class MemorySessionTests
{
    [Fact]
    public void Process_AnyCut_GivesTheSameReplies()
    {
        byte[] payload = Encoding.Latin1.GetBytes(
            "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$6\r\nva\r\nue\r\nGET k\r\n*0\r\n*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n\r\n*1\r\n$6\r\nDBSIZE\r\n");
        foreach (IReadOnlyList<byte[]> pieces in Splits.Of(payload))
        {
            var session = new MemorySession(new MemoryStore(1 << 20, TimeProvider.System));
            var output = new ArrayBufferWriter<byte>();
            foreach (byte[] piece in pieces)
            {
                session.Process(piece, output);
            }

            Assert.Equal("+OK\r\n$6\r\nva\r\nue\r\n:1\r\n:2\r\n", Encoding.Latin1.GetString(output.WrittenSpan));
        }
    }

    [Fact]
    public void Process_CommandItLacks_SaysWhatItHas()
    {
        var server = new MemoryServer();
        Assert.Equal("-ERR memory server does not offer 'LPUSH'; it has strings, counters, expiry and hashes~", server.Ask("LPUSH k v"));
        Assert.Equal("-ERR memory server does not offer 'A  B'; it has strings, counters, expiry and hashes~", server.Ask("\"A\\r\\nB\""));
        Assert.Contains("'" + new string('x', 128) + "'", server.Ask(new string('x', 500)), StringComparison.Ordinal);
        Assert.Equal("+PONG~", server.Ask("PING"));
    }

    [Fact]
    public void Process_NoRequest_AnswersAnErrorAndReadsNoMore()
    {
        var server = new MemoryServer();
        Assert.Equal("+PONG~-ERR Protocol error: expected '$', got ':'~", server.Send("PING\r\n*1\r\n:4\r\nPING\r\n"));
        Assert.True(server.Session.HasFailed);
        Assert.Equal("", server.Ask("PING"));
    }

    [Fact]
    public void Sessions_OfOneStore_ShareDataButNotTheDatabase()
    {
        var server = new MemoryServer();
        var other = new MemorySession(server.Store);
        var output = new ArrayBufferWriter<byte>();
        server.Ask("SELECT 3");
        server.Ask("HELLO 3");
        server.Ask("SET k v");
        other.Process("GET k\r\nSELECT 3\r\nGET k\r\nGET n\r\n"u8, output);
        Assert.Equal("$-1\r\n+OK\r\n$1\r\nv\r\n$-1\r\n", Encoding.Latin1.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Info_AllSections_ShowCounts()
    {
        var server = new MemoryServer();
        server.Ask("SET k v EX 10");
        server.Ask("GET k");
        server.Ask("GET n");
        string info = server.Ask("INFO");
        foreach (string fact in (string[])["redis_version:7.0.15", "maxmemory:67108864", "keyspace_hits:1", "keyspace_misses:1", "db0:keys=1,expires=1,avg_ttl=0"])
        {
            Assert.Contains(fact + "~", info, StringComparison.Ordinal);
        }

        Assert.Equal("$44~# Keyspace~db0:keys=1,expires=1,avg_ttl=0~~", server.Ask("INFO keyspace"));
    }

    [Fact]
    public void CommandCount_EqualsCommandList() =>
        Assert.StartsWith(new MemoryServer().Ask("COMMAND COUNT").Replace(':', '*'), new MemoryServer().Ask("COMMAND"), StringComparison.Ordinal);

    [Fact]
    public void Time_ShowsSecondsAndMicroseconds()
    {
        var server = new MemoryServer();
        server.Clock.Advance(TimeSpan.FromMicroseconds(12));
        Assert.Equal("*2~$10~1767225600~$2~12~", server.Ask("TIME"));
    }
}
