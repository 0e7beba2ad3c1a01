using System.Globalization;
using System.Net.Sockets;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Commands that wait, on real servers.</summary>
public sealed class BlockingCommandTests(Rigs rigs) : IClassFixture<Rigs>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<int, string> Shapes => Rigs.Shapes;

    /// <summary>A request that waits, what another client does meanwhile, and a request of the first that shows what is left.</summary>
    public static TheoryData<int, string, string, string, string> Waits
    {
        get
        {
            TheoryData<int, string, string, string, string> data = [];
            foreach (var shape in Rigs.Shapes)
            {
                foreach (var (wait, act, look) in new[]
                {
                    ("BLPOP k 0", "RPUSH k a b", "LRANGE k 0 -1"),
                    ("BRPOP k 0", "RPUSH k a b", "LRANGE k 0 -1"),
                    ("BLMOVE k k RIGHT LEFT 0", "RPUSH k a b", "LRANGE k 0 -1"),
                    ("BRPOPLPUSH k k 0", "RPUSH k a b", "LRANGE k 0 -1"),
                    ("BLMPOP 0 1 k RIGHT COUNT 2", "RPUSH k a b c", "LRANGE k 0 -1"),
                    ("BZPOPMIN k 0", "ZADD k 1 a 2.5 b", "ZRANGE k 0 -1"),
                    ("BZPOPMAX k 0", "ZADD k 1 a 2.5 b", "ZRANGE k 0 -1"),
                    ("BZMPOP 0 1 k MIN COUNT 2", "ZADD k 1 a 2.5 b 3 c", "ZRANGE k 0 -1"),
                    ("XREAD BLOCK 0 STREAMS k $", "XADD k 1-1 f v", "XLEN k"),
                    ("BLPOP k 0.1", "PING", "LLEN k"),
                    ("XREAD BLOCK 100 STREAMS k $", "PING", "XLEN k"),
                })
                {
                    var (servers, poller) = ((int, string))shape.Data;
                    data.Add(servers, poller, wait, act, look);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Waits))]
    public void Wait_ThenServed_IsAnsweredAsDirect(int servers, string poller, string wait, string act, string look)
    {
        var rig = rigs.Get(servers, poller);
        var expected = Serve(rig.Servers[0].Connect, wait, act, look, () => Blocked(rig.Servers[0]) == 1);
        rig.Clear();
        var actual = Serve(() => rig.Connect(), wait, act, look, () => rig.Servers.Sum(Blocked) == 1);

        Assert.Equal(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Wait_RequestsBehindIt_AreAnsweredAfterIt(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var client = rig.Connect(Patience);
        using var other = rig.Connect();
        client.SendRaw([.. RespClient.Encode("SET", "before", "1"), .. RespClient.Encode("BLPOP", "q", "0"), .. RespClient.Encode("INCR", "before"), .. RespClient.Encode("PING")]);
        Assert.Equal("+OK", client.ReadReply().ToString());
        Wait.Until(() => rig.Servers.Sum(Blocked) == 1, "waiting");
        Assert.Equal("$1", other.Call("GET", "before").ToString());

        other.Call("RPUSH", "q", "e");

        Assert.Equal("*[$q, $e] :2 +PONG", string.Join(' ', client.ReadReply(), client.ReadReply(), client.ReadReply()));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Wait_ManyClients_AreServedInTurnByOneServerConnectionEach(int servers, string poller)
    {
        const int Clients = 50;
        var rig = rigs.Get(servers, poller);
        var clients = Enumerable.Range(0, Clients).Select(_ => rig.Connect(Patience)).ToArray();
        foreach (var client in clients)
        {
            client.SendRaw(RespClient.Encode("BLPOP", "q", "0"));
        }

        Wait.Until(() => rig.Servers.Sum(Blocked) == Clients, "waiting");
        using var other = rig.Connect();
        other.Call(["RPUSH", "q", .. Enumerable.Range(0, Clients).Select(i => i.ToString(CultureInfo.InvariantCulture))]);

        var got = clients.Select(client => client.ReadReply().Items[1].Text!).ToArray();

        Assert.Equal(Clients, got.Distinct().Count());
        Assert.Equal(":0", other.Call("LLEN", "q").ToString());
        Array.ForEach(clients, client => client.Dispose());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Wait_ClientUnblock_EndsItAsRedisDoes(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var client = rig.Connect(Patience);
        using var other = rig.Connect();
        var id = client.Call("CLIENT", "ID").ToString()[1..];
        foreach (var (mode, reply) in new[] { ("TIMEOUT", "*null"), ("ERROR", "-UNBLOCKED client unblocked via CLIENT UNBLOCK") })
        {
            client.SendRaw(RespClient.Encode("BLPOP", "q", "0"));
            Wait.Until(() => rig.Servers.Sum(Blocked) == 1, "waiting");

            Assert.Equal(":1", other.Call("CLIENT", "UNBLOCK", id, mode).ToString());

            Assert.Equal(reply, client.ReadReply().ToString());
            Assert.Equal(":0", other.Call("CLIENT", "UNBLOCK", id).ToString());
        }
    }

    [Fact]
    public void Wait_KeysOnTwoServers_IsRefused()
    {
        var rig = rigs.Get(4, ProxyRig.Epoll);
        var keys = rig.KeysOfServers(1);
        using var client = rig.Connect();

        Assert.StartsWith("-CROSSSLOT Keys in request don't hash to the same server: BLPOP needs", client.Call("BLPOP", keys[0][0], keys[1][0], "0").ToString());
        Assert.Equal("+PONG", client.Call("PING").ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Client_GoneWhileItWaits_FreesTheServerAtOnceAndTakesNothing(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        foreach (var end in Ends)
        {
            using var client = rig.Connect(Patience);
            client.SendRaw([.. RespClient.Encode("BLPOP", "q", "0"), .. RespClient.Encode("PING")]);
            Wait.Until(() => rig.Servers.Sum(Blocked) == 1, "waiting");

            end(client.Socket);

            Wait.Until(() => rig.Servers.Sum(Blocked) == 0, "free");
            using var other = rig.Connect();
            other.Call("RPUSH", "q", "e");
            Assert.Equal("$e", other.Call("LPOP", "q").ToString());
        }
    }

    /// <summary>
    /// Consumers that end their side at random moments, and read what still comes: each element is with one of them or on the list, in the end.
    /// </summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Storm_OfDyingClients_LosesNoElement(int servers, string poller)
    {
        const int Elements = 2000;
        var rig = rigs.Get(servers, poller);
        var received = new List<string>();
        var deaths = 0;
        var isOver = false;
        var consumers = Enumerable.Range(0, 12).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            while (!Volatile.Read(ref isOver))
            {
                using var client = rig.Connect(Patience);
                var got = Consume(client, random, seed % 3);
                lock (received)
                {
                    received.AddRange(got);
                    deaths++;
                }
            }
        })).ToArray();
        Array.ForEach(consumers, thread => thread.Start());

        using (var producer = rig.Connect())
        {
            for (var i = 0; i < Elements; i++)
            {
                producer.Call("RPUSH", "q" + (i % 5).ToString(CultureInfo.InvariantCulture), i.ToString(CultureInfo.InvariantCulture));
            }
        }

        Volatile.Write(ref isOver, true);
        Array.ForEach(consumers, thread => thread.Join());
        using var reader = rig.Connect();
        string[] Left() => [.. Enumerable.Range(0, 5).SelectMany(i => reader.Call("LRANGE", "q" + i.ToString(CultureInfo.InvariantCulture), "0", "-1").Items.Select(item => item.Text!))];
        Wait.Until(() => rig.Servers.Sum(Blocked) == 0, "free");

        // What a dead consumer had taken may still be on its way back.
        Wait.Until(() => received.Count + Left().Length == Elements, "all back");

        Assert.Equal(Enumerable.Range(0, Elements), received.Concat(Left()).Select(int.Parse).Order());
        Assert.InRange(deaths, 100, int.MaxValue);
        Assert.NotEmpty(received);
    }

    private static Action<Socket>[] Ends =>
    [
        socket => socket.Shutdown(SocketShutdown.Send),
        socket => socket.Close(),
        socket =>
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        },
    ];

    /// <summary>Waits for some elements, ends its side, and takes what still comes.</summary>
    private static List<string> Consume(RespClient client, Random random, int kind)
    {
        var got = new List<string>();
        var key = "q" + random.Next(5).ToString(CultureInfo.InvariantCulture);
        string[] request = kind switch { 0 => ["BLPOP", key, "0"], 1 => ["BRPOP", key, "0"], _ => ["BLMPOP", "0", "1", key, "LEFT", "COUNT", "3"] };
        client.SendRaw(RespClient.Encode(request));
        Thread.Sleep(random.Next(4)); // the end is to come before, while and after an element is taken
        client.Socket.Shutdown(SocketShutdown.Send);
        try
        {
            while (true)
            {
                var taken = client.ReadReply().Items[1];
                got.AddRange(kind == 2 ? taken.Items.Select(item => item.Text!) : [taken.Text!]);
            }
        }
        catch (EndOfStreamException)
        {
            // It has been freed.
        }

        return got;
    }

    private static string[] Serve(Func<RespClient> connect, string wait, string act, string look, Func<bool> isWaiting)
    {
        using var waiter = connect();
        using var other = connect();
        waiter.SendRaw(RespClient.Encode(wait.Split(' ')));
        Wait.Until(isWaiting, "waiting");
        other.Call(act.Split(' '));
        return [waiter.ReadReply().ToString(), waiter.Call(look.Split(' ')).ToString()];
    }

    private static int Blocked(RedisProcess server)
    {
        const string Field = "blocked_clients:";
        using var client = server.Connect();
        var line = client.Call("INFO", "clients").Text!.Split("\r\n").First(text => text.StartsWith(Field, StringComparison.Ordinal));
        return int.Parse(line[Field.Length..], CultureInfo.InvariantCulture);
    }
}
