using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>What a client asks about the server: INFO, CONFIG, COMMAND, OBJECT and the like.</summary>
public sealed class IntrospectionTests(Rigs rigs) : IClassFixture<Rigs>
{
    public static TheoryData<int, string> Shapes => Rigs.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Info_Sections_HaveKeywaysWhereAskedFor(int servers, string poller)
    {
        using var client = rigs.Get(servers, poller).Connect();

        foreach (string[] with in new string[][] { [], ["all"], ["DEFAULT"], ["everything"], ["server", "keyway"] })
        {
            var info = client.Call(["INFO", .. with]).Text!;
            Assert.Contains("# Server\r\nredis_version:7.", info);
            Assert.Contains("\r\n\r\n# Keyway\r\nkeyway_version:", info);
            Assert.EndsWith(",up\r\n", info);
        }

        Assert.StartsWith("# Keyway\r\n", client.Call("INFO", "Keyway").Text);
        foreach (string[] without in new string[][] { ["server"], ["clients", "memory"], ["nosuch"] })
        {
            Assert.DoesNotContain("Keyway", client.Call(["INFO", .. without]).Text!);
        }

        client.Call("HELLO", "3");
        Assert.StartsWith("txt:# Keyway\r\n", client.Call("INFO", "keyway").Text);
        Assert.StartsWith("txt:# Server\r\n", client.Call("INFO").Text);
    }

    [Fact]
    public void Info_OfOneServer_IsItsOwnTextLineByLine()
    {
        var rig = rigs.Get(1, ProxyRig.Epoll);
        using var client = rig.Connect();
        using var direct = rig.Servers[0].Connect();

        foreach (string[] sections in new string[][] { [], ["all"], ["everything"], ["memory"], ["keyspace", "cluster"] })
        {
            var through = Names(client.Call(["INFO", .. sections]).Text!.Split("# Keyway")[0]);
            Assert.Equal(Names(direct.Call(["INFO", .. sections]).Text!), through);
        }

        Assert.Equal(direct.Call("INFO", "modules").ToString(), client.Call("INFO", "modules").ToString());
        Assert.Equal(direct.Call("INFO", "nosuch").ToString(), client.Call("INFO", "nosuch").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void InfoKeyway_Numbers_AreOfAllReactors(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        var clients = Enumerable.Range(0, 10).Select(_ => rig.Connect()).ToArray();
        try
        {
            Array.ForEach(clients, static client => client.Call("PING"));

            var before = Number(clients[0], "keyway_requests");
            Array.ForEach(clients, static client => client.Call("PING"));

            Assert.InRange(Number(clients[0], "keyway_clients"), 10, 100);
            Assert.Equal(before + 10 + 2, Number(clients[1], "keyway_requests"));
            Assert.Equal(2, Number(clients[2], "keyway_reactors"));
        }
        finally
        {
            Array.ForEach(clients, static client => client.Dispose());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void InfoKeyway_WithoutAServer_IsAnswered(int servers)
    {
        var port = FreePorts.Next();
        using var keyway = ProxyRig.StartKeyway(port, Enumerable.Range(0, servers).Select(static _ => $"127.0.0.1:{FreePorts.Next()}"));
        using var client = RespClient.Connect(port);

        Assert.StartsWith("$# Keyway\r\n", client.Call("INFO", "keyway").ToString());
        Assert.StartsWith("-ERR ", client.Call("INFO").ToString());
    }

    [Theory]
    [InlineData(1, "refuse")]
    [InlineData(1, "get")]
    [InlineData(1, "all")]
    [InlineData(3, "get")]
    [InlineData(3, "all")]
    public void Config_ByRuleOfThePool_IsPassedOrRefused(int servers, string access)
    {
        using var rig = ProxyRig.Start(servers, "config: " + access);
        using var client = rig.Connect();

        var get = client.Call("CONFIG", "GET", "maxmemory").ToString();
        Assert.Matches(access == "refuse" ? "^-ERR CONFIG GET .*config: get" : @"^\*\[\$maxmemory, \$0\]$", get);
        Assert.Matches(access == "all" ? @"^\+OK$" : "^-ERR CONFIG SET .*config: all", client.Call("CONFIG", "SET", "maxmemory", "100mb").ToString());
        Assert.Matches(access == "all" ? @"^\+OK$" : "^-ERR CONFIG RESETSTAT .*config: all", client.Call("CONFIG", "RESETSTAT").ToString());
        Assert.Matches(access == "all" ? "^-ERR The server is running without a config file" : "^-ERR CONFIG REWRITE .*config: all", client.Call("CONFIG", "REWRITE").ToString());
        Assert.StartsWith("*[", client.Call("CONFIG", "HELP").ToString());
        foreach (var server in rig.Servers)
        {
            using var direct = server.Connect();
            Assert.Equal(access == "all" ? "*[$maxmemory, $104857600]" : "*[$maxmemory, $0]", direct.Call("CONFIG", "GET", "maxmemory").ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Introspection_OfCommandsAndKeys_IsAsByRedis(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var client = rig.Connect();
        using var direct = rig.Servers[0].Connect();
        foreach (var version in new[] { "2", "3" })
        {
            client.Call("HELLO", version);
            direct.Call("HELLO", version);
            foreach (var line in new[]
            {
                "COMMAND", "COMMAND COUNT", "COMMAND INFO get nosuch config|get", "COMMAND INFO", "COMMAND DOCS get set", "COMMAND DOCS nosuch", "COMMAND GETKEYS MSET a 1 b 2",
                "COMMAND GETKEYS PING", "COMMAND GETKEYSANDFLAGS SET a 1", "COMMAND LIST FILTERBY PATTERN xr*", "COMMAND LIST FILTERBY ACLCAT geo", "COMMAND NOSUCH", "COMMAND HELP",
                "COMMAND COUNT x", "CONFIG GET maxmemory*", "CONFIG GET", "CONFIG HELP", "CONFIG NOSUCH", "OBJECT HELP", "OBJECT ENCODING none", "OBJECT NOSUCH x", "MEMORY HELP",
                "MEMORY USAGE none", "LATENCY HELP", "LATENCY RESET", "SLOWLOG HELP", "ACL CAT", "ACL CAT geo", "ACL WHOAMI", "ACL DRYRUN default GET x", "ACL NOSUCH", "ACL HELP", "LOLWUT VERSION 9",
                "ROLE", "MODULE LIST", "FUNCTION LIST", "CLUSTER", "CLUSTER SLOTS", "CLUSTER INFO", "CLUSTER NODES", "CLUSTER HELP", "CLUSTER NOSUCH", "CLUSTER KEYSLOT", "CLUSTER KEYSLOT a",
                "ASKING", "READONLY", "READWRITE", "READONLY x", "AUTH a b", "AUTH default b", "AUTH a", "AUTH a b c", "ECHO", "PING a b", "LASTSAVE x",
            })
            {
                var command = line.Split(' ');
                Assert.Equal($"{line} -> {Sorted(direct.Call(command))}", $"{line} -> {Sorted(client.Call(command))}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void KeyCommands_OfOneServer_WorkInTheClientsDatabase(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var client = rig.Connect();
        using var direct = rig.Servers[0].Connect();
        if (servers > 1)
        {
            direct.Call("FLUSHALL");
        }

        foreach (var (line, expected) in new (string, string)[]
        {
            ("SELECT 3", "+OK"),
            ("SET {k}a 12345", "+OK"),
            ("OBJECT ENCODING {k}a", "$int"),
            ("OBJECT REFCOUNT {k}a", ":1"),
            ("OBJECT IDLETIME {k}a", ":0"),
            ("COPY {k}a {k}b", ":1"),
            ("COPY {k}a {k}a DB 4", ":1"),
            ("COPY {k}a {k}b", ":0"),
            ("RENAME {k}b {k}c", "+OK"),
            ("RENAMENX {k}c {k}a", ":0"),
            ("MOVE {k}c 5", ":1"),
            ("MOVE {k}c 5", ":0"),
            ("MOVE {k}a 99", "-ERR DB index is out of range"),
            ("GET {k}c", "$null"),
            ("SELECT 5", "+OK"),
            ("GET {k}c", "$12345"),
            ("SELECT 4", "+OK"),
            ("GET {k}a", "$12345"),
            ("DUMP none", "$null"),
            ("RESTORE {k}d 0 nonsense", "-ERR DUMP payload version or checksum are wrong"),
        })
        {
            // Keys that hash alike are on one server, also where braces mean nothing: there they may be refused as on two.
            var reply = client.Call(line.Split(' ')).ToString();
            Assert.True(reply == expected || (servers > 1 && reply.StartsWith("-CROSSSLOT", StringComparison.Ordinal)), $"{line} -> {reply}");
            if (reply != expected)
            {
                return;
            }
        }

        var dump = client.Call("DUMP", "{k}a").Text!;
        Assert.Equal("+OK", client.Call("RESTORE", "{k}e", "0", dump).ToString());
        Assert.Equal("$12345", client.Call("GET", "{k}e").ToString());
        Assert.StartsWith("-BUSYKEY", client.Call("RESTORE", "{k}e", "0", dump).ToString());
        Assert.StartsWith(":", client.Call("MEMORY", "USAGE", "{k}a").ToString());
    }

    private static string[] Names(string info) => [.. info.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
        .Select(static line => line.Split(':')[0])
        .Where(static name => !name.StartsWith("cmdstat_", StringComparison.Ordinal)
            && !name.StartsWith("errorstat_", StringComparison.Ordinal)
            && !name.StartsWith("latency_percentiles_", StringComparison.Ordinal))];

    private static long Number(RespClient client, string field) => long.Parse(
        client.Call("INFO", "keyway").Text!.Split("\r\n").Single(line => line.StartsWith(field + ":", StringComparison.Ordinal)).Split(':')[1],
        System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Servers list commands in the order of a hash table with a seed of its own.</summary>
    private static string Sorted(RespValue reply) => reply.Items.Count > 0 && reply.Type is '*' or '~' or '%'
        ? reply.Type + string.Join(", ", reply.Items.Select(Sorted).Order(StringComparer.Ordinal))
        : reply.ToString();
}
