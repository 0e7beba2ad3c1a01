using Keyway.Testing;

namespace Keyway.Net.Tests;

public sealed class ConnectionWritingTests
{
    public static TheoryData<string> All => Pollers.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Answers_ManyInOneWakeUp_LeaveInOneSend(string poller)
    {
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Tcp(host);
        pair.Peer.Send(FramePeer.Frames([.. Enumerable.Range(0, 50).Select(static i => (byte[])[(byte)i])]));

        for (byte i = 0; i < 50; i++)
        {
            Assert.Equal([i], pair.Peer.ReceiveFrame());
        }

        Assert.Equal(1, host.Do(() => pair.Connection.TimesSent));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Requests_OfManyClients_LeaveInOneSendAfterReplies(string poller)
    {
        using var host = new ReactorHost(poller);
        var sent = new List<string>();
        using var server = SocketPair.Tcp(host, () => new FrameConnection(host, isServer: true) { WhenSent = _ => sent.Add("server") });
        SocketPair[] clients = [.. Enumerable.Range(0, 10).Select(_ => SocketPair.Tcp(host, () => new FrameConnection(host)
        {
            OnFrame = (connection, payload) =>
            {
                connection.Answer("queued"u8);
                server.Connection.Answer(payload);
            },
            WhenSent = _ => sent.Add("client"),
        }))];
        using (host.Hold())
        {
            foreach (var client in clients)
            {
                client.Peer.SendFrame(1);
            }
        }

        foreach (var client in clients)
        {
            Assert.Equal("queued"u8.ToArray(), client.Peer.ReceiveFrame());
            Assert.Equal([1], server.Peer.ReceiveFrame());
            client.Dispose();
        }

        Assert.Equal([.. Enumerable.Repeat("client", clients.Length), "server"], host.Do(() => sent.ToArray()));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Output_LargerThanSocketBuffer_ArrivesWhole(string poller)
    {
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Tcp(host);
        var payload = new byte[20_000_000];
        new Random(3).NextBytes(payload);

        host.Do(() => pair.Connection.Answer(payload));
        host.Do(static () => { });
        Assert.True(host.Do(() => pair.Connection.Out.Length) > 0, "the socket's buffer took everything");
        host.AssertIdle();

        // Reading goes on meanwhile.
        pair.Peer.SendFrame(5);
        Assert.Equal([5], Wait.For(pair.Connection.Frames, "frame"));

        Assert.True(payload.AsSpan().SequenceEqual(pair.Peer.ReceiveFrame()), "other bytes");
        Assert.Equal([5], pair.Peer.ReceiveFrame());

        // Write readiness is no longer asked for: else every wait would end at once.
        host.AssertIdle();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Output_DroppedWhileBlocked_DoesNotSpin(string poller)
    {
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Tcp(host);
        host.Do(() =>
        {
            pair.Connection.Out.Write(new byte[20_000_000]);
            pair.Connection.QueueFlush();
        });
        var rest = host.Do(() =>
        {
            var length = pair.Connection.Out.Length;
            pair.Connection.Out.Clear();
            return length;
        });

        pair.Peer.Receive(20_000_000 - (int)rest);

        host.AssertIdle();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Close_WithUnsentOutput_LosesItAndEndsStream(string poller)
    {
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Tcp(host);

        host.Do(() =>
        {
            pair.Connection.Answer([1]);
            pair.Connection.Close("enough");
            pair.Connection.Close("more than enough");
        });

        Assert.True(pair.Peer.IsAtEnd());
        Assert.Equal("enough", Wait.For(pair.Connection.Closed, "close"));
        Assert.Equal(1, pair.Connection.TimesClosed);
    }

    [Fact]
    public void Echo_Warm_AllocatesNothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the managed poller allocates in Select");
        const int Batch = 20;
        using var host = new ReactorHost("epoll");
        long allocated = 0; // by the reactor's thread, as of the last message
        var accepted = new TaskCompletionSource<EchoConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listener = host.Listen(Endpoints.Tcp, socket =>
        {
            var echo = new EchoConnection(host.Reactor, () => Volatile.Write(ref allocated, GC.GetAllocatedBytesForCurrentThread()));
            echo.Attach(socket, keepAlive: false);
            accepted.SetResult(echo);
        });
        using var peer = new FramePeer(Endpoints.Of(listener));
        var echo = Wait.For(accepted.Task, "connection");
        byte[] batch = [.. Enumerable.Repeat("*1\r\n$4\r\nPING\r\n"u8.ToArray(), Batch).SelectMany(static message => message)];
        Send(100);

        Assert.Equal(0, Allocations.Least(() => Volatile.Read(ref allocated), () => Send(50)));
        host.Do(() => echo.Close("done"));

        void Send(int batches)
        {
            for (var i = 0; i < batches; i++)
            {
                peer.Send(batch);
                peer.Receive(batch.Length);
            }
        }
    }

    /// <summary>Sends back what comes, message by message.</summary>
    private sealed class EchoConnection(Reactor reactor, Action onMessage) : Connection(reactor, isServer: false)
    {
        private const int Message = 14;

        protected override int OnBytes(ReadOnlySpan<byte> bytes)
        {
            var at = 0;
            for (; bytes.Length - at >= Message; at += Message)
            {
                onMessage();
                Out.Write(bytes.Slice(at, Message));
                QueueFlush();
            }

            return at;
        }

        protected override void OnClosed(string reason)
        {
        }
    }
}
