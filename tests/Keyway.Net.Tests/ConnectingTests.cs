using System.Net;
using System.Net.Sockets;
using Keyway.Testing;

namespace Keyway.Net.Tests;

public sealed class ConnectingTests
{
    public static TheoryData<string> All => Pollers.All;

    public static TheoryData<string, string> AllKinds => ConnectionReadingTests.AllKinds;

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Connect_SomebodyListens_ConnectsAndSendsWhatWasWrittenBefore(string poller, string kind)
    {
        Assert.SkipUnless(kind != "tcp6" || Endpoints.HasIpv6, "this system has no IPv6");
        using var host = new ReactorHost(poller);
        var endPoint = Endpoints.Of(kind);
        using var listening = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        listening.Bind(endPoint);
        listening.Listen();
        var connection = host.Do(() => new FrameConnection(host) { WhenConnected = static connection => connection.Answer([2]) });

        host.Do(() =>
        {
            connection.Answer([1]);
            connection.Connect(listening.LocalEndPoint!, keepAlive: true);
        });

        Assert.True(Wait.For(connection.Connected, "connection"));
        using var peer = new FramePeer(listening.Accept());
        Assert.Equal([1], peer.ReceiveFrame());
        Assert.Equal([2], peer.ReceiveFrame());
        peer.SendFrame(3);
        Assert.Equal([3], Wait.For(connection.Frames, "frame"));
        Assert.Equal([3], peer.ReceiveFrame());
        host.AssertIdle();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Connect_NobodyListens_ClosesWithReason(string poller)
    {
        using var host = new ReactorHost(poller);
        var left = Endpoints.NewPath();
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(left));
            File.Move(left, left + "2");
        }

        foreach (var (endPoint, reason) in ((EndPoint, string)[])
        [
            (new IPEndPoint(IPAddress.Loopback, FreePorts.Next()), "refused"),
            (new UnixDomainSocketEndPoint(left + "2"), "refused"),
            (new UnixDomainSocketEndPoint(Endpoints.NewPath()), ""),
        ])
        {
            var connection = host.Do(() => new FrameConnection(host));
            host.Do(() =>
            {
                connection.Answer([1]);
                connection.Connect(endPoint, keepAlive: false);
            });

            var actual = Wait.For(connection.Closed, "close");
            Assert.Contains(reason, actual, StringComparison.OrdinalIgnoreCase);
            Assert.NotEmpty(actual);
            Assert.False(connection.Connected.IsCompleted);
            Assert.Equal(1, connection.TimesClosed);
        }

        host.AssertIdle();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Close_WhileConnecting_EndsQuietly(string poller)
    {
        using var host = new ReactorHost(poller);
        using var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(Endpoints.Tcp);
        listening.Listen();
        var connection = host.Do(() => new FrameConnection(host));

        host.Do(() =>
        {
            connection.Connect(listening.LocalEndPoint!, keepAlive: false);
            connection.Close("changed my mind");
        });
        host.AssertIdle();

        Assert.False(connection.Connected.IsCompleted);
        Assert.Equal("changed my mind", Wait.For(connection.Closed, "close"));
    }
}
