using System.Buffers;
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
}
