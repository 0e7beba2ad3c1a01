using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Keyway.Net.Tests;

/// <summary>The other end of a <see cref="FrameConnection"/>: a blocking socket of the framework, bounded in time.</summary>
internal sealed class FramePeer : IDisposable
{
    internal FramePeer(EndPoint endPoint)
        : this(new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified))
    {
        Socket.Connect(endPoint);
    }

    internal FramePeer(Socket socket)
    {
        Socket = socket;
        if (socket.AddressFamily != AddressFamily.Unix)
        {
            socket.NoDelay = true;
        }

        Socket.SendTimeout = (int)Wait.Limit.TotalMilliseconds;
        Socket.ReceiveTimeout = (int)Wait.Limit.TotalMilliseconds;
    }

    internal Socket Socket { get; }

    public void Dispose() => Socket.Dispose();

    internal static byte[] Frame(byte[] payload)
    {
        var frame = new byte[4 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length);
        payload.CopyTo(frame, 4);
        return frame;
    }

    internal static byte[] Frames(params byte[][] payloads) => [.. payloads.SelectMany(Frame)];

    internal void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[Socket.Send(bytes)..];
        }
    }

    internal void SendFrame(params byte[] payload) => Send(Frame(payload));

    internal byte[] ReceiveFrame() => Receive(BinaryPrimitives.ReadInt32BigEndian(Receive(4)));

    internal byte[] Receive(int length)
    {
        var bytes = new byte[length];
        for (var have = 0; have < length;)
        {
            var count = Socket.Receive(bytes.AsSpan(have));
            Assert.True(count > 0, $"the stream ended {length - have} bytes early");
            have += count;
        }

        return bytes;
    }

    /// <summary>True when the stream ends here.</summary>
    internal bool IsAtEnd() => Socket.Receive(new byte[1]) == 0;

    /// <summary>Ends the connection with a reset (TCP).</summary>
    internal void Reset()
    {
        Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        Socket.Dispose();
    }
}
