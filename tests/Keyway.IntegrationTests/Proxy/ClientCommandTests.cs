using System.Globalization;
using System.Text.RegularExpressions;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>CLIENT of a pool with four reactors: it speaks of all clients of the pool, in Redis's words.</summary>
public sealed partial class ClientCommandTests(ClientCommandTests.Fixture fixture) : IClassFixture<ClientCommandTests.Fixture>
{
    private readonly ProxyRig _rig = fixture.Rig;

    [Fact]
    public void List_ClientsOfAllReactors_HasEachOnceInOrder()
    {
        var clients = Enumerable.Range(0, 40).Select(_ => _rig.Connect()).ToArray();
        try
        {
            var numbers = clients.Select(static client => client.Call("CLIENT", "ID").Text!).ToArray();

            var lines = Lines(clients[7].Call("CLIENT", "LIST"));

            var listed = lines.Select(static line => Field(line, "id")).Where(numbers.Contains).ToArray();
            Assert.Equal(numbers.Select(long.Parse).Order().Select(static number => number.ToString(CultureInfo.InvariantCulture)), listed);
            Assert.Contains(lines, line => Field(line, "id") == numbers[7] && Field(line, "cmd") == "client|list");
        }
        finally
        {
            Array.ForEach(clients, static client => client.Dispose());
        }
    }

    [Fact]
    public void List_Fields_AreThoseOfRedisInItsOrder()
    {
        using var client = _rig.Connect();
        using var direct = _rig.Servers[0].Connect();
        client.Call("CLIENT", "SETNAME", "worker");
        client.Call("CLIENT", "SETINFO", "LIB-NAME", "tests");
        client.Call("CLIENT", "SETINFO", "LIB-VER", "1.2");
        client.Call("SELECT", "5");

        var line = client.Call("CLIENT", "INFO").Text!;

        var expected = Names(direct.Call("CLIENT", "INFO").Text!);
        Assert.Equal(expected, Names(line).Take(expected.Length));
        Assert.Equal(["lib-name", "lib-ver"], Names(line).Skip(expected.Length));
        Assert.EndsWith("\n", line);
        Assert.Equal(client.Socket.LocalEndPoint!.ToString(), Field(line, "addr"));
        Assert.Equal(client.Socket.RemoteEndPoint!.ToString(), Field(line, "laddr"));
        Assert.Equal("worker", Field(line, "name"));
        Assert.Equal("5", Field(line, "db"));
        Assert.Equal("N", Field(line, "flags"));
        Assert.Equal("client|info", Field(line, "cmd"));
        Assert.Equal("default", Field(line, "user"));
        Assert.Equal("2", Field(line, "resp"));
        Assert.Equal("tests", Field(line, "lib-name"));
        Assert.Equal("1.2", Field(line, "lib-ver"));
        Assert.True(int.Parse(Field(line, "fd"), CultureInfo.InvariantCulture) > 0);
        client.Call("HELLO", "3");
        var verbatim = client.Call("CLIENT", "INFO");
        Assert.Equal('=', verbatim.Type);
        Assert.StartsWith("txt:id=", verbatim.Text);
        Assert.Equal("3", Field(verbatim.Text!, "resp"));
        Assert.Equal('=', client.Call("CLIENT", "LIST").Type);
    }

    [Fact]
    public void List_ByIdAndType_HasThoseOnly()
    {
        using var one = _rig.Connect();
        using var two = _rig.Connect();
        var (first, second) = (one.Call("CLIENT", "ID").Text!, two.Call("CLIENT", "ID").Text!);

        Assert.Equal([second, first, second], Lines(one.Call("CLIENT", "LIST", "ID", second, first, "999999999", second)).Select(static line => Field(line, "id")));
        Assert.Equal("$", one.Call("CLIENT", "LIST", "ID", "999999999").ToString());
        Assert.Contains(Lines(one.Call("CLIENT", "LIST", "TYPE", "normal")), line => Field(line, "id") == second);
        Assert.Equal("$", one.Call("CLIENT", "LIST", "TYPE", "replica").ToString());
    }

    [Fact]
    public void UnixSocket_OfTheList_IsItsPath()
    {
        var path = Path.Combine(Path.GetTempPath(), $"keyway-client-{Environment.ProcessId}.sock");
        using var keyway = KeywayProcess.StartWith(
            new Dictionary<string, string>(StringComparer.Ordinal),
            $"threads: 2\npools:\n  cache:\n    listen: {path}\n    servers: [{_rig.Servers[0].Address}]\n");
        using var client = RespClient.ConnectUnix(path);

        var line = client.Call("CLIENT", "INFO").Text!;

        Assert.Equal(path + ":0", Field(line, "addr"));
        Assert.Equal(path + ":0", Field(line, "laddr"));
        Assert.Equal("U", Field(line, "flags"));
    }

    [Fact]
    public void Kill_ByAddress_ClosesThatClientOnWhateverReactor()
    {
        using var killer = _rig.Connect();
        for (var i = 0; i < 8; i++)
        {
            using var victim = _rig.Connect();
            using var bystander = _rig.Connect();
            victim.Call("PING");

            Assert.Equal("+OK", killer.Call("CLIENT", "KILL", victim.Socket.LocalEndPoint!.ToString()!).ToString());

            Assert.True(victim.IsClosedByPeer());
            Assert.Equal("+PONG", bystander.Call("PING").ToString());
        }
    }

    [Fact]
    public void Kill_ByFilters_CountsWhatItClosed()
    {
        using var killer = _rig.Connect();
        using var victim = _rig.Connect();
        using var other = _rig.Connect();
        var number = victim.Call("CLIENT", "ID").Text!;
        var address = victim.Socket.LocalEndPoint!.ToString()!;

        Assert.Equal(":0", killer.Call("CLIENT", "KILL", "ID", number, "ADDR", "127.0.0.1:1").ToString());
        Assert.Equal(":0", killer.Call("CLIENT", "KILL", "ID", number, "LADDR", "127.0.0.1:1").ToString());
        Assert.Equal(":0", killer.Call("CLIENT", "KILL", "ID", number, "TYPE", "pubsub").ToString());
        Assert.Equal(":0", killer.Call("CLIENT", "KILL", "ID", number, "MAXAGE", "1000").ToString());
        Assert.Equal("+PONG", victim.Call("PING").ToString());
        Assert.Equal(":1", killer.Call("CLIENT", "KILL", "ID", number, "ADDR", address, "TYPE", "NORMAL", "USER", "default", "SKIPME", "yes").ToString());
        Assert.True(victim.IsClosedByPeer());
        Assert.Equal(":0", killer.Call("CLIENT", "KILL", "ID", number).ToString());
        Assert.Equal("+PONG", other.Call("PING").ToString());
    }

    [Fact]
    public void Kill_Self_IsAnsweredFirst()
    {
        using var one = _rig.Connect();
        Assert.Equal(":0", one.Call("CLIENT", "KILL", "ID", one.Call("CLIENT", "ID").Text!).ToString());
        Assert.Equal(":1", one.Call("CLIENT", "KILL", "ID", one.Call("CLIENT", "ID").Text!, "SKIPME", "no").ToString());
        Assert.True(one.IsClosedByPeer());

        using var two = _rig.Connect();
        two.SendRaw([.. RespClient.Encode("GET", "none"), .. RespClient.Encode("CLIENT", "KILL", two.Socket.LocalEndPoint!.ToString()!), .. RespClient.Encode("PING")]);
        Assert.Equal("$null", two.ReadReply().ToString());
        Assert.Equal("+OK", two.ReadReply().ToString());
        Assert.True(two.IsClosedByPeer());
    }

    [Fact]
    public void Kill_AllWhileTheyAsk_LosesNoServerConnectionToOthers()
    {
        using var killer = _rig.Connect();
        for (var round = 0; round < 5; round++)
        {
            var clients = Enumerable.Range(0, 20).Select(_ => _rig.Connect()).ToArray();
            var numbers = clients.Select(static client => client.Call("CLIENT", "ID").Text!).ToArray();
            for (var i = 0; i < clients.Length; i++)
            {
                clients[i].SendRaw([.. Enumerable.Range(0, 50).SelectMany(_ => RespClient.Encode("SET", $"killed:{i}", new string('x', 1000)))]);
            }

            killer.SendRaw([.. numbers.SelectMany(static number => RespClient.Encode("CLIENT", "KILL", "ID", number)), .. RespClient.Encode("ECHO", "done")]);
            Assert.All(numbers, _ => Assert.Equal(":1", killer.ReadReply().ToString()));
            Assert.Equal("$done", killer.ReadReply().ToString());
            Assert.Equal("+OK", killer.Call("SET", "key", "value").ToString());
            Assert.Equal("$value", killer.Call("GET", "key").ToString());
            Array.ForEach(clients, static client => client.Dispose());
        }
    }

    [Fact]
    public void Errors_OfClientCommands_AreThoseOfRedis()
    {
        using var client = _rig.Connect();
        using var direct = _rig.Servers[0].Connect();

        foreach (var arguments in new[]
        {
            "KILL", "KILL a:1", "KILL ID", "KILL ID 0", "KILL ID x", "KILL ID 1 2", "KILL ID -5", "KILL TYPE x", "KILL USER x", "KILL SKIPME maybe", "KILL NOSUCH 1",
            "KILL ID 99999999 TYPE", "KILL ID 99999999 TYPE normal SKIPME no", "KILL TYPE slave", "KILL TYPE master", "KILL ADDR", "KILL ADDR 1.2.3.4:5", "LIST x", "LIST TYPE",
            "LIST TYPE x", "LIST TYPE normal x", "LIST ID", "LIST ID x", "LIST ID 1 x", "LIST TYPE slave", "LIST TYPE MASTER", "UNBLOCK", "UNBLOCK x", "UNBLOCK 99999999",
            "UNBLOCK 99999999 ERROR", "UNBLOCK 99999999 timeout", "UNBLOCK 99999999 x", "UNBLOCK 1 ERROR x", "NOSUCH", "NOSUCH x", "ID x", "GETNAME x", "INFO x", "SETNAME",
            "SETNAME a b", "SETNAME a\nb", "SETNAME ", "HELP",
        })
        {
            string[] command = ["CLIENT", .. arguments.Split(' ')];
            Assert.Equal($"{arguments} -> {direct.Call(command)}", $"{arguments} -> {client.Call(command)}");
        }

        Assert.Equal(direct.Call("CLIENT").ToString(), client.Call("CLIENT").ToString());
    }

    [Fact]
    public void Capa_OfANewerServer_IsTakenNoteOf()
    {
        using var client = _rig.Connect();

        Assert.Equal("+OK", client.Call("CLIENT", "CAPA", "redirect").ToString());
    }

    [Fact]
    public void SetName_WithAnEmptyName_TakesItAway()
    {
        using var client = _rig.Connect();
        client.Call("CLIENT", "SETNAME", "worker");

        Assert.Equal("+OK", client.Call("CLIENT", "SETNAME", "").ToString());

        Assert.Equal("$null", client.Call("CLIENT", "GETNAME").ToString());
    }

    private static string[] Lines(RespValue reply) => reply.Text!.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Names(string line) => [.. line.TrimEnd().Split(' ').Select(static field => field[..field.IndexOf('=')])];

    private static string Field(string line, string name) => FieldPattern().Matches(line).Single(match => match.Groups[1].Value == name).Groups[2].Value;

    [GeneratedRegex("([a-z-]+)=([^ \n]*)")]
    private static partial Regex FieldPattern();

    /// <summary>One server behind four reactors.</summary>
    public sealed class Fixture : IDisposable
    {
        /// <summary>The rig.</summary>
        public ProxyRig Rig { get; } = ProxyRig.Start(1, threads: 4);

        /// <inheritdoc/>
        public void Dispose() => Rig.Dispose();
    }
}
