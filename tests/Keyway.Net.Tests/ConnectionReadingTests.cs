namespace Keyway.Net.Tests;

public sealed class ConnectionReadingTests
{
    private const int Scratch = 64 * 1024;

    public static TheoryData<string> All => Pollers.All;

    public static TheoryData<string, string> AllKinds =>
        [.. from poller in Pollers.All from kind in (string[])["tcp", "tcp6", "unix"] select (poller.Data, kind)];

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Echo_AnyKindOfSocket_Answers(string poller, string kind)
    {
        Assert.SkipUnless(kind != "tcp6" || Endpoints.HasIpv6, "this system has no IPv6");
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Of(host, kind);

        pair.Peer.SendFrame(1, 2, 3);

        Assert.Equal([1, 2, 3], pair.Peer.ReceiveFrame());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Frames_CutAnywhere_ComeWhole(string poller)
    {
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Tcp(host);
        var bytes = FramePeer.Frames([1], [], [2, 3, 4]);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            pair.Peer.Send(bytes.AsSpan(0, cut));
            host.Do(static () => { });
            pair.Peer.Send(bytes.AsSpan(cut));

            Assert.Equal([1], pair.Peer.ReceiveFrame());
            Assert.Equal([], pair.Peer.ReceiveFrame());
            Assert.Equal([2, 3, 4], pair.Peer.ReceiveFrame());
        }

        Assert.Equal(0, host.Do(() => pair.Connection.Unfinished));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Frames_LargerThanScratchBuffer_ComeWhole(string poller)
    {
        using var host = new ReactorHost(poller);
        var random = new Random(5);
        int[] sizes = [3, Scratch / 2, (Scratch / 2) - 4, (Scratch / 2) - 3, Scratch - 4, Scratch - 3, Scratch, 10, 5 * Scratch, 700_000, 0, 2 * Scratch];
        foreach (var knowsLength in (bool[])[false, true])
        {
            using var pair = SocketPair.Tcp(host, () => new FrameConnection(host) { KnowsLength = knowsLength, OnFrame = static (_, _) => { } });
            byte[][] payloads = [.. sizes.Select(size =>
            {
                var payload = new byte[size];
                random.NextBytes(payload);
                return payload;
            })];

            var rest = FramePeer.Frames(payloads).AsSpan();
            while (!rest.IsEmpty)
            {
                var piece = Math.Min(rest.Length, random.Next(1, 3) == 1 ? random.Next(1, 2_000) : random.Next(1, 100_000));
                pair.Peer.Send(rest[..piece]);
                rest = rest[piece..];
            }

            foreach (var payload in payloads)
            {
                Assert.True(payload.AsSpan().SequenceEqual(Wait.For(pair.Connection.Frames, "frame")), "another payload");
            }

            Assert.Equal(0, host.Do(() => pair.Connection.Unfinished));
        }
    }

    [Theory]
    [InlineData(100_000, 128 * 1024)]
    [InlineData(512 * 1024, 512 * 1024)]
    public void UnfinishedFrame_LengthKnown_TakesOneBufferThatFits(int length, int buffer)
    {
        using var host = new ReactorHost("managed");
        using var pair = SocketPair.Tcp(host, () => new FrameConnection(host) { KnowsLength = true, OnFrame = static (_, _) => { } });
        var frame = FramePeer.Frame(new byte[length - 4]);
        for (var at = 0; at < length - 1;)
        {
            // The last byte is held back; a few pieces, each whole before the next.
            var next = Math.Min(length - 1, at + (length / 5));
            pair.Peer.Send(frame.AsSpan(at, next - at));
            at = next;
            while (host.Do(() => pair.Connection.Unfinished) < at)
            {
            }

            Assert.Equal(buffer, host.Do(() => host.Reactor.Buffers.InUse));
        }

        pair.Peer.Send(frame.AsSpan(length - 1));
        Assert.Equal(length - 4, Wait.For(pair.Connection.Frames, "frame").Length);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void UnfinishedFrame_LengthKnownAndSentInDrops_IsNotMovedForEach(string poller)
    {
        const int Length = 8 * 1024 * 1024;
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Tcp(host, () => new FrameConnection(host) { KnowsLength = true, OnFrame = static (_, _) => { } });
        var frame = FramePeer.Frame(new byte[Length - 4]);
        var before = host.Do(GC.GetAllocatedBytesForCurrentThread);
        for (var i = 0; i < 50; i++)
        {
            pair.Peer.Send(frame.AsSpan(i, 1));
            while (host.Do(() => pair.Connection.Unfinished) <= i)
            {
            }
        }

        Assert.InRange(host.Do(GC.GetAllocatedBytesForCurrentThread) - before, Length, 5 * Length); // moved for each: fifty times
        pair.Peer.Send(frame.AsSpan(50));
        Assert.Equal(Length - 4, Wait.For(pair.Connection.Frames, "frame").Length);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void PauseReading_BytesThatCame_AreKeptUntilResumed(string poller)
    {
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Tcp(host, () => new FrameConnection(host)
        {
            OnFrame = static (connection, payload) =>
            {
                connection.Answer(payload);
                connection.PauseReading();
            },
        });
        pair.Peer.Send(FramePeer.Frames([1], [2], [3]));
        Assert.Equal([1], pair.Peer.ReceiveFrame());
        pair.Peer.Send(FramePeer.Frames([4], [5]));

        for (byte next = 2; next <= 5; next++)
        {
            host.AssertIdle();
            Assert.Equal(next - 1, pair.Connection.Frames.Count);
            host.Do(pair.Connection.ResumeReading);
            Assert.Equal([next], pair.Peer.ReceiveFrame());
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void PauseReading_ResumedInSameWakeUp_LosesNothing(string poller)
    {
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Tcp(host, () => new FrameConnection(host)
        {
            OnFrame = static (connection, payload) =>
            {
                connection.Answer(payload);
                connection.PauseReading();
                connection.ResumeReading();
                connection.PauseReading();
                connection.ResumeReading();
            },
        });
        pair.Peer.Send(FramePeer.Frames([1], [2], [3]));

        Assert.Equal([1], pair.Peer.ReceiveFrame());
        Assert.Equal([2], pair.Peer.ReceiveFrame());
        Assert.Equal([3], pair.Peer.ReceiveFrame());
        host.AssertIdle();
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void HalfClose_ByPeer_AnswersStillArrive(string poller, string kind)
    {
        Assert.SkipUnless(kind != "tcp6" || Endpoints.HasIpv6, "this system has no IPv6");
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Of(host, kind, () => new FrameConnection(host) { OnFrame = static (_, _) => { }, WhenEnded = static _ => { } });
        pair.Peer.SendFrame(7);
        pair.Peer.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Wait.For(pair.Connection.Ended, "end of stream");
        host.AssertIdle();

        host.Do(() => pair.Connection.Answer([8]));

        Assert.Equal([8], pair.Peer.ReceiveFrame());
        Assert.True(host.Do(() => pair.Connection.IsEndOfStream && pair.Connection.IsOpen));
        host.Do(() => pair.Connection.Close("answered"));
        Assert.True(pair.Peer.IsAtEnd());
        Assert.Equal("answered", Wait.For(pair.Connection.Closed, "close"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void HalfClose_ReadingPausedAndResumed_IsToldOnce(string poller)
    {
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Tcp(host, () => new FrameConnection(host) { WhenEnded = static connection => connection.PauseReading() });
        pair.Peer.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Wait.For(pair.Connection.Ended, "end of stream");

        host.Do(pair.Connection.ResumeReading);
        host.AssertIdle();

        Assert.Equal(1, pair.Connection.TimesEnded);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void HalfClose_OfOurs_EndsPeersStreamOnly(string poller)
    {
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Tcp(host);

        host.Do(pair.Connection.EndOutput);

        Assert.True(pair.Peer.IsAtEnd());
        pair.Peer.SendFrame(9);
        Assert.Equal([9], Wait.For(pair.Connection.Frames, "frame"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void EndOfStream_InsideFrame_ClosesAndKeepsNothing(string poller)
    {
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Tcp(host);

        pair.Peer.Send([0, 0, 0, 9, 1]);
        pair.Peer.Dispose();

        Assert.Equal("connection closed by peer", Wait.For(pair.Connection.Closed, "close"));
        Assert.Empty(pair.Connection.Frames);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Reset_ByPeer_Closes(string poller)
    {
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Tcp(host);

        pair.Peer.Reset();

        Assert.Contains("reset", Wait.For(pair.Connection.Closed, "close"), StringComparison.OrdinalIgnoreCase);
        host.AssertIdle();
        Assert.Equal(1, pair.Connection.TimesClosed);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Close_ByPeerWhilePaused_DoesNotSpinAndBytesAreStillRead(string poller)
    {
        using var host = new ReactorHost(poller);
        foreach (var kind in (string[])["tcp", "unix"])
        {
            using var pair = SocketPair.Of(host, kind);
            host.Do(pair.Connection.PauseReading);
            pair.Peer.SendFrame(1);
            pair.Peer.Dispose();
            host.AssertIdle();
            Assert.False(pair.Connection.IsClosed);

            host.Do(pair.Connection.ResumeReading);

            Wait.For(pair.Connection.Closed, "close");
            Assert.Equal([1], Wait.For(pair.Connection.Frames, "frame"));
        }
    }

    [Theory]
    [InlineData("tcp", "close")]
    [InlineData("tcp", "half")]
    [InlineData("tcp", "reset")]
    [InlineData("unix", "close")]
    [InlineData("unix", "half")]
    public void EndOfPeer_WhilePausedBehindUnreadBytes_IsToldAtOnceAndBytesAreStillRead(string kind, string end)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only epoll can tell");
        using var host = new ReactorHost("epoll");
        using var pair = SocketPair.Of(host, kind);
        host.Do(pair.Connection.PauseReading);
        pair.Peer.SendFrame(1);
        host.AssertIdle();
        Assert.False(host.Do(() => pair.Connection.HasPeerEnded));

        switch (end)
        {
            case "close":
                pair.Peer.Dispose();
                break;
            case "half":
                pair.Peer.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
                break;
            default:
                pair.Peer.Reset();
                break;
        }

        host.AssertIdle();
        Assert.True(host.Do(() => pair.Connection is { HasPeerEnded: true, IsEndOfStream: false, IsOpen: true }));
        host.Do(pair.Connection.ResumeReading);
        Assert.Equal([1], Wait.For(pair.Connection.Frames, "frame"));
        Wait.For(pair.Connection.Closed, "close");
        Assert.Equal(1, pair.Connection.TimesPeerEnded);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Reset_ByPeerWhilePaused_DoesNotSpinAndIsSeenWhenResumed(string poller)
    {
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Tcp(host);
        host.Do(pair.Connection.PauseReading);
        pair.Peer.Reset();
        host.AssertIdle();

        host.Do(pair.Connection.ResumeReading);

        Wait.For(pair.Connection.Closed, "close");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Reset_ByPeerWhilePaused_IsSeenWhenWriting(string poller)
    {
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Tcp(host);
        host.Do(pair.Connection.PauseReading);
        pair.Peer.Reset();
        host.AssertIdle();

        host.Do(() => pair.Connection.Answer([1]));

        Wait.For(pair.Connection.Closed, "close");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Close_ByPeerAfterHalfClose_DoesNotSpin(string poller)
    {
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Of(host, "unix", () => new FrameConnection(host) { WhenEnded = static _ => { } });
        pair.Peer.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Wait.For(pair.Connection.Ended, "end of stream");

        pair.Peer.Dispose();

        host.AssertIdle();
    }
}
