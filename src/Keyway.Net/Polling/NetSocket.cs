using System.Net;
using Keyway.Net.Buffers;

namespace Keyway.Net.Polling;

/// <summary>A non-blocking stream socket of a <see cref="Poller"/>. Owned by one reactor; closed exactly once, explicitly.</summary>
internal abstract class NetSocket
{
    /// <summary>Nothing can be moved now.</summary>
    internal const int WouldBlock = -1;

    /// <summary>The connection is broken; <see cref="LastError"/> says how.</summary>
    internal const int Failed = -2;

    /// <summary>Why the last operation gave <see cref="Failed"/>, as the operating system says it.</summary>
    internal string LastError { get; private protected set; } = "";

    /// <summary>True once a connection answers for the socket and will close it.</summary>
    internal bool IsOwned { get; set; }

    /// <summary>The address a socket is bound to: of an accepted one, the address that was listened on.</summary>
    internal abstract EndPoint LocalEndPoint { get; }

    /// <summary>The other end of a connection; the unnamed end of a unix socket is called by the path that was listened on.</summary>
    internal abstract EndPoint RemoteEndPoint { get; }

    /// <summary>The operating system's number for the socket.</summary>
    internal abstract long Number { get; }

    /// <summary>Bytes read into the pinned buffer, 0 at the end of the stream, or <see cref="WouldBlock"/> or <see cref="Failed"/>.</summary>
    internal abstract int Receive(byte[] pinned, int offset, int length);

    /// <summary>Bytes taken by the kernel from the front of the buffer (which stay in it), or <see cref="WouldBlock"/> or <see cref="Failed"/>.</summary>
    internal abstract int Send(OutputBuffer buffer);

    /// <summary>The next connection of a listening socket, or null and a reason.</summary>
    internal abstract NetSocket? Accept(out AcceptFailure failure);

    /// <summary>Null when the connection is established, else why it failed.</summary>
    internal abstract string? ConnectError();

    /// <summary>TCP_NODELAY and, if wanted, SO_KEEPALIVE; nothing on unix sockets.</summary>
    internal abstract void Configure(bool keepAlive);

    internal abstract void ShutdownWrite();

    internal abstract void Close();
}
