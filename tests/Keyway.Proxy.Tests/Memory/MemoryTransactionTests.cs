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
}
