using System.Net;
using System.Net.Sockets;
using Keyway.Net.Buffers;

namespace Keyway.Net.Polling;

/// <summary>A non-blocking <see cref="System.Net.Sockets.Socket"/>.</summary>
internal sealed class ManagedSocket : NetSocket
{
    private ManagedSocket(Socket socket)
    {
        Socket = socket;
        Socket.Blocking = false;
    }

    internal Socket Socket { get; }

    internal override EndPoint LocalEndPoint => Socket.LocalEndPoint ?? new IPEndPoint(IPAddress.None, 0);

    internal override EndPoint RemoteEndPoint
    {
        get
        {
            try
            {
                return Socket.AddressFamily == AddressFamily.Unix ? LocalEndPoint : Socket.RemoteEndPoint ?? new IPEndPoint(IPAddress.None, 0);
            }
            catch (SocketException)
            {
                // The peer has gone.
                return new IPEndPoint(IPAddress.None, 0);
            }
        }
    }

    internal override long Number => Socket.Handle;

    internal static ManagedSocket Listen(EndPoint endPoint, ListenOptions options)
    {
        Socket socket = Open(endPoint);
        try
        {
            if (options.ReusePort && endPoint is IPEndPoint)
            {
                // .NET's option of this name lets others listen as well, as SO_REUSEPORT does; TIME_WAIT it skips without being asked.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }

            socket.Bind(endPoint);
            UnixSocketFile.ApplyMode(endPoint, options.UnixMode);
            socket.Listen(options.Backlog);
            return new ManagedSocket(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException(e.Message, e);
        }
    }

    internal static ManagedSocket Connect(EndPoint endPoint)
    {
        ManagedSocket socket = new(Open(endPoint));
        try
        {
            socket.Socket.Connect(endPoint);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // Under way: the poller says when.
        }
        catch (SocketException e)
        {
            socket.Close();
            throw new IOException(e.Message, e);
        }

        return socket;
    }

    internal override int Receive(byte[] pinned, int offset, int length)
    {
        int count = Socket.Receive(pinned, offset, length, SocketFlags.None, out SocketError error);
        return error == SocketError.Success ? count : Failure(error);
    }

    internal override int Send(OutputBuffer buffer)
    {
        BufferSegment head = buffer.Head!;
        int count = Socket.Send(head.Array, head.Offset + head.Start, head.Length, SocketFlags.None, out SocketError error);
        return error == SocketError.Success ? count : Failure(error);
    }

    internal override NetSocket? Accept(out AcceptFailure failure)
    {
        failure = AcceptFailure.None;
        try
        {
            return new ManagedSocket(Socket.Accept());
        }
        catch (SocketException e)
        {
            failure = e.SocketErrorCode switch
            {
                SocketError.WouldBlock => AcceptFailure.None,
                SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => AcceptFailure.OutOfResources,
                _ => AcceptFailure.Aborted,
            };
            return null;
        }
    }

    internal override string? ConnectError()
    {
        int error = (int)(Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) ?? 0);
        return error == 0 ? null : new SocketException(error).Message;
    }

    internal override void Configure(bool keepAlive)
    {
        if (Socket.AddressFamily == AddressFamily.Unix)
        {
            return;
        }

        Socket.NoDelay = true;
        if (keepAlive)
        {
            Socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        }
    }

    internal override void ShutdownWrite()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The peer has gone: there is nothing left to shut down.
        }
    }

    internal override void Close() => Socket.Dispose();

    private static Socket Open(EndPoint endPoint) =>
        endPoint is IPEndPoint
            ? new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private int Failure(SocketError error)
    {
        if (error is SocketError.WouldBlock or SocketError.Interrupted)
        {
            return WouldBlock;
        }

        LastError = new SocketException((int)error).Message;
        return Failed;
    }
}
