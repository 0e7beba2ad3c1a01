using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>A server that answers nonsense: the client gets an error, nobody a wrong reply, and the next requests work.</summary>
public sealed class OddReplyTests
{
    private const string Settings = "timeout: 100ms\nserver_retry_timeout: 20ms\nserver_failure_limit: 1000\ndistribution: modula\nhash: crc16";

    private static readonly string[] Arrays =
    [
        "*-1\r\n", "+OK\r\n", ":5\r\n", "*0\r\n", "*1\r\n$1\r\na\r\n", "*3\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n", "-ERR broken\r\n", "$-1\r\n", "*2\r\n$1\r\na\r\n",
        "*2\r\n$5\r\na\r\n", "\0\0\0\0", "*2\r\n$x\r\n", "%1\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n", "*2\r\n$1\r\na\r\n$1\r\nb\r\n+EXTRA\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n",
    ];

    private static readonly string[] Numbers =
    [
        "*-1\r\n", "+OK\r\n", "*0\r\n", "$1\r\n1\r\n", "-ERR broken\r\n", ":\r\n", ":x\r\n", ":1", ":99999999999999999999\r\n", "_\r\n", ":1\r\n:1\r\n", "*1\r\n:1\r\n",
    ];

    private static readonly string[] Statuses = ["*-1\r\n", ":1\r\n", "$2\r\nOK\r\n", "-ERR broken\r\n", "+O", "+OK\r\n+OK\r\n", "\r\n"];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var command in new[] { "MGET", "DEL", "EXISTS", "MSET", "DBSIZE", "KEYS", "SCAN", "INFO", "RANDOMKEY", "FLUSHALL" })
            {
                cases.Add(command, ProxyRig.Epoll);
            }

            cases.Add("MGET", ProxyRig.Managed);
            cases.Add("DEL", ProxyRig.Managed);

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Part_OfAnImpossibleReply_IsAnErrorAndTheNextRequestsWork(string command, string poller)
    {
        var replies = new Queue<string>();
        using var odd = new ScriptedServer(connection => Serve(connection, command, replies));
        using var good = ScriptedServer.Answering(static request => Proper(request));
        var port = FreePorts.Next();
        using var keyway = ProxyRig.StartKeyway(port, [odd.Address, good.Address], Settings, poller, threads: 1);
        using var client = RespClient.Connect(port);
        using var neighbour = RespClient.Connect(port);
        var (oddKey, _) = Keys(client, odd);

        foreach (var reply in Odd(command))
        {
            // A second reply that comes after the next request has been sent cannot be told from that request's: it must come at once.
            var isTwo = reply is ":1\r\n:1\r\n" or "+OK\r\n+OK\r\n" || reply.Contains("+EXTRA", StringComparison.Ordinal);
            foreach (var inPieces in isTwo ? [false] : new[] { false, true })
            {
                lock (replies)
                {
                    replies.Enqueue((inPieces ? "1" : "0") + reply);
                }

                var answer = client.Call(Request(command, client)).ToString();
                Assert.True(IsAllowed(command, reply, answer), $"{command} with a part {reply.ReplaceLineEndings("|")} was answered {answer}");
                Wait.Until(() => client.Call("GET", oddKey) is var value && Check(value, oddKey), "served again");
                Assert.Equal("$" + oddKey, neighbour.Call("GET", oddKey).ToString());
                Assert.Empty(replies);
            }
        }

        Assert.DoesNotContain("internal error", keyway.Log);
        Assert.DoesNotContain("Exception", keyway.Log);
    }

    [Fact]
    public void Push_BetweenReplies_IsSkipped()
    {
        using var server = ScriptedServer.Answering(static request => ">2\r\n+invalidate\r\n*1\r\n$1\r\nk\r\n" + Proper(request) + ">1\r\n+more\r\n");
        var port = FreePorts.Next();
        using var keyway = ProxyRig.StartKeyway(port, [server.Address], threads: 1);
        using var client = RespClient.Connect(port);

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal($"$key{i}", client.Call("GET", $"key{i}").ToString());
        }

        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("+unasked\r\n")]
    [InlineData("garbage")]
    public void Reply_ThatNobodyAskedFor_ShiftsNoLaterReply(string extra)
    {
        using var server = ScriptedServer.Answering(request => Proper(request) + extra);
        var port = FreePorts.Next();
        using var keyway = ProxyRig.StartKeyway(port, [server.Address], Settings, threads: 1);
        using var client = RespClient.Connect(port);

        for (var i = 0; i < 200; i++)
        {
            var reply = client.Call("GET", $"key{i}");
            Assert.True(reply.IsError || reply.ToString() == $"$key{i}", reply.ToString());
        }
    }

    private static bool Check(RespValue value, string key)
    {
        Assert.True(value.IsError || value.ToString() == "$" + key, value.ToString());
        return !value.IsError;
    }

    private static string[] Odd(string command) => command switch
    {
        "DEL" or "EXISTS" or "DBSIZE" => Numbers,
        "MSET" or "FLUSHALL" => Statuses,
        "INFO" or "RANDOMKEY" => ["*-1\r\n", "+OK\r\n", ":5\r\n", "*0\r\n", "-ERR broken\r\n", "$3\r\nab\r\n", "garbage\r\n"],
        "KEYS" or "SCAN" => ["*-1\r\n", "+OK\r\n", ":5\r\n", "-ERR broken\r\n", "*1\r\n$1", "garbage\r\n", "$1\r\na\r\n"],
        _ => Arrays,
    };

    /// <summary>An error; or, where the odd reply happens to be one that a server may give, what it makes.</summary>
    private static bool IsAllowed(string command, string reply, string answer) =>
        answer.StartsWith("-ERR", StringComparison.Ordinal)
        || (reply.Contains("+EXTRA", StringComparison.Ordinal) && answer == "*[$a, $b, $good]")
        || (reply == ":1\r\n:1\r\n" && answer is ":2")
        || (reply == "+OK\r\n+OK\r\n" && answer == "+OK")
        || (command is "INFO" && reply.StartsWith("$3", StringComparison.Ordinal));

    private static string[] Request(string command, RespClient client)
    {
        var pool = Enumerable.Range(0, 50).Select(static i => $"key{i}").ToArray();
        var byServer = pool.ToLookup(key => client.Call("STRLEN", key).ToString());
        string[] keys = [.. byServer[":1"].Take(2), byServer[":2"].First()];
        return command switch
        {
            "MSET" => ["MSET", .. keys.SelectMany(static key => new[] { key, "value" })],
            "KEYS" => ["KEYS", "*"],
            "SCAN" => ["SCAN", "0"],
            "DBSIZE" or "INFO" or "RANDOMKEY" or "FLUSHALL" => [command],
            _ => [command, .. keys],
        };
    }

    private static (string Odd, string Good) Keys(RespClient client, ScriptedServer odd)
    {
        Assert.NotNull(odd);
        var keys = Enumerable.Range(0, 50).Select(static i => $"key{i}").ToLookup(key => client.Call("STRLEN", key).ToString());
        return (keys[":1"].First(), keys[":2"].First());
    }

    private static void Serve(ScriptedConnection connection, string command, Queue<string> replies)
    {
        while (connection.ReadRequest() is { } request)
        {
            string? odd = null;
            lock (replies)
            {
                if (request[0] == command)
                {
                    replies.TryDequeue(out odd);
                }
            }

            if (odd is null)
            {
                connection.Write(request[0] == "STRLEN" ? ":1\r\n" : Proper(request));
            }
            else if (odd[0] == '1')
            {
                connection.WritePieces(odd[1..], 1);
            }
            else
            {
                connection.Write(odd[1..]);
            }
        }
    }

    /// <summary>What a server that holds every key, with its name as the value, would say; STRLEN tells that it is the good one.</summary>
    private static string Proper(string[] request) => request[0] switch
    {
        "GET" => $"${request[1].Length}\r\n{request[1]}\r\n",
        "MGET" => $"*{request.Length - 1}\r\n" + string.Concat(Enumerable.Repeat("$4\r\ngood\r\n", request.Length - 1)),
        "STRLEN" => ":2\r\n",
        "DEL" or "EXISTS" or "DBSIZE" => ":1\r\n",
        "KEYS" => "*1\r\n$4\r\ngood\r\n",
        "SCAN" => "*2\r\n$1\r\n0\r\n*1\r\n$4\r\ngood\r\n",
        "INFO" => "$22\r\n# Server\r\nfield:good\r\n\r\n",
        "RANDOMKEY" => "$4\r\ngood\r\n",
        "PING" => "+PONG\r\n",
        _ => "+OK\r\n",
    };
}
