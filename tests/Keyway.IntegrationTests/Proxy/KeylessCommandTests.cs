using System.Globalization;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Commands without a key are answered as by one server that has everything.</summary>
public sealed class KeylessCommandTests(Rigs rigs) : IClassFixture<Rigs>
{
    private const int Keys = 1000;

    public static TheoryData<int, string> Shapes => Rigs.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void KeysDbsizeRandomkey_OfAllServers_AreOne(int servers, string poller)
    {
        using var client = rigs.Get(servers, poller).Connect();
        Assert.Equal("$null", client.Call("RANDOMKEY").ToString());
        Assert.Equal("*[]", client.Call("KEYS", "*").ToString());
        var keys = Fill(client);

        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $":{Keys}"), client.Call("DBSIZE").ToString());
        Assert.Equal(keys.Order(StringComparer.Ordinal), Texts(client.Call("KEYS", "*")).Order(StringComparer.Ordinal));
        Assert.Equal(
            keys.Where(static key => key.StartsWith("key:1", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            Texts(client.Call("KEYS", "key:1*")).Order(StringComparer.Ordinal));
        Assert.Contains(client.Call("RANDOMKEY").Text!, keys);
        Assert.Equal("+OK", client.Call("FLUSHALL").ToString());
        Assert.Equal(":0", client.Call("DBSIZE").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Scan_WithCountMatchType_FindsEveryKeyOnce(int servers, string poller)
    {
        using var client = rigs.Get(servers, poller).Connect();
        var keys = Fill(client);
        client.Call("LPUSH", "list:1", "x");
        client.Call("LPUSH", "list:2", "x");

        // Nothing is written meanwhile, so that no table grows and no key may come twice.
        Assert.Equal([.. keys.Append("list:1").Append("list:2").Order(StringComparer.Ordinal)], Scan(client));
        Assert.Equal([.. keys.Append("list:1").Append("list:2").Order(StringComparer.Ordinal)], Scan(client, "COUNT", "700"));
        Assert.Equal(["list:1", "list:2"], Scan(client, "TYPE", "list"));
        Assert.Equal(["key:1", "key:10", "key:100"], Scan(client, "MATCH", "key:1*", "COUNT", "50").Where(static key => key is "key:1" or "key:10" or "key:100"));
        Assert.StartsWith("-ERR", client.Call("SCAN", "nonsense").ToString());
        Assert.StartsWith("-ERR", client.Call("SCAN", "0", "COUNT", "x").ToString());
        Assert.StartsWith("-ERR", client.Call("SCAN").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SplitCommands_OfAHundredThousandKeys_AreAnsweredInOrder(int servers, string poller)
    {
        using var client = rigs.Get(servers, poller).Connect();
        var keys = Enumerable.Range(0, 100_000).Select(static i => string.Create(CultureInfo.InvariantCulture, $"key:{i}")).ToArray();

        Assert.Equal("+OK", client.Call(["MSET", .. keys.SelectMany(static key => new[] { key, key })]).ToString());
        Assert.Equal(keys, Texts(client.Call(["MGET", .. keys])));
        Assert.Equal(":100000", client.Call(["EXISTS", .. keys]).ToString());
        Assert.Equal(":100002", client.Call(["TOUCH", .. keys, keys[0], keys[0], "none"]).ToString());
        Assert.Equal(":100000", client.Call(["UNLINK", .. keys]).ToString());
        Assert.Equal(":0", client.Call("DBSIZE").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Scripts_LoadedOnce_RunWhereverTheirKeysAre(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var client = rig.Connect();
        const string Script = "return redis.call('GET', KEYS[1])";

        var sha = client.Call("SCRIPT", "LOAD", Script).Text!;

        Assert.Equal("*[:1, :0]", client.Call("SCRIPT", "EXISTS", sha, new string('0', 40)).ToString());
        foreach (var key in rig.KeysOfServers(2).SelectMany(static keys => keys))
        {
            client.Call("SET", key, key);
            Assert.Equal("$" + key, client.Call("EVALSHA", sha, "1", key).ToString());
            Assert.Equal("$" + key, client.Call("EVAL", Script, "1", key).ToString());
        }

        Assert.Equal(":7", client.Call("EVAL", "return 7", "0").ToString());
        Assert.Equal("+OK", client.Call("SCRIPT", "FLUSH").ToString());
        Assert.Equal("*[:0]", client.Call("SCRIPT", "EXISTS", sha).ToString());
        Assert.StartsWith("-NOSCRIPT", client.Call("EVALSHA", sha, "1", "key").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Functions_LoadedOnce_RunWhereverTheirKeysAre(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var client = rig.Connect();
        client.Call("FUNCTION", "FLUSH");
        const string Library = "#!lua name=mine\nredis.register_function('fetch', function(keys) return redis.call('GET', keys[1]) end)";

        Assert.Equal("$mine", client.Call("FUNCTION", "LOAD", Library).ToString());

        foreach (var key in rig.KeysOfServers(2).SelectMany(static keys => keys))
        {
            client.Call("SET", key, key);
            Assert.Equal("$" + key, client.Call("FCALL", "fetch", "1", key).ToString());
        }

        Assert.StartsWith("-ERR", client.Call("FUNCTION", "LOAD", Library).ToString());
        Assert.Equal("+OK", client.Call("FUNCTION", "DELETE", "mine").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void CommandAndConfig_AskedOfKeyway_AreAServers(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var client = rig.Connect();
        using var direct = rig.Servers[0].Connect();

        foreach (string[] command in new string[][] { ["COMMAND", "COUNT"], ["COMMAND", "INFO", "get", "nosuch"], ["CONFIG", "GET", "maxmemory"], ["COMMAND", "GETKEYS", "MSET", "a", "1", "b", "2"] })
        {
            Assert.Equal(direct.Call(command).ToString(), client.Call(command).ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Info_OfAllServers_CountsTheirKeys(int servers, string poller)
    {
        using var client = rigs.Get(servers, poller).Connect();
        Fill(client);

        var info = client.Call("INFO").Text!;

        Assert.Contains($"db0:keys={Keys},", info);
        Assert.Contains("redis_version:7.", info);
        Assert.DoesNotContain("# Nonsense", info);
    }

    private static List<string> Fill(RespClient client)
    {
        var keys = Enumerable.Range(0, Keys).Select(static i => string.Create(CultureInfo.InvariantCulture, $"key:{i}")).ToList();
        Assert.Equal("+OK", client.Call(["MSET", .. keys.SelectMany(static key => new[] { key, "value" })]).ToString());
        return keys;
    }

    private static string[] Scan(RespClient client, params string[] options)
    {
        var found = new List<string>();
        var cursor = "0";
        do
        {
            var reply = client.Call(["SCAN", cursor, .. options]);
            cursor = reply.Items[0].Text!;
            found.AddRange(Texts(reply.Items[1]));
            Assert.InRange(found.Count, 0, 2 * Keys);
        }
        while (cursor != "0");

        return [.. found.Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Texts(RespValue array) => array.Items.Select(static item => item.Text!);
}
