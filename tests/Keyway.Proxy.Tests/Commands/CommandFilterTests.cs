using System.Text;
using Keyway.Protocol.Commands;
using Keyway.Proxy.Commands;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Tests.Configuration;
using Keyway.Testing;

namespace Keyway.Proxy.Tests.Commands;

public sealed class CommandFilterTests
{
    [Fact]
    public void Of_NoRules_IsNone() => Assert.Null(CommandFilter.Of(Files.Pool()));

    [Theory]
    [InlineData("deny: [keys]", "KEYS", true)]
    [InlineData("deny: [keys]", "GET", false)]
    [InlineData("deny: [GET]", "GETEX", false)]
    [InlineData("deny: [config]", "CONFIG GET", true)]
    [InlineData("deny: [config]", "CONFIG", true)]
    [InlineData("deny: [config|set]", "CONFIG SET", true)]
    [InlineData("deny: [config set]", "CONFIG SET", true)]
    [InlineData("deny: [config|set]", "CONFIG GET", false)]
    [InlineData("deny: config|set", "CONFIG", false)]
    [InlineData("deny: ['@write']", "SET", true)]
    [InlineData("deny: ['@write']", "GET", false)]
    [InlineData("deny: ['@dangerous']", "FLUSHALL", true)]
    [InlineData("deny: ['@all']", "PING", true)]
    [InlineData("deny: ['@all']", "AUTH", true)]
    [InlineData("deny: ['@stream', '@geo']", "XADD", true)]
    [InlineData("deny: ['@stream', '@geo']", "GEOADD", true)]
    [InlineData("allow: [get]", "GET", false)]
    [InlineData("allow: [get]", "SET", true)]
    [InlineData("allow: [get]", "AUTH", false)]
    [InlineData("allow: [get]", "HELLO", false)]
    [InlineData("allow: [get]", "PING", true)]
    [InlineData("allow: ['@connection']", "PING", false)]
    [InlineData("allow: [config|get]", "CONFIG GET", false)]
    [InlineData("allow: [config|get]", "CONFIG SET", true)]
    public void Refuses_ByOneRule_IsAsItSays(string rule, string command, bool refused) =>
        Assert.Equal(refused, CommandFilter.Of(Files.Pool(rule))!.Refuses(Find(command)));

    [Theory]
    [InlineData("GET", false)]
    [InlineData("KEYS", true)]
    [InlineData("SET", true)]
    public void Refuses_AllowAndDeny_TakesAwayFromWhatIsAllowed(string command, bool refused) =>
        Assert.Equal(refused, CommandFilter.Of(Files.Pool("allow: ['@read']", "deny: [keys]"))!.Refuses(Find(command)));

    [Theory]
    [InlineData("rmux", 1, "CONFIG GET,FLUSHALL,MULTI,TIME,SUBSCRIBE,UNSUBSCRIBE", "GET,MGET,EVAL,DISCARD,DEL,SMOVE")]
    [InlineData("rmux", 2, "CONFIG GET,FLUSHALL,MULTI,TIME,MGET,EVAL,DISCARD,SMOVE,KEYS", "GET,DEL,EVALSHA,TYPE")]
    [InlineData("rmux-anexia", 1, "CONFIG GET,FLUSHALL", "MULTI,EXEC,WATCH,UNWATCH,DISCARD,MGET")]
    [InlineData("rmux-anexia", 2, "CONFIG GET,MULTI,EXEC,MGET", "GET")]
    public void Refuses_RmuxsPreset_IsItsList(string preset, int servers, string refused, string allowed)
    {
        CommandFilter filter = CommandFilter.Of(Files.Pool($"deny: {preset}", servers == 1 ? "servers: [a:1]" : "servers: [a:1, b:1]"))!;

        Assert.All(refused.Split(','), name => Assert.True(filter.Refuses(Find(name)), name));
        Assert.All(allowed.Split(','), name => Assert.False(filter.Refuses(Find(name)), name));
        Assert.Equal("ERR This command is not supported", filter.ErrorFor(Find("CONFIG GET")));
    }

    [Fact]
    public void ErrorFor_ACommand_NamesIt() => Assert.Equal(
        "ERR CONFIG SET is not allowed here: the configuration of this pool leaves it out",
        CommandFilter.Of(Files.Pool("deny: [config]"))!.ErrorFor(Find("CONFIG SET")));

    [Theory]
    [InlineData("deny: [json.set]", true)]
    [InlineData("deny: [json.get]", false)]
    [InlineData("deny: ['@write']", true)]
    [InlineData("allow: ['@read']", true)]
    [InlineData("allow: [json.set]", false)]
    public void Refuses_ACommandLearntFromAServer_GoesByNameAndCategory(string rule, bool refused)
    {
        CommandInfo learnt = CommandInfo.FromServer(Encoding.ASCII.GetBytes("*7\r\n$8\r\njson.set\r\n:-4\r\n*1\r\n+write\r\n:1\r\n:1\r\n:1\r\n*2\r\n+@write\r\n+@slow\r\n"))!;

        Assert.Equal(refused, CommandFilter.Of(Files.Pool(rule))!.Refuses(learnt));
    }

    [Fact]
    public void Refuses_Warm_AllocatesNothing()
    {
        CommandFilter filter = CommandFilter.Of(Files.Pool("deny: [rmux, '@dangerous', json.set]"))!;
        CommandInfo[] commands = [Find("GET"), Find("CONFIG SET")];
        Assert.True(filter.Refuses(commands[1]));

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                filter.Refuses(commands[i & 1]);
            }
        }));
    }

    [Theory]
    [InlineData("flushal", "pools.cache.deny[0] 'flushal' is unknown, did you mean 'flushall'?")]
    [InlineData("\"@writes\"", "pools.cache.deny[0] '@writes' is unknown, did you mean '@write'?")]
    [InlineData("config|sett", "pools.cache.deny[0] 'config|sett' is unknown, did you mean 'config|set'?")]
    [InlineData("qqqqqqqqqqqqqqq", "pools.cache.deny[0] 'qqqqqqqqqqqqqqq' is unknown;")]
    public void Rule_Unknown_IsAMistake(string rule, string expected) =>
        Assert.Contains(expected, Files.Only(Files.ReadPool($"deny: [{rule}]")));

    [Fact]
    public void Preset_OfRmux_NamesOnlyCommandsThatExist()
    {
        CommandFilter filter = CommandFilter.Of(Files.Pool("deny: rmux", "servers: [a:1, b:1]"))!;

        // 4 of transactions, 25 always, 20 with several servers.
        Assert.Equal(49, CommandTable.BuiltIn.Commands.ToArray().Count(filter.Refuses));
    }

    private static CommandInfo Find(string name)
    {
        string[] words = name.Split(' ');
        return CommandTable.BuiltIn.Resolve(Encoding.ASCII.GetBytes(words[0]), words.Length == 1 ? [] : Encoding.ASCII.GetBytes(words[1]))!;
    }
}
