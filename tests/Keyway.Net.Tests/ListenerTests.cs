using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Keyway.Net.Polling;

namespace Keyway.Net.Tests;

public sealed class ListenerTests
{
    public static TheoryData<string> All => Pollers.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Accept_StormOfClients_EachIsServed(string poller)
    {
        using var host = new ReactorHost(poller);
        var listener = host.Listen(Endpoints.Tcp, socket => new FrameConnection(host).Attach(socket, keepAlive: false));
        FramePeer[] peers;
        using (host.Hold())
        {
            // More than one wake-up accepts.
            peers = [.. Enumerable.Range(0, 150).Select(_ => new FramePeer(Endpoints.Of(listener)))];
        }

        for (var i = 0; i < peers.Length; i++)
        {
            peers[i].SendFrame((byte)i);
        }

        for (var i = 0; i < peers.Length; i++)
        {
            Assert.Equal([(byte)i], peers[i].ReceiveFrame());
            peers[i].Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Address_PortZero_IsRealPort(string poller)
    {
        using var host = new ReactorHost(poller);

        Assert.Matches("^127\\.0\\.0\\.1:[1-9][0-9]*$", host.Listen(Endpoints.Tcp, static socket => socket.Close()).Address);
        Assert.SkipUnless(Endpoints.HasIpv6, "this system has no IPv6");
        Assert.Matches("^\\[::1\\]:[1-9][0-9]*$", host.Listen(Endpoints.Of("tcp6"), static socket => socket.Close()).Address);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Listen_TcpAddressTaken_Throws(string poller)
    {
        using var host = new ReactorHost(poller);
        var first = host.Listen(Endpoints.Tcp, static socket => socket.Close());

        var error = Assert.Throws<IOException>(() => host.Listen(Endpoints.Of(first), static socket => socket.Close()));

        Assert.Contains("in use", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Listen_ReusePort_SharesAddress(string poller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "an option of Linux");
        using var host = new ReactorHost(poller);
        var options = new ListenOptions { ReusePort = true };
        var first = host.Listen(Endpoints.Tcp, static socket => socket.Close(), options);

        Assert.Equal(first.Address, host.Listen(Endpoints.Of(first), static socket => socket.Close(), options).Address);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Listen_AnyAddressOfIpv6_LeavesIpv4ToAnother(string poller)
    {
        Assert.SkipUnless(Endpoints.HasIpv6, "this system has no IPv6");
        using var host = new ReactorHost(poller);
        var first = (IPEndPoint)Endpoints.Of(host.Listen(new IPEndPoint(IPAddress.IPv6Any, 0), static socket => socket.Close()));

        host.Listen(new IPEndPoint(IPAddress.Any, first.Port), static socket => socket.Close());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Listen_UnixMode_IsFilesMode(string poller)
    {
        using var host = new ReactorHost(poller);
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

        var listener = host.Listen(Endpoints.Of("unix"), static socket => socket.Close(), new ListenOptions { UnixMode = Mode });

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(Mode, File.GetUnixFileMode(listener.Address));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Listen_InADirectoryThatIsMissing_SaysSo(string poller)
    {
        using var host = new ReactorHost(poller);
        string directory = Endpoints.NewPath();

        var exception = Assert.Throws<IOException>(() => host.Listen(
            new UnixDomainSocketEndPoint(Path.Combine(directory, "s")), socket => new FrameConnection(host).Attach(socket, keepAlive: false)));

        Assert.Equal($"there is no directory {directory}", exception.Message);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Listen_StaleUnixSocket_IsReplacedAndRemovedAtTheEnd(string poller)
    {
        using var host = new ReactorHost(poller);
        var path = Endpoints.NewPath();
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Closing removes the file of the name it was bound to: what a killed process leaves is made by renaming.
            dead.Bind(new UnixDomainSocketEndPoint(path + "1"));
            File.Move(path + "1", path);
        }

        var listener = host.Listen(new UnixDomainSocketEndPoint(path), socket => new FrameConnection(host).Attach(socket, keepAlive: false));
        using var peer = new FramePeer(new UnixDomainSocketEndPoint(path));
        peer.SendFrame(1);
        Assert.Equal([1], peer.ReceiveFrame());

        host.Do(listener.Dispose);
        host.Do(listener.Dispose);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Listen_LiveUnixSocket_ThrowsAndLeavesItAlone(string poller)
    {
        using var host = new ReactorHost(poller);
        using var live = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var endPoint = new UnixDomainSocketEndPoint(Endpoints.NewPath());
        live.Bind(endPoint);
        live.Listen(1);

        // Also when its queue is full, as that of a process that hangs.
        for (var i = 0; i < 4; i++)
        {
            Assert.Throws<IOException>(() => host.Listen(endPoint, static socket => socket.Close()));
        }

        Assert.True(File.Exists(endPoint.ToString()));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Listen_PathOfOtherFile_ThrowsAndLeavesIt(string poller)
    {
        using var host = new ReactorHost(poller);
        foreach (var content in (string[])["precious", ""])
        {
            var path = Endpoints.NewPath();
            File.WriteAllText(path, content);

            Assert.Throws<IOException>(() => host.Listen(new UnixDomainSocketEndPoint(path), static socket => socket.Close()));

            Assert.Equal(content, File.ReadAllText(path));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Listen_NoSuchDirectory_Throws(string poller)
    {
        using var host = new ReactorHost(poller);

        Assert.Throws<IOException>(() => host.Listen(new UnixDomainSocketEndPoint(Endpoints.NewPath() + "/none/s"), static socket => socket.Close()));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Accepted_Throws_CostsThatClientOnly(string poller)
    {
        using var host = new ReactorHost(poller);
        var count = 0;
        var listener = host.Listen(Endpoints.Tcp, socket =>
        {
            if (count++ == 0)
            {
                throw new InvalidOperationException("accepted failed");
            }

            new FrameConnection(host).Attach(socket, keepAlive: false);
        });
        FramePeer[] peers;
        using (host.Hold())
        {
            peers = [new FramePeer(Endpoints.Of(listener)), new FramePeer(Endpoints.Of(listener))];
        }

        Assert.Equal("accepted failed", Wait.For(host.Faults, "fault").Message);
        Assert.True(peers[0].IsAtEnd());
        peers[1].SendFrame(1);
        Assert.Equal([1], peers[1].ReceiveFrame());
        Array.ForEach(peers, static peer => peer.Dispose());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Accepted_ThrowsAfterAttach_ConnectionGoesOn(string poller)
    {
        using var host = new ReactorHost(poller);
        var attached = new BlockingCollection<FrameConnection>();
        var listener = host.Listen(Endpoints.Tcp, socket =>
        {
            var connection = new FrameConnection(host);
            connection.Attach(socket, keepAlive: false);
            attached.Add(connection);
            throw new InvalidOperationException("accepted failed");
        });
        using var peer = new FramePeer(Endpoints.Of(listener));

        Assert.Equal("accepted failed", Wait.For(host.Faults, "fault").Message);
        var connection = Wait.For(attached, "connection");

        // It has an owner, who is served as before.
        peer.SendFrame(1);
        Assert.Equal([1], peer.ReceiveFrame());
        Assert.False(connection.IsClosed);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Dispose_WhileAccepting_AcceptsNoMore(string poller)
    {
        using var host = new ReactorHost(poller);
        var accepted = new BlockingCollection<int>();
        Listener? listener = null;
        listener = host.Listen(Endpoints.Tcp, socket =>
        {
            socket.Close();
            listener!.Dispose();
            accepted.Add(1);
        });
        FramePeer[] peers;
        using (host.Hold())
        {
            peers = [new FramePeer(Endpoints.Of(listener)), new FramePeer(Endpoints.Of(listener))];
        }

        Wait.For(accepted, "client");
        host.AssertIdle();
        Assert.Empty(accepted);
        Array.ForEach(peers, static peer => peer.Dispose());
    }
}
