using Keyway.Proxy.Configuration;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Tests.Smart;

public sealed class EarlyRuleTests
{
    [Theory]
    [InlineData("+SETNX=:1", "+setnx=:1")]
    [InlineData("-SADD", "-sadd")]
    [InlineData("+set", "+set=+OK")]
    [InlineData("+append=+OK", "+append=+OK")]
    public void Sound_IsReadInSmallLetters(string text, string normal)
    {
        Assert.True(EarlyRule.TryParse(text, PoolProtocol.Redis, out EarlyRule rule, out _));
        Assert.Equal(normal, rule.ToString());
        Assert.True(EarlyRule.TryParse(rule.ToString(), PoolProtocol.Redis, out EarlyRule again, out _));
        Assert.Equal(rule, again);
    }

    [Theory]
    [InlineData("SETNX", "says neither + nor -")]
    [InlineData("+nosuch=:1", "names an unknown command")]
    [InlineData("+get=+OK", "names a command that is no plain write")]
    [InlineData("+blpop=+OK", "names a command that is no plain write")]
    [InlineData("+config|set=+OK", "names an unknown command")]
    [InlineData("+setnx", "lacks the reply")]
    [InlineData("+setnx=1", "lacks the reply")]
    [InlineData("+setnx=+O K", "lacks the reply")]
    [InlineData("-sadd=:1", "takes a command away and has a reply")]
    public void Unsound_SaysWhy(string text, string problem)
    {
        Assert.False(EarlyRule.TryParse(text, PoolProtocol.Redis, out _, out string said));
        Assert.Equal(problem, said);
    }

    [Theory]
    [InlineData("+add", "+add=STORED")]
    [InlineData("+APPEND=STORED", "+append=STORED")]
    [InlineData("-touch", "-touch")]
    public void Memcached_HasOneAnswerForEachCommand(string text, string normal)
    {
        Assert.True(EarlyRule.TryParse(text, PoolProtocol.Memcached, out EarlyRule rule, out _));
        Assert.Equal(normal, rule.ToString());
    }

    [Theory]
    [InlineData("+setex=STORED", "names an unknown command")]
    [InlineData("+incr=1", "names a command that is no plain write")]
    [InlineData("+cas", "names a command that is no plain write")]
    [InlineData("+ms=HD", "names a command that is no plain write")]
    [InlineData("+add=+OK", "has another reply than STORED")]
    public void UnsoundForMemcached_SaysWhy(string text, string problem)
    {
        Assert.False(EarlyRule.TryParse(text, PoolProtocol.Memcached, out _, out string said));
        Assert.Equal(problem, said);
    }
}
