namespace Keyway.Net.Tests;

public sealed class ConnectionAddressTests
{
    public static TheoryData<string, string> All => new(Pollers.All.SelectMany(static poller => new[] { (poller.Data, "tcp"), (poller.Data, "tcp6"), (poller.Data, "unix") }));

    [Theory]
    [MemberData(nameof(All))]
    public void EndPoints_OfAClient_AreWhatItConnectedFromAndTo(string poller, string kind)
    {
        Assert.SkipUnless(kind != "tcp6" || Endpoints.HasIpv6, "this system has no IPv6");
        using var host = new ReactorHost(poller);
        FrameConnection? connection = null;
        var listener = host.Listen(Endpoints.Of(kind), socket =>
        {
            connection = new FrameConnection(host);
            connection.Attach(socket, keepAlive: false);
        });
        var address = Endpoints.Of(listener);
        using var peer = new FramePeer(address);
        peer.SendFrame(1);
        Assert.Equal([1], peer.ReceiveFrame());

        var (remote, local, number) = host.Do(() => (connection!.RemoteEndPoint!, connection.LocalEndPoint!, connection.SocketNumber));

        Assert.Equal(listener.Address, local.ToString());
        Assert.Equal(kind == "unix" ? listener.Address : peer.Socket.LocalEndPoint!.ToString(), remote.ToString());
        Assert.True(number > 0);
        host.Do(() => connection!.Close("test"));
        Assert.Null(connection!.RemoteEndPoint);
        Assert.Null(connection.LocalEndPoint);
        Assert.Equal(-1, connection.SocketNumber);
    }
}
