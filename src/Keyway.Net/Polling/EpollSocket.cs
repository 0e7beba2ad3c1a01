using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Keyway.Net.Buffers;
using Keyway.Net.Native;

namespace Keyway.Net.Polling;

/// <summary>A socket as a bare descriptor: nothing finalises it, so no number is reused under the reactor.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class EpollSocket : NetSocket
{
    private const int MostVectors = 64; // segments in one sendmsg: 1 MiB
    private const int AddressCapacity = 128; // sizeof(struct sockaddr_storage)

    private readonly bool _isTcp;
    private int _descriptor;

    private EpollSocket(int descriptor, bool isTcp)
    {
        _descriptor = descriptor;
        _isTcp = isTcp;
    }

    internal int Descriptor => _descriptor;

    internal override long Number => _descriptor;

    internal override EndPoint LocalEndPoint
    {
        get
        {
            byte* address = stackalloc byte[AddressCapacity];
            uint length = AddressCapacity;
            return Libc.GetSocketName(_descriptor, address, &length) < 0 ? Unknown() : EndPointOf(address, (int)length);
        }
    }

    internal override EndPoint RemoteEndPoint
    {
        get
        {
            byte* address = stackalloc byte[AddressCapacity];
            uint length = AddressCapacity;
            if (!_isTcp)
            {
                return LocalEndPoint;
            }

            return Libc.GetPeerName(_descriptor, address, &length) < 0 ? Unknown() : EndPointOf(address, (int)length);
        }
    }

    internal static EpollSocket Listen(EndPoint endPoint, ListenOptions options)
    {
        EpollSocket socket = Open(endPoint);
        try
        {
            if (socket._isTcp)
            {
                socket.Set(Libc.SolSocket, Libc.SoReuseAddress, 1);
                if (options.ReusePort)
                {
                    socket.Set(Libc.SolSocket, Libc.SoReusePort, 1);
                }

                if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                {
                    // [::] leaves 0.0.0.0 to a listener of its own.
                    socket.Set(Libc.IpProtoIpv6, Libc.Ipv6Only, 1);
                }
            }

            SocketAddress address = endPoint.Serialize();
            fixed (byte* bytes = address.Buffer.Span)
            {
                Check(Libc.Bind(socket._descriptor, bytes, (uint)address.Size));
            }

            UnixSocketFile.ApplyMode(endPoint, options.UnixMode);
            Check(Libc.Listen(socket._descriptor, options.Backlog));
            return socket;
        }
        catch
        {
            socket.Close();
            throw;
        }
    }

    internal static EpollSocket Connect(EndPoint endPoint)
    {
        EpollSocket socket = Open(endPoint);
        SocketAddress address = endPoint.Serialize();
        fixed (byte* bytes = address.Buffer.Span)
        {
            if (Libc.Connect(socket._descriptor, bytes, (uint)address.Size) < 0 && Marshal.GetLastPInvokeError() is int error and not Libc.InProgress)
            {
                socket.Close();
                throw new IOException(new Win32Exception(error).Message);
            }
        }

        return socket;
    }

    internal override int Receive(byte[] pinned, int offset, int length)
    {
        byte* start = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, offset);
        nint count = Libc.Receive(_descriptor, start, (nuint)length, 0);
        return count >= 0 ? (int)count : Failure();
    }

    internal override int Send(OutputBuffer buffer)
    {
        BufferSegment head = buffer.Head!;
        nint count = head.Next is null
            ? Libc.Send(_descriptor, Address(head), (nuint)head.Length, Libc.NoSignal)
            : SendMany(head);
        return count >= 0 ? (int)count : Failure();
    }

    internal override NetSocket? Accept(out AcceptFailure failure)
    {
        int descriptor = Libc.Accept(_descriptor, null, null, Libc.NonBlocking | Libc.CloseOnExec);
        if (descriptor >= 0)
        {
            failure = AcceptFailure.None;
            return new EpollSocket(descriptor, _isTcp);
        }

        failure = Marshal.GetLastPInvokeError() switch
        {
            Libc.Again => AcceptFailure.None,
            Libc.TooManyFiles or Libc.TooManyFilesInSystem or Libc.NoBuffers or Libc.NoMemory => AcceptFailure.OutOfResources,
            _ => AcceptFailure.Aborted,
        };
        return null;
    }

    internal override string? ConnectError()
    {
        int error = 0;
        uint length = sizeof(int);
        return Libc.GetSocketOption(_descriptor, Libc.SolSocket, Libc.SoError, &error, &length) == 0 && error == 0
            ? null
            : new Win32Exception(error).Message;
    }

    internal override void Configure(bool keepAlive)
    {
        if (!_isTcp)
        {
            return;
        }

        Set(Libc.IpProtoTcp, Libc.TcpNoDelay, 1);
        if (keepAlive)
        {
            // A peer that vanished without a word is noticed within about two minutes instead of two hours.
            Set(Libc.SolSocket, Libc.SoKeepAlive, 1);
            Set(Libc.IpProtoTcp, Libc.TcpKeepIdle, 60);
            Set(Libc.IpProtoTcp, Libc.TcpKeepInterval, 20);
            Set(Libc.IpProtoTcp, Libc.TcpKeepCount, 3);
        }
    }

    internal override void ShutdownWrite() => _ = Libc.Shutdown(_descriptor, Libc.ShutWrite);

    internal override void Close()
    {
        if (_descriptor >= 0)
        {
            _ = Libc.Close(_descriptor);
            _descriptor = -1;
        }
    }

    private static EpollSocket Open(EndPoint endPoint)
    {
        int descriptor = Libc.Socket(Family(endPoint), Libc.SockStream | Libc.NonBlocking | Libc.CloseOnExec, 0);
        Check(descriptor);
        return new EpollSocket(descriptor, endPoint is IPEndPoint);
    }

    // AF_UNIX, AF_INET, AF_INET6 of Linux.
    private static int Family(EndPoint endPoint) => endPoint.AddressFamily switch
    {
        AddressFamily.Unix => 1,
        AddressFamily.InterNetwork => 2,
        _ => 10,
    };

    private static IPEndPoint Unknown() => new(IPAddress.None, 0);

    private EndPoint EndPointOf(byte* address, int length)
    {
        if (!_isTcp)
        {
            // struct sockaddr_un: two bytes of family, then the path and a zero.
            ReadOnlySpan<byte> path = new(address + 2, Math.Max(0, length - 2));
            int end = path.IndexOf((byte)0);
            return new UnixDomainSocketEndPoint(Encoding.UTF8.GetString(end < 0 ? path : path[..end]));
        }

        AddressFamily family = length > 16 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        SocketAddress native = new(family, length);
        new ReadOnlySpan<byte>(address, length).CopyTo(native.Buffer.Span);
        return new IPEndPoint(family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0).Create(native);
    }

    private static byte* Address(BufferSegment segment) =>
        (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(segment.Array, segment.Offset + segment.Start);

    private static void Check(int result)
    {
        if (result < 0)
        {
            throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
        }
    }

    private nint SendMany(BufferSegment head)
    {
        Libc.IoVector* vectors = stackalloc Libc.IoVector[MostVectors];
        int count = 0;
        for (BufferSegment? segment = head; segment is not null && count < MostVectors; segment = segment.Next)
        {
            vectors[count++] = new Libc.IoVector { Base = Address(segment), Length = (nuint)segment.Length };
        }

        Libc.MessageHeader message = new() { Vectors = vectors, VectorCount = (nuint)count };
        return Libc.SendMessage(_descriptor, &message, Libc.NoSignal);
    }

    private int Failure()
    {
        int error = Marshal.GetLastPInvokeError();
        if (error is Libc.Again or Libc.Interrupted)
        {
            return WouldBlock;
        }

        LastError = new Win32Exception(error).Message;
        return Failed;
    }

    private void Set(int level, int option, int value) => _ = Libc.SetSocketOption(_descriptor, level, option, &value, sizeof(int));
}
