using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Proxy;

/// <summary>Clients that read slowly, leave half-way or die: their neighbours, on the same server connections, notice nothing.</summary>
public sealed class RoughClientTests(Rigs rigs) : IClassFixture<Rigs>
{
    public static TheoryData<int, string> Shapes => Rigs.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Client_ThatDoesNotReadItsReplies_HoldsUpNobodyAndGetsThemAll(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var slow = rig.Connect(TimeSpan.FromSeconds(30));
        using var neighbour = rig.Connect();
        const int Requests = 4000;
        var value = new string('v', 16 * 1024);
        neighbour.Call("SET", "key", value);
        var request = RespClient.Encode("GET", "key");
        var sender = Task.Run(() =>
        {
            for (var i = 0; i < Requests; i++)
            {
                slow.SendRaw(request);
            }
        });

        // 64 MB of replies that nobody takes: far more than the sockets and limits.client_output hold.
        for (var i = 0; i < 500; i++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"key{i}");
            Assert.Equal("+OK", neighbour.Call("SET", key, key).ToString());
            Assert.Equal("$" + key, neighbour.Call("GET", key).ToString());
        }

        Assert.InRange(rig.Keyway.Process.ResidentBytes, 0, 256L << 20);
        for (var i = 0; i < Requests; i++)
        {
            Assert.Equal(value, slow.ReadReply().Text);
        }

        await sender;
    }

    [Theory]
    [InlineData(ProxyRig.Epoll)]
    [InlineData(ProxyRig.Managed)]
    public void Client_WithMoreUntakenRepliesThanTheHardLimit_IsClosedAlone(string poller)
    {
        using var rig = ProxyRig.Start(1, "limits: {client_output: 64kb, client_output_hard: 8mb}", poller, threads: 1);
        using var slow = rig.Connect();
        using var neighbour = rig.Connect();
        neighbour.Call("SET", "key", new string('v', 1 << 20));
        slow.SendRaw([.. Enumerable.Range(0, 500).SelectMany(static _ => RespClient.Encode("GET", "key"))]);

        Wait.Until(() => rig.Keyway.Log.Contains("replies not taken (limits.client_output_hard)", StringComparison.Ordinal), "closed");

        Assert.Single(neighbour.Call("CLIENT", "LIST").Text!.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(1 << 20, neighbour.Call("GET", "key").Text!.Length);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Client_ThatClosesItsHalf_StillGetsEveryReply(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        for (var round = 0; round < 20; round++)
        {
            using var client = rig.Connect();
            for (var i = 0; i < 200; i++)
            {
                client.Send("SET", string.Create(CultureInfo.InvariantCulture, $"key{i}"), "value");
                client.Send("MGET", string.Create(CultureInfo.InvariantCulture, $"key{i}"), "key1");
            }

            client.SendRaw("*2\r\n$3\r\nGET\r\n$9\r\nunfinis");
            client.HalfClose();

            for (var i = 0; i < 200; i++)
            {
                Assert.Equal("+OK", client.ReadReply().ToString());
                Assert.Equal("$value", client.ReadReply().Items[0].ToString());
            }

            Assert.True(client.IsClosedByPeer());
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Clients_ThatDieAtRandomMoments_DisturbNoReplyOfOthers(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var watcher = rig.Servers[0].Connect();
        using var neighbour = rig.Connect();
        neighbour.Call("SET", "large", new string('l', 300_000));
        var done = 0;

        Wait.ForAll(
        [
            () => DieOften(rig, seed: 1, ref done),
            () => DieOften(rig, seed: 2, ref done),
            () =>
            {
                for (var i = 0; Volatile.Read(ref done) < 2; i++)
                {
                    var key = string.Create(CultureInfo.InvariantCulture, $"mine{i % 100}");
                    Assert.Equal("+OK", neighbour.Call("SET", key, key).ToString());
                    Assert.Equal("$" + key, neighbour.Call("GET", key).ToString());
                    Assert.Equal($"*[${key}, $null]", neighbour.Call("MGET", key, "none").ToString());
                }
            },
        ]);

        Assert.DoesNotContain("lost", rig.Keyway.Log);
        Assert.DoesNotContain("defect", rig.Keyway.Log);
        var connections = watcher.Call("CLIENT", "LIST").Text!.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        Assert.InRange(connections, 2, 3 + 2);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Clients_AThousandAtOnce_EachGetsItsOwnReplies(int servers, string poller)
    {
        var rig = rigs.Get(servers, poller);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                sockets.Add(socket);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, rig.Port), limit.Token);
            }

            await Task.WhenAll(sockets.Select((socket, number) => Work(socket, number, limit.Token)));
        }
        finally
        {
            sockets.ForEach(static socket => socket.Dispose());
        }
    }

    private static async Task Work(Socket socket, int number, CancellationToken stop)
    {
        var buffer = new byte[1024];
        for (var i = 0; i < 10; i++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"client{number}:{i % 3}");
            var value = string.Create(CultureInfo.InvariantCulture, $"{key} {i}");
            byte[] request = [.. RespClient.Encode("SET", key, value), .. RespClient.Encode("GET", key), .. RespClient.Encode("MGET", key, "none")];
            var expected = $"+OK\r\n${value.Length}\r\n{value}\r\n*2\r\n${value.Length}\r\n{value}\r\n$-1\r\n";
            await socket.SendAsync(request, stop);
            var received = 0;
            while (received < expected.Length)
            {
                var count = await socket.ReceiveAsync(buffer.AsMemory(received), stop);
                Assert.NotEqual(0, count);
                received += count;
            }

            Assert.Equal(expected, System.Text.Encoding.ASCII.GetString(buffer, 0, received));
        }
    }

    private static void DieOften(ProxyRig rig, int seed, ref int done)
    {
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            using var client = rig.Connect();
            byte[] requests =
            [
                .. RespClient.Encode("SET", "theirs", new string('x', random.Next(100_000))), .. RespClient.Encode("GET", "large"),
                .. RespClient.Encode("MGET", "theirs", "large", "mine1"), .. RespClient.Encode("DEL", "theirs", "more"), .. RespClient.Encode("GET", "large"),
            ];
            client.SendRaw(requests.AsSpan(0, random.Next(1, requests.Length + 1)));
            if (random.Next(3) == 0 && client.Socket.Poll(TimeSpan.FromMilliseconds(1), SelectMode.SelectRead))
            {
                // Some have begun to read.
                client.Socket.Receive(new byte[random.Next(1, 1000)], SocketFlags.None, out _);
            }

            if (random.Next(2) == 0)
            {
                client.Reset();
            }
        }

        Interlocked.Increment(ref done);
    }
}
