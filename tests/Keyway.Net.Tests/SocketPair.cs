using System.Net;

namespace Keyway.Net.Tests;

/// <summary>A reactor's connection and the socket at its other end.</summary>
internal sealed class SocketPair(FrameConnection connection, FramePeer peer) : IDisposable
{
    internal FrameConnection Connection { get; } = connection;

    internal FramePeer Peer { get; } = peer;

    public void Dispose() => Peer.Dispose();

    internal static SocketPair Tcp(ReactorHost host, Func<FrameConnection>? create = null) => Of(host, "tcp", create);

    /// <summary>A client of a listener of the kind, see <see cref="Endpoints.Of(string)"/>.</summary>
    internal static SocketPair Of(ReactorHost host, string kind, Func<FrameConnection>? create = null)
    {
        var accepted = new TaskCompletionSource<FrameConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listener = host.Listen(Endpoints.Of(kind), socket =>
        {
            var connection = create?.Invoke() ?? new FrameConnection(host);
            connection.Attach(socket, keepAlive: true);
            accepted.SetResult(connection);
        });
        var peer = new FramePeer(Endpoints.Of(listener));
        return new SocketPair(Wait.For(accepted.Task, "connection"), peer);
    }
}
