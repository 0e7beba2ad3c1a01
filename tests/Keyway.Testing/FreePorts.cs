using System.Net;
using System.Net.Sockets;

namespace Keyway.Testing;

/// <summary>Hands out loopback ports that nothing listens on.</summary>
public static class FreePorts
{
    // Below the range that Linux gives to outgoing connections (32768 up), so that none takes a port before its server does.
    private const int First = 12000;
    private const int Count = 20000;

    // Test processes that run at the same time begin at different places.
    private static int _next = Environment.ProcessId * 131 % Count;

    /// <summary>A free port, given once per process.</summary>
    public static int Next()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + ((Interlocked.Increment(ref _next) & int.MaxValue) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException("No free loopback port.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
