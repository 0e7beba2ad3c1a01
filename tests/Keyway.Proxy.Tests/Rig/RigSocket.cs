using System.Net.Sockets;
using System.Text;

namespace Keyway.Proxy.Tests.Rig;

/// <summary>A test's end of a unix socket that never waits; bytes are Latin-1 characters, and <c>~</c> stands for CRLF.</summary>
internal class RigSocket : IDisposable
{
    private readonly byte[] _buffer = new byte[256 * 1024];

    protected RigSocket(Socket socket)
    {
        Socket = socket;
        socket.Blocking = false;
    }

    public Socket Socket { get; }

    /// <summary>True once a read has met the end of the stream, or a reset.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Sends all of it; there must be room.</summary>
    public void SendText(string text) => Assert.True(TrySend(Bytes(text)));

    /// <summary>Sends as much as the kernel takes; false when that is not all of it.</summary>
    public bool TrySend(ReadOnlySpan<byte> bytes)
    {
        int sent = Socket.Send(bytes, SocketFlags.None, out SocketError error);
        return error == SocketError.Success && sent == bytes.Length;
    }

    /// <summary>Takes what has come into a buffer of the caller; 0 for nothing.</summary>
    public int Receive(Span<byte> buffer)
    {
        int count = Socket.Receive(buffer, SocketFlags.None, out SocketError error);
        IsClosed |= (error == SocketError.Success && count == 0) || error == SocketError.ConnectionReset;
        return error == SocketError.Success ? count : 0;
    }

    /// <summary>Everything that has come by now.</summary>
    public string ReceiveText()
    {
        StringBuilder text = new();
        for (int count = Receive(_buffer); count > 0; count = Receive(_buffer))
        {
            text.Append(Encoding.Latin1.GetString(_buffer, 0, count));
        }

        return text.Replace("\r\n", "~").ToString();
    }

    public void Dispose() => Socket.Dispose();

    /// <summary>The text as it goes over the wire.</summary>
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text.Replace("~", "\r\n", StringComparison.Ordinal));
}
