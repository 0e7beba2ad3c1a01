using System.Collections.Concurrent;
using System.Globalization;
using Keyway.IntegrationTests.Proxy;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Memcached;

/// <summary>Memcached servers that die, hang and come back, under load: errors for their keys alone, never a wrong answer, and no client hangs.</summary>
[Collection(AloneCollection.Name)]
public sealed class ServerLossTests
{
    private const string Settings = "timeout: 300ms\nserver_retry_timeout: 100ms\nconnect_timeout: 500ms\n";

    public static TheoryData<string> Pollers => [ProxyRig.Epoll, ProxyRig.Managed];

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Killed_AndRestarted_FailsOnlyItsKeysAndServesAgain(string poller)
    {
        using var rig = MemcachedRig.Start(4, Settings, poller);
        using var load = new NumberedLoad(rig.Port, rig.KeysOfServers(8), clients: 6);

        load.AwaitRights(except: -1);
        rig.Servers[1].Kill();
        load.AwaitErrors(1);
        load.AwaitRights(except: 1);
        rig.Servers[1].Restart();
        load.AwaitRights(except: -1);

        load.AssertErrorsOnlyOf(1);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Frozen_AndContinued_TimesOutAloneAndItsLateAnswersReachNobody(string poller)
    {
        using var rig = MemcachedRig.Start(4, Settings, poller);
        using var load = new NumberedLoad(rig.Port, rig.KeysOfServers(8), clients: 6);

        for (var round = 0; round < 3; round++)
        {
            load.AwaitRights(except: -1);
            rig.Servers[2].Stop();
            load.AwaitErrors(2);
            load.AwaitRights(except: 2);
            rig.Servers[2].Continue();
        }

        load.AwaitRights(except: -1);
        load.AssertErrorsOnlyOf(2);
    }

    [Fact]
    public void GetOfManyKeys_OneServerGone_GivesTheOthersValuesAndAnErrorInPlaceOfEnd()
    {
        using var rig = MemcachedRig.Start(4, Settings, threads: 1);
        var keys = rig.KeysOfServers(2);
        using var client = rig.Connect();
        var all = keys.SelectMany(static own => own).ToArray();
        Assert.All(all, key => Assert.Equal("STORED", client.Set(key, "value of " + key)));
        rig.Servers[3].Kill();

        for (var i = 0; i < 20; i++)
        {
            client.Send($"get {string.Join(' ', all)}\r\n");
            var (values, end) = client.ReadValues();
            Assert.StartsWith("SERVER_ERROR ", end);
            Assert.Contains(rig.Servers[3].Address, end);
            Assert.Equal(all.Except(keys[3]), values.Keys);
            Assert.All(values, static pair => Assert.Equal("value of " + pair.Key, pair.Value));
        }

        Assert.Equal("value of " + keys[0][0], client.Get(keys[0][0]));
        Assert.StartsWith("SERVER_ERROR ", client.Call($"delete {keys[3][0]}\r\n"));
        client.Send($"set {keys[3][0]} 0 0 1 noreply\r\nx\r\nms {keys[3][0]} 1 q\r\nx\r\nmn\r\n");
        Assert.StartsWith("SERVER_ERROR ", client.ReadLine());
        Assert.Equal("MN", client.ReadLine());
    }

    [Fact]
    public void ErrorOfOneClient_OnASharedConnection_LeavesTheOthersAnswersAlone()
    {
        using var rig = MemcachedRig.Start(1, threads: 1);
        using var rude = rig.Connect();
        using var neighbour = rig.Connect();
        Assert.Equal("STORED", neighbour.Set("text", "abc"));

        for (var i = 0; i < 200; i++)
        {
            rude.Send($"incr text 1\r\nget {new string('k', 251)}\r\nms text x\r\nset text 0 0 2\r\nabc\r\nnonsense\r\n");
            neighbour.Send(string.Concat(Enumerable.Repeat("get text\r\n", 50)));
            for (var answer = 0; answer < 50; answer++)
            {
                Assert.Equal("VALUE text 0 3", neighbour.ReadLine());
                Assert.Equal("abc\r\nEND\r\n", neighbour.ReadRaw(10));
            }
        }
    }

    /// <summary>Clients that write and read numbered values of known servers without a pause, and check every answer against its request.</summary>
    private sealed class NumberedLoad : IDisposable
    {
        private const int RightsToSee = 100;

        private readonly string[][] _keys;
        private readonly int[] _rights;
        private readonly int[] _errors;
        private readonly ConcurrentQueue<(int Server, string Error)> _seen = new();
        private readonly Task[] _clients;
        private volatile bool _stopped;

        public NumberedLoad(int port, string[][] keys, int clients)
        {
            _keys = keys;
            _rights = new int[keys.Length];
            _errors = new int[keys.Length];
            _clients = [.. Enumerable.Range(0, clients).Select(number => Task.Factory.StartNew(() => Run(port, number), TaskCreationOptions.LongRunning))];
        }

        /// <summary>Waits until every server but one gives right answers again and again; -1 for all.</summary>
        public void AwaitRights(int except)
        {
            var before = _rights.ToArray();
            Await(() => before.Select((count, server) => server == except || Volatile.Read(ref _rights[server]) > count + RightsToSee).All(static holds => holds), "right answers");
        }

        public void AwaitErrors(int server)
        {
            var before = Volatile.Read(ref _errors[server]);
            Await(() => Volatile.Read(ref _errors[server]) >= before + 5, "errors");
        }

        public void AssertErrorsOnlyOf(int server)
        {
            Dispose();
            Assert.NotEmpty(_seen);
            Assert.All(_seen, seen => Assert.True(seen.Server == server, $"server {seen.Server} failed: {seen.Error}"));
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
            using var client = MemcachedClient.Connect(port);
            var random = new Random(number);
            for (var i = 0; !_stopped; i++)
            {
                var server = random.Next(_keys.Length);
                var key = _keys[server][random.Next(_keys[server].Length)];
                var spread = _keys.Select(keys => keys[random.Next(keys.Length)]).ToArray();
                var value = string.Create(CultureInfo.InvariantCulture, $"{key} {number} {i}");
                client.Send($"set {key} 0 0 {value.Length}\r\n{value}\r\nset {key} 0 0 {value.Length} noreply\r\n{value}\r\nget {key}\r\nget {string.Join(' ', spread)}\r\nmg {key} k v O{i}\r\n");
                Take(server, client.ReadLine(), "STORED");
                TakeValues([key], client.ReadValues(), server);
                TakeValues(spread, client.ReadValues(), server: null);
                TakeMeta(server, key, i, client);
            }
        }

        private void TakeMeta(int server, string key, int opaque, MemcachedClient client)
        {
            var line = client.ReadLine();
            if (line.StartsWith("VA ", StringComparison.Ordinal))
            {
                Assert.EndsWith(string.Create(CultureInfo.InvariantCulture, $" k{key} O{opaque}"), line);
                var length = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
                Assert.StartsWith(key + " ", client.ReadRaw(length + 2));
            }
            else
            {
                Take(server, line, string.Create(CultureInfo.InvariantCulture, $"EN k{key} O{opaque}"));
            }
        }

        private void TakeValues(string[] keys, (Dictionary<string, string> Values, string End) answer, int? server)
        {
            Assert.All(answer.Values, pair => Assert.Contains(pair.Key, keys));
            Assert.All(answer.Values, static pair => Assert.StartsWith(pair.Key + " ", pair.Value));
            if (server is { } one)
            {
                Take(one, answer.End, "END");
            }
            else
            {
                Assert.True(answer.End == "END" || answer.End.StartsWith("SERVER_ERROR ", StringComparison.Ordinal), answer.End);
            }
        }

        private void Take(int server, string answer, string right)
        {
            if (answer == right)
            {
                Interlocked.Increment(ref _rights[server]);
                return;
            }

            Assert.StartsWith("SERVER_ERROR ", answer);
            _seen.Enqueue((server, answer));
            Interlocked.Increment(ref _errors[server]);
        }
    }
}
