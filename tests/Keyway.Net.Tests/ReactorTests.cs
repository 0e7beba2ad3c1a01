using System.Collections.Concurrent;
using Keyway.Net.Timers;

namespace Keyway.Net.Tests;

public sealed class ReactorTests
{
    public static TheoryData<string> All => Pollers.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Post_FromManyThreads_KeepsOrderOfEach(string poller)
    {
        const int Threads = 4;
        const int Posts = 5_000;
        using var host = new ReactorHost(poller);
        var next = new int[Threads];
        var disorder = 0;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            for (var i = 0; i < Posts; i++)
            {
                var number = i;
                host.Reactor.Post(() => disorder += next[thread]++ == number ? 0 : 1);
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => Assert.True(thread.Join(Wait.Limit)));

        Assert.Equal(0, host.Do(() => disorder));
        Assert.Equal(Enumerable.Repeat(Posts, Threads), next);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Post_ManyWhileBusy_WakesOnce(string poller)
    {
        using var host = new ReactorHost(poller);
        long before;
        using (host.Hold())
        {
            before = host.WakeUps;
            for (var i = 0; i < 10_000; i++)
            {
                host.Reactor.Post(static () => { });
            }
        }

        host.Do(static () => { });
        Assert.InRange(host.WakeUps - before, 1, 3);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Post_ActionThatPostsItself_StarvesNobody(string poller)
    {
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Tcp(host);
        var goOn = true;
        Action again = static () => { };
        again = () =>
        {
            if (Volatile.Read(ref goOn))
            {
                host.Reactor.Post(again);
            }
        };
        host.Reactor.Post(again);

        pair.Peer.SendFrame(1);

        Assert.Equal([1], pair.Peer.ReceiveFrame());
        Volatile.Write(ref goOn, false);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Post_AfterDispose_IsDropped(string poller)
    {
        var host = new ReactorHost(poller);
        host.Dispose();

        host.Reactor.Post(static () => { });
        host.Reactor.Stop();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Stop_FromOtherThread_EndsRunAfterFlushing(string poller)
    {
        using var host = new ReactorHost(poller);
        using var client = SocketPair.Tcp(host);
        using var server = SocketPair.Tcp(host, () => new FrameConnection(host, isServer: true));
        using (host.Hold())
        {
            host.Reactor.Post(() => client.Connection.Answer([1]));
            host.Reactor.Post(() => server.Connection.Answer([2]));
            host.Reactor.Stop();
        }

        host.Join();

        Assert.Equal([1], client.Peer.ReceiveFrame());
        Assert.Equal([2], server.Peer.ReceiveFrame());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Stop_WhileRequestsAreGathered_EndsRun(string poller)
    {
        using var host = new ReactorHost(poller);
        using var pair = SocketPair.Tcp(host, () => new FrameConnection(host, isServer: true));

        host.Reactor.Post(() =>
        {
            pair.Connection.Answer([1]);
            host.Reactor.Stop();
        });
        host.Join();

        Assert.Equal([1], pair.Peer.ReceiveFrame());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void QueueFlush_OfServerWhileServersAreFlushed_IsNotForgotten(string poller)
    {
        using var host = new ReactorHost(poller);
        using var second = SocketPair.Tcp(host, () => new FrameConnection(host, isServer: true));
        using var first = SocketPair.Tcp(host, () => new FrameConnection(host, isServer: true) { WhenSent = _ => second.Connection.Answer([2]) });

        host.Do(() => first.Connection.Answer([1]));

        Assert.Equal([1], first.Peer.ReceiveFrame());
        Assert.Equal([2], second.Peer.ReceiveFrame());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Timers_OfReactor_FireInTime(string poller)
    {
        using var host = new ReactorHost(poller);
        var fired = new BlockingCollection<long>();
        var due = host.Do(() =>
        {
            var due = host.Reactor.Now + 20;
            host.Reactor.Timers.Set(new ActionTimer(() => fired.Add(host.Reactor.Now)), due);
            return due;
        });

        Assert.True(Wait.For(fired, "timer") >= due, "fired early");
        host.AssertIdle();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Handler_Throws_CostsItsConnectionOnly(string poller)
    {
        using var host = new ReactorHost(poller);
        using var other = SocketPair.Tcp(host);
        using var pair = SocketPair.Tcp(host, () => new FrameConnection(host) { OnFrame = static (_, _) => throw new InvalidOperationException("handler failed") });

        pair.Peer.SendFrame(1);

        Assert.Equal("handler failed", Wait.For(host.Faults, "fault").Message);
        Assert.Equal("internal error", Wait.For(pair.Connection.Closed, "close"));
        Assert.True(pair.Peer.IsAtEnd());
        other.Peer.SendFrame(2);
        Assert.Equal([2], other.Peer.ReceiveFrame());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Handler_ThrowsWhileSendingOrResuming_CostsItsConnectionOnly(string poller)
    {
        using var host = new ReactorHost(poller);
        using var other = SocketPair.Tcp(host);
        using var sending = SocketPair.Tcp(host, () => new FrameConnection(host) { WhenSent = static _ => throw new InvalidOperationException("sent failed") });
        using var resuming = SocketPair.Tcp(host, () => new FrameConnection(host)
        {
            OnFrame = static (connection, payload) =>
            {
                connection.PauseReading();
                if (payload[0] == 2)
                {
                    throw new InvalidOperationException("resume failed");
                }
            },
        });
        resuming.Peer.Send(FramePeer.Frames([1], [2]));
        Wait.For(resuming.Connection.Frames, "frame");

        host.Do(() =>
        {
            other.Connection.Answer([8]);
            sending.Connection.Answer([9]);
            resuming.Connection.ResumeReading();
            other.Connection.Answer([10]);
        });

        Assert.Equal("resume failed", Wait.For(host.Faults, "fault").Message);
        Assert.Equal("sent failed", Wait.For(host.Faults, "fault").Message);
        Assert.Equal("internal error", Wait.For(sending.Connection.Closed, "close"));
        Assert.Equal("internal error", Wait.For(resuming.Connection.Closed, "close"));
        Assert.Equal([8], other.Peer.ReceiveFrame());
        Assert.Equal([10], other.Peer.ReceiveFrame());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void OnClosed_Throws_CostsItsConnectionOnly(string poller)
    {
        using var host = new ReactorHost(poller);
        using var other = SocketPair.Tcp(host);
        using var pair = SocketPair.Tcp(host, () => new FrameConnection(host)
        {
            OnFrame = static (connection, payload) =>
            {
                connection.Answer(payload);
                throw new InvalidOperationException("handler failed");
            },
            WhenClosed = static _ => throw new InvalidOperationException("close failed"),
        });

        // A whole frame and the beginning of another: there are buffers to give back.
        pair.Peer.Send([0, 0, 0, 1, 1, 0]);

        Assert.Equal("handler failed", Wait.For(host.Faults, "fault").Message);
        Assert.Equal("close failed", Wait.For(host.Faults, "fault").Message);
        other.Peer.SendFrame(2);
        Assert.Equal([2], other.Peer.ReceiveFrame());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void PostedAction_Throws_ReactorGoesOn(string poller)
    {
        using var host = new ReactorHost(poller);

        host.Reactor.Post(static () => throw new InvalidOperationException("action failed"));
        host.Do(static () => { });

        Assert.Equal("action failed", Wait.For(host.Faults, "fault").Message);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Timer_Throws_OthersOfItsSlotStillFire(string poller)
    {
        using var host = new ReactorHost(poller);
        var fired = new BlockingCollection<int>();
        host.Do(() =>
        {
            for (var i = 0; i < 3; i++)
            {
                var number = i;
                host.Reactor.Timers.Set(new ActionTimer(() =>
                {
                    fired.Add(number);
                    throw new InvalidOperationException("timer failed");
                }), 0);
            }
        });

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("timer failed", Wait.For(host.Faults, "fault").Message);
            Wait.For(fired, "timer");
        }

        host.Do(static () => { });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Close_OfConnectionReadyInSameWakeUp_ItsBytesReachNobody(string poller)
    {
        using var host = new ReactorHost(poller);
        var pairs = new List<SocketPair>();
        for (var i = 0; i < 2; i++)
        {
            pairs.Add(SocketPair.Tcp(host, () => new FrameConnection(host)
            {
                OnFrame = (connection, _) => pairs.Single(pair => pair.Connection != connection).Connection.Close("rival came first"),
            }));
        }

        using (host.Hold())
        {
            pairs.ForEach(static pair => pair.Peer.SendFrame(1));
        }

        var closed = Wait.For(Task.WhenAny(pairs.Select(static pair => pair.Connection.Closed)), "close");
        Assert.Equal("rival came first", Wait.For(closed, "close"));
        host.Do(static () => { });
        Assert.Equal(1, pairs.Sum(static pair => pair.Connection.Frames.Count));
        pairs.ForEach(static pair => pair.Dispose());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void AddLoad_FromManyThreads_Adds(string poller)
    {
        using var host = new ReactorHost(poller);

        Parallel.For(0, 1_000, _ => host.Reactor.AddLoad(1));
        host.Reactor.AddLoad(-400);

        Assert.Equal(600, host.Reactor.Load);
    }
}
