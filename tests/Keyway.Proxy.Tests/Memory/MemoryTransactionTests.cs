using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Keyway.Proxy.Memory;

namespace Keyway.Proxy.Tests.Memory;

public sealed class MemoryTransactionTests
{
    [Theory]
    [InlineData("MULTI|SET a 1|INCR a|EXEC|GET a", "+OK~+QUEUED~+QUEUED~*2~+OK~:2~$1~2~")]
    [InlineData("MULTI|EXEC", "+OK~*0~")]
    [InlineData("MULTI|SET a 1|DISCARD|GET a", "+OK~+QUEUED~+OK~$-1~")]
    [InlineData("MULTI|MULTI|SET a 1|EXEC", "+OK~-ERR MULTI calls can not be nested~+QUEUED~*1~+OK~")]
    [InlineData("MULTI|GET|SET a 1|EXEC|GET a", "+OK~-ERR wrong number of arguments for 'get' command~+QUEUED~-EXECABORT Transaction discarded because of previous errors.~$-1~")]
    [InlineData("EXEC|DISCARD", "-ERR EXEC without MULTI~-ERR DISCARD without MULTI~")]
    [InlineData("MULTI|SELECT 1|SET a 1|EXEC|GET a|SELECT 0|GET a", "+OK~+QUEUED~+QUEUED~*2~+OK~+OK~$1~1~+OK~$-1~")]
    public void Dialogue_IsAnsweredAsByRedis(string dialogue, string replies)
    {
        var server = new MemoryServer();

        Assert.Equal(replies, string.Concat(dialogue.Split('|').Select(server.Ask)));
    }

    [Theory]
    [InlineData("SET a 1", "SET a 1", false)]
    [InlineData("SET a 1", "DEL a", false)]
    [InlineData("SET a 1", "APPEND a x", false)]
    [InlineData("SET a 1", "EXPIRE a 100", false)]
    [InlineData("SET a 1", "RENAME a b", false)]
    [InlineData("SET a 1 PX 100000", "PERSIST a", false)]
    [InlineData("SET a 1", "FLUSHALL", false)]
    [InlineData("HSET a f v", "HSET a g v", false)]
    [InlineData("HSET a f v g v", "HDEL a g", false)]
    [InlineData("DEL a", "INCR a", false)]
    [InlineData("SET a 1", "GET a", true)]
    [InlineData("SET a 1", "SET b 1", true)]
    [InlineData("SET a 1", "TTL a", true)]
    [InlineData("HSET a f v", "HDEL a g", true)]
    [InlineData("DEL a", "DEL a", true)]
    public void Exec_AfterWatch_DependsOnWhetherTheKeyChanged(string before, string between, bool isExecuted)
    {
        var server = new MemoryServer();
        var other = new MemorySession(server.Store);
        server.Ask(before);
        Assert.Equal("+OK~", server.Ask("WATCH x a"));
        other.Process(Encoding.ASCII.GetBytes(between + "\r\n"), new ArrayBufferWriter<byte>());

        Assert.Equal("+OK~+QUEUED~" + (isExecuted ? "*1~+PONG~" : "*-1~"), server.Ask("MULTI") + server.Ask("PING") + server.Ask("EXEC"));
        Assert.Equal("+OK~*0~", server.Ask("MULTI") + server.Ask("EXEC"));
    }

    [Theory]
    [InlineData("UNWATCH", "+OK~")]
    [InlineData("MULTI|DISCARD", "+OK~+OK~")]
    [InlineData("MULTI|WATCH a|DISCARD", "+OK~-ERR WATCH inside MULTI is not allowed~+OK~")]
    public void Watch_Ended_IsForgotten(string end, string replies)
    {
        var server = new MemoryServer();
        server.Ask("WATCH a");
        Assert.Equal(replies, string.Concat(end.Split('|').Select(server.Ask)));

        Assert.Equal("+OK~+OK~*0~", server.Ask("SET a 1") + server.Ask("MULTI") + server.Ask("EXEC"));
    }

    [Fact]
    public void Watch_OfTheSameKeyAgain_TakesNoRoom_AndForgetsNoChange()
    {
        var server = new MemoryServer();
        server.Ask("WATCH a b a");
        server.Ask("SET a 1");
        server.Ask("WATCH a");

        Assert.Equal(2, server.Session.Watched.Count);
        Assert.Equal("+OK~*-1~", server.Ask("MULTI") + server.Ask("EXEC"));
    }

    [Fact]
    public void Exec_WatchedKeyExpired_IsVoid()
    {
        var server = new MemoryServer();
        server.Ask("SET a 1 PX 50");
        server.Ask("WATCH a");
        server.Clock.Advance(TimeSpan.FromMilliseconds(60));

        Assert.Equal("+OK~*-1~", server.Ask("MULTI") + server.Ask("EXEC"));
    }

    [Fact]
    public void WatchedKeys_AreBoundedByTheStore_AndMakeRoomWhenTheyEnd()
    {
        var server = new MemoryServer(maxBytes: 100_000);
        server.Ask("SET a 1");
        long before = server.Store.UsedBytes;
        string[] replies = [.. Enumerable.Range(0, 1000).Select(i => server.Ask($"WATCH key{i}"))];

        Assert.Equal("+OK~", replies[0]);
        Assert.Equal("-OOM command not allowed when used memory > 'maxmemory'.~", replies[^1]);
        Assert.InRange(server.Store.UsedBytes, before + 40_000, before + 50_000);
        Assert.Equal("$1~1~", server.Ask("GET a"));

        server.Session.Close();
        Assert.Equal(before, server.Store.UsedBytes);
        Assert.Equal("+OK~", server.Ask("WATCH a"));
        Assert.Equal("+OK~*0~", server.Ask("MULTI") + server.Ask("EXEC"));
        Assert.Equal(before, server.Store.UsedBytes);
    }

    [Fact]
    public void QueuedCommands_AreBoundedByTheStore()
    {
        var server = new MemoryServer(maxBytes: 100_000);
        string value = new('v', 20_000);
        server.Ask("MULTI");
        Assert.Equal("+QUEUED~+QUEUED~", server.Ask($"SET a {value}") + server.Ask($"SET b {value}"));

        Assert.Equal("-OOM command not allowed when used memory > 'maxmemory'.~+QUEUED~", server.Ask($"SET c {value}") + server.Ask("SET d 1"));
        Assert.StartsWith("-EXECABORT ", server.Ask("EXEC"), StringComparison.Ordinal);
        Assert.Equal(0, server.Store.UsedBytes);
        Assert.Equal("$-1~", server.Ask("GET a"));
    }

    [Fact]
    public void WatchedKey_DoesNotHoldItsValue()
    {
        var server = new MemoryServer();
        WeakReference<byte[]> value = SetAndWatch(server);
        server.Ask("DEL a");

        GC.Collect();

        Assert.False(value.TryGetTarget(out _));
        Assert.Equal("+OK~*-1~", server.Ask("MULTI") + server.Ask("EXEC"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<byte[]> SetAndWatch(MemoryServer server)
    {
        server.Ask("SET a value");
        server.Ask("WATCH a");
        return new WeakReference<byte[]>(server.Store.Database(0).Find("a"u8, 0)!.Text!);
    }
}
