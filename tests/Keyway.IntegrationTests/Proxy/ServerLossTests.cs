using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Servers that die, hang and come back, under load: errors for their keys alone, never a wrong reply, and no client hangs.</summary>
public sealed class ServerLossTests
{
    private const string Settings = "timeout: 300ms\nserver_retry_timeout: 100ms\nconnect_timeout: 500ms\n";

    public static TheoryData<string> Pollers => [ProxyRig.Epoll, ProxyRig.Managed];

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Killed_AndRestarted_FailsOnlyItsKeysAndServesAgain(string poller)
    {
        using var rig = ProxyRig.Start(4, Settings, poller);
        var keys = rig.KeysOfServers(8);
        using var load = new CheckedLoad(rig.Port, keys, clients: 6);

        load.AwaitProgress();
        rig.Servers[1].Kill();
        load.AwaitErrors(1);
        load.AwaitProgress();
        rig.Servers[1].Restart();
        load.AwaitRecovery(1);
        load.AwaitProgress();

        load.AssertErrorsOnlyOf(1, rig.Servers[1].Address);
        Assert.Contains("server answers again", rig.Keyway.Log);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Frozen_AndContinued_TimesOutAloneAndItsLateRepliesReachNobody(string poller)
    {
        using var rig = ProxyRig.Start(4, Settings, poller);
        var keys = rig.KeysOfServers(8);
        using var load = new CheckedLoad(rig.Port, keys, clients: 6);

        for (var round = 0; round < 3; round++)
        {
            load.AwaitProgress();
            rig.Servers[2].Stop();
            load.AwaitErrors(2);
            rig.Servers[2].Continue();
            load.AwaitRecovery(2);
        }

        load.AssertErrorsOnlyOf(2, rig.Servers[2].Address);
        Assert.InRange(load.LongestFailed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Connections_ClosedByTheServerUnderLoad_FailOnlyWhatWasUnderWay(string poller)
    {
        using var rig = ProxyRig.Start(4, Settings + "server_connections: 2\nserver_failure_limit: 1000", poller);
        using var load = new CheckedLoad(rig.Port, rig.KeysOfServers(8), clients: 6);
        using var direct = rig.Servers[3].Connect();

        for (var i = 0; i < 10; i++)
        {
            load.AwaitProgress();
            direct.Call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        }

        load.AwaitRecovery(3);
        load.AssertErrorsOnlyOf(3, rig.Servers[3].Address);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public async Task Frozen_WithMegabytesWaitingForIt_KeepsMemoryBoundedAndHoldsUpNobodyElse(string poller)
    {
        using var rig = ProxyRig.Start(2, "timeout: 1s\nserver_retry_timeout: 100ms", poller, threads: 1);
        var keys = rig.KeysOfServers(1);
        using var writer = rig.Connect(TimeSpan.FromSeconds(20));
        using var neighbour = rig.Connect();
        const int Requests = 100;
        var request = RespClient.Encode("SET", keys[0][0], new string('v', 1 << 20));
        rig.Servers[0].Stop();

        var sender = Task.Run(() =>
        {
            for (var i = 0; i < Requests; i++)
            {
                writer.SendRaw(request);
            }
        });
        var errors = Task.Run(() => Enumerable.Range(0, Requests).Count(_ => writer.ReadReply().IsError));
        for (var i = 0; !errors.IsCompleted; i++)
        {
            var value = string.Create(CultureInfo.InvariantCulture, $"value {i}");
            Assert.Equal("+OK", neighbour.Call("SET", keys[1][0], value).ToString());
            Assert.Equal("$" + value, neighbour.Call("GET", keys[1][0]).ToString());
        }

        Assert.Equal(Requests, await errors);
        await sender;
        Assert.InRange(rig.Keyway.Process.ResidentBytes, 0, 256L << 20);
        rig.Servers[0].Continue();
        Wait.Until(() => writer.Call("SET", keys[0][0], "again").ToString() == "+OK", "served again");
        Assert.Equal("$again", neighbour.Call("GET", keys[0][0]).ToString());
    }

    [Fact]
    public void Silent_DuringTheHandshake_IsAnErrorWithinTheConnectTimeout()
    {
        using var server = new ScriptedServer(static connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                // It accepts and reads, and never says a word.
            }
        });
        var port = FreePorts.Next();
        using var keyway = ProxyRig.StartKeyway(port, [server.Address], "server_password: secret\nconnect_timeout: 200ms\npreconnect: true", threads: 1);
        using var client = RespClient.Connect(port);

        var reply = client.Call("GET", "key").ToString();

        Assert.StartsWith("-ERR ", reply);
        Assert.Contains(server.Address, reply);
        Assert.Contains("no connection within 200 ms", reply);
        Assert.Equal(["AUTH", "secret"], server.NextRequest());
    }

    [Fact]
    public void Down_OneServerOfSeveral_FailsWhatNeedsAllAndNothingElse()
    {
        using var rig = ProxyRig.Start(3, Settings + "server_failure_limit: 1", threads: 1);
        var keys = rig.KeysOfServers(2);
        using var client = rig.Connect();
        rig.Servers[1].Kill();
        Wait.Until(() => client.Call("GET", keys[1][0]).Text!.Contains("is down", StringComparison.Ordinal), "down");

        foreach (string[] command in new string[][] { ["KEYS", "*"], ["DBSIZE"], ["FLUSHALL"], ["INFO"], ["MGET", keys[0][0], keys[1][0]], ["MSET", keys[0][0], "1", keys[1][0], "2"], ["SCRIPT", "LOAD", "return 1"] })
        {
            var reply = client.Call(command).ToString();
            Assert.StartsWith("-ERR", reply);
            Assert.Contains(rig.Servers[1].Address, reply);
        }

        Assert.Equal("+OK", client.Call("MSET", keys[0][0], "zero", keys[2][0], "two", keys[0][1], "zero").ToString());
        Assert.Equal("*[$two, $zero, $null]", client.Call("MGET", keys[2][0], keys[0][1], keys[2][1]).ToString());
        Assert.Equal(":3", client.Call("DEL", keys[2][0], keys[0][0], keys[0][1]).ToString());
        Assert.Equal('*', client.Call("CONFIG", "GET", "port").Type);
        Assert.Equal('%', client.Call("HELLO", "3").Type);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Ejected_ServerThatWasKilled_HasItsKeysOnTheOthersUntilItAnswersAProbe(string poller)
    {
        using var rig = ProxyRig.Start(3, Settings + "auto_eject_hosts: true\nserver_failure_limit: 2", poller);
        var key = rig.KeysOfServers(1)[0][0];
        using var client = rig.Connect();
        using var split = rig.Connect();
        Assert.Equal("+OK", client.Call("SET", key, "first").ToString());

        rig.Servers[0].Kill();
        Wait.Until(() => client.Call("SET", key, "moved").ToString() == "+OK", "served by another server");
        Wait.Until(() => split.Call("MGET", key, "other").ToString() == "*[$moved, $null]", "ejected on every reactor");
        Assert.Equal("$moved", client.Call("GET", key).ToString());
        Assert.Equal(":1", client.Call("DBSIZE").ToString());

        rig.Servers[0].Restart();
        Wait.Until(() => client.Call("GET", key).ToString() == "$null", "back on its own server");
        Wait.Until(() => split.Call("GET", key).ToString() == "$null", "back on every reactor");
        Assert.Equal("+OK", client.Call("SET", key, "back").ToString());
        using var direct = rig.Servers[0].Connect();
        Assert.Equal("$back", direct.Call("GET", key).ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Down_ServerThatBreaksEveryConnection_GetsProbesOnlyUntilItAnswersOne(bool ejects)
    {
        using var healthy = new ManualResetEventSlim();
        using var server = new ScriptedServer(connection =>
        {
            while (connection.ReadRequest() is { } request)
            {
                if (!healthy.IsSet)
                {
                    connection.Reset();
                    return;
                }

                connection.Write(request[0] == "PING" ? "+PONG\r\n" : "+OK\r\n");
            }
        });
        var port = FreePorts.Next();
        using var keyway = ProxyRig.StartKeyway(
            port, [server.Address], $"server_retry_timeout: 20ms\nserver_failure_limit: 3\nauto_eject_hosts: {(ejects ? "true" : "false")}", threads: 1);
        using var client = RespClient.Connect(port);

        for (var i = 0; i < 3; i++)
        {
            Assert.Contains("lost before the reply", client.Call("SET", "key", "value").ToString());
            Assert.Equal("SET", server.NextRequest()[0]);
        }

        // From here on it is down: clients get errors at once, and only probes reach the server.
        for (var probes = 0; probes < 5; probes++)
        {
            Assert.Contains("is down", client.Call("SET", "key", "value").ToString());
            Assert.Equal(["PING"], server.NextRequest());
        }

        healthy.Set();
        Wait.Until(() => client.Call("SET", "key", "value").ToString() == "+OK", "served again");
    }

    [Fact]
    public void Slow_OneRequestOfMany_TimesOutAloneAndItsLateReplyIsSwallowed()
    {
        using var server = new ScriptedServer(static connection =>
        {
            // The reply to the slow request comes with that of the next, late for the one and in time for the other.
            var slow = connection.ReadRequest()!;
            var next = connection.ReadRequest()!;
            connection.Write($"${slow[1].Length}\r\n{slow[1]}\r\n${next[1].Length}\r\n{next[1]}\r\n");
            while (connection.ReadRequest() is { } request)
            {
                connection.Write($"${request[1].Length}\r\n{request[1]}\r\n");
            }
        });
        var port = FreePorts.Next();
        using var keyway = ProxyRig.StartKeyway(port, [server.Address], "timeout: 300ms", threads: 1);
        using var impatient = RespClient.Connect(port);
        using var neighbour = RespClient.Connect(port);

        Assert.StartsWith("-ERR timeout: no reply from server", impatient.Call("GET", "slow").ToString());
        Assert.Equal("$next", neighbour.Call("GET", "next").ToString());
        Assert.Equal("$again", impatient.Call("GET", "again").ToString());

        Assert.Equal(1, server.Connections);
        Assert.Empty(server.Failures);
    }

    [Fact]
    public void Slow_ScriptOnARealServer_FailsWithATimeoutAndNothingIsMixedUp()
    {
        using var rig = ProxyRig.Start(2, "timeout: 300ms\nserver_retry_timeout: 100ms", threads: 1);
        var keys = rig.KeysOfServers(1);
        using var slow = rig.Connect();
        using var other = rig.Connect();
        const string Busy = "local function now() local t = redis.call('TIME') return t[1] * 1000000 + t[2] end local till = now() + 450000 while now() < till do end return 'late'";
        other.Call("SET", keys[0][0], "zero");
        other.Call("SET", keys[1][0], "one");

        slow.Send("EVAL", Busy, "1", keys[0][0]);
        Assert.Equal("$one", other.Call("GET", keys[1][0]).ToString());
        Assert.StartsWith("-ERR timeout", slow.ReadReply().ToString());

        Wait.Until(() => slow.Call("GET", keys[0][0]) is var reply && Check(reply), "answering after the script");
        Assert.Equal("$zero", other.Call("GET", keys[0][0]).ToString());

        static bool Check(RespValue reply)
        {
            Assert.True(reply.IsError || reply.ToString() == "$zero", reply.ToString());
            return !reply.IsError;
        }
    }

    [Fact]
    public void Learning_ACommandFromAFrozenServer_EndsWithAnError()
    {
        using var rig = ProxyRig.Start(1, Settings);
        using var client = rig.Connect();
        Assert.Equal("+PONG", client.Call("PING").ToString());
        rig.Servers[0].Stop();

        client.Send("MODULE.COMMAND", "key");
        Assert.StartsWith("-ERR", client.ReadReply().ToString());
        client.Send("SELECT", "7");
        Assert.StartsWith("-ERR", client.ReadReply().ToString());
        Assert.Equal("+PONG", client.Call("PING").ToString());
        Assert.Equal('%', client.Call("HELLO", "3").Type);
        rig.Servers[0].Continue();

        Wait.Until(() => client.Call("SELECT", "7").ToString() == "+OK", "selecting after the server went on");
        Assert.StartsWith("-ERR unknown command 'MODULE.COMMAND'", client.Call("MODULE.COMMAND", "key").ToString());
    }

    [Fact]
    public void Learning_ACommandFromAServerThatIsGone_EndsWithAnErrorAtOnce()
    {
        var (port, nobody) = (FreePorts.Next(), FreePorts.Next());
        using var keyway = ProxyRig.StartKeyway(port, [$"127.0.0.1:{nobody}"], "server_failure_limit: 1000000");
        using var client = RespClient.Connect(port);

        Assert.StartsWith($"-ERR cannot connect to server 127.0.0.1:{nobody}", client.Call("MODULE.COMMAND", "key").ToString());
        Assert.StartsWith($"-ERR cannot connect to server 127.0.0.1:{nobody}", client.Call("MODULE.COMMAND", "key").ToString());
        using var server = ScriptedServer.Answering(static request => request[0] == "COMMAND" ? "*1\r\n*6\r\n$14\r\nmodule.command\r\n:2\r\n*1\r\n+readonly\r\n:1\r\n:1\r\n:1\r\n" : "+done\r\n", nobody);
        Assert.Equal("+done", client.Call("MODULE.COMMAND", "key").ToString());
    }

    /// <summary>Clients that write and read keys of known servers without a pause, and check every reply against its request.</summary>
    private sealed class CheckedLoad : IDisposable
    {
        private readonly string[][] _keys;
        private readonly int[] _rights;
        private readonly int[] _errors;
        private readonly ConcurrentQueue<(int Server, string Error)> _seen = new();
        private readonly Task[] _clients;
        private volatile bool _stopped;
        private long _longestFailed;

        public CheckedLoad(int port, string[][] keys, int clients)
        {
            _keys = keys;
            _rights = new int[keys.Length];
            _errors = new int[keys.Length];
            _clients = [.. Enumerable.Range(0, clients).Select(number => Task.Factory.StartNew(() => Run(port, number), TaskCreationOptions.LongRunning))];
        }

        /// <summary>The longest that any failed request took.</summary>
        public TimeSpan LongestFailed => TimeSpan.FromTicks(Volatile.Read(ref _longestFailed));

        /// <summary>Waits for right replies of every server that is not failing.</summary>
        public void AwaitProgress()
        {
            var before = _rights.ToArray();
            Await(() => before.Where((count, server) => Volatile.Read(ref _rights[server]) > count + 50).Count() >= before.Length - 1, "progress");
        }

        /// <summary>Waits until requests to the server fail.</summary>
        public void AwaitErrors(int server)
        {
            var before = Volatile.Read(ref _errors[server]);
            Await(() => Volatile.Read(ref _errors[server]) >= before + 5, "errors");
        }

        /// <summary>Waits until the server gives right replies, and then no more errors.</summary>
        public void AwaitRecovery(int server)
        {
            var (rights, errors) = (Volatile.Read(ref _rights[server]), Volatile.Read(ref _errors[server]));
            Await(
                () =>
                {
                    if (Volatile.Read(ref _errors[server]) is var now && now > errors)
                    {
                        (rights, errors) = (Volatile.Read(ref _rights[server]), now);
                    }

                    return Volatile.Read(ref _rights[server]) > rights + 200;
                },
                "recovery");
        }

        public void AssertErrorsOnlyOf(int server, string address)
        {
            Dispose();
            Assert.NotEmpty(_seen);
            Assert.All(_seen, seen => Assert.True(seen.Server == server || seen.Server < 0, $"server {seen.Server} failed: {seen.Error}"));
            Assert.All(_seen, seen => Assert.Contains(address, seen.Error));
        }

        public void Dispose()
        {
            _stopped = true;
            var hasEnded = Task.WaitAll(_clients, TimeSpan.FromSeconds(20));
            Assert.True(hasEnded, "a client hangs");
        }

        private void Await(Func<bool> condition, string what) => Wait.Until(
            () =>
            {
                Assert.DoesNotContain(_clients, static client => client.IsFaulted);
                return condition();
            },
            what);

        private void Run(int port, int number)
        {
            using var client = RespClient.Connect(port);
            var random = new Random(number);
            for (var i = 0; !_stopped; i++)
            {
                var server = random.Next(_keys.Length);
                var key = string.Create(CultureInfo.InvariantCulture, $"{_keys[server][random.Next(_keys[server].Length)]}");
                var started = Stopwatch.GetTimestamp();
                var spread = _keys.Select(keys => keys[random.Next(keys.Length)]).ToArray();
                client.SendRaw(
                [
                    .. RespClient.Encode("SET", key, string.Create(CultureInfo.InvariantCulture, $"{key} {i}")), .. RespClient.Encode("GET", key),
                    .. RespClient.Encode(["MGET", .. spread]), .. RespClient.Encode("ECHO", key),
                ]);
                Take(server, started, client.ReadReply(), static reply => reply.ToString() == "+OK");
                Take(server, started, client.ReadReply(), reply => reply.IsNull || reply.Text!.StartsWith(key + " ", StringComparison.Ordinal));
                TakeSpread(spread, client.ReadReply());
                Assert.Equal("$" + key, client.ReadReply().ToString());
            }
        }

        private void TakeSpread(string[] keys, RespValue reply)
        {
            if (reply.IsError)
            {
                _seen.Enqueue((Server: -1, reply.Text!));
                return;
            }

            Assert.Equal(keys.Length, reply.Items.Count);
            Assert.All(reply.Items.Zip(keys), static pair => Assert.True(pair.First.IsNull || pair.First.Text!.StartsWith(pair.Second + " ", StringComparison.Ordinal), pair.ToString()));
        }

        private void Take(int server, long started, RespValue reply, Func<RespValue, bool> isRight)
        {
            if (reply.IsError)
            {
                Assert.StartsWith("-ERR ", reply.ToString());
                _seen.Enqueue((server, reply.Text!));
                Interlocked.Increment(ref _errors[server]);
                var took = Stopwatch.GetElapsedTime(started).Ticks;
                Interlocked.Exchange(ref _longestFailed, Math.Max(took, Volatile.Read(ref _longestFailed)));
                return;
            }

            Assert.True(isRight(reply), $"wrong reply {reply}");
            Interlocked.Increment(ref _rights[server]);
        }
    }
}
