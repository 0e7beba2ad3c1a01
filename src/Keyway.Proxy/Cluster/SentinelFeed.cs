using Keyway.Proxy.Pools;
using Keyway.Proxy.Redis;

namespace Keyway.Proxy.Cluster;

/// <summary>Hears from one Sentinel that the master has been switched. Lost, it is opened again with the next round of questions.</summary>
/// <param name="sentinel">Where to listen.</param>
/// <param name="switched">Called for anything that the Sentinel says: asking once too often does no harm.</param>
internal sealed class SentinelFeed(ServerState sentinel, Action switched)
{
    private FeedSocket? _socket;

    /// <summary>Connects unless it is connected.</summary>
    internal void Open()
    {
        if (_socket is null or { IsClosed: true } && !sentinel.Health.IsDown)
        {
            _socket = new FeedSocket(sentinel, switched);
            _socket.Open();
        }
    }

    internal void Stop() => _socket?.Close("shutting down");

    private sealed class FeedSocket(ServerState sentinel, Action switched) : Net.Connection(sentinel.Pool.Reactor, isServer: true)
    {
        private readonly Handshake _handshake = new(sentinel.Pool.Config, sentinel.Pool.Lanes[0]);

        internal void Open() => sentinel.Address.Find(Reactor, (endPoint, reason) =>
        {
            if (endPoint is null)
            {
                Close(reason);
            }
            else if (!IsClosed)
            {
                Connect(endPoint, keepAlive: true);
            }
        });

        protected override void OnConnected()
        {
            _handshake.Begin(Out);
            Out.WriteRequest("SUBSCRIBE", "+switch-master");
            QueueFlush();
        }

        protected override int OnBytes(ReadOnlySpan<byte> bytes)
        {
            switched();
            return bytes.Length;
        }

        protected override void OnClosed(string reason)
        {
        }
    }
}
