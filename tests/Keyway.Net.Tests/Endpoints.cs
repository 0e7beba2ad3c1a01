using System.Net;
using System.Net.Sockets;

namespace Keyway.Net.Tests;

/// <summary>Loopback addresses of every kind.</summary>
internal static class Endpoints
{
    internal static IPEndPoint Tcp => new(IPAddress.Loopback, 0);

    internal static bool HasIpv6 { get; } = CanBind(new IPEndPoint(IPAddress.IPv6Loopback, 0));

    /// <summary>A path for a unix socket in a directory of its own.</summary>
    internal static string NewPath() => Path.Combine(Directory.CreateTempSubdirectory("keyway-net").FullName, "s");

    /// <summary>An address of the kind: <c>tcp</c>, <c>tcp6</c> or <c>unix</c>.</summary>
    internal static EndPoint Of(string kind) => kind switch
    {
        "tcp" => Tcp,
        "tcp6" => new IPEndPoint(IPAddress.IPv6Loopback, 0),
        _ => new UnixDomainSocketEndPoint(NewPath()),
    };

    /// <summary>Where clients of the listener connect.</summary>
    internal static EndPoint Of(Listener listener) =>
        IPEndPoint.TryParse(listener.Address, out var endPoint) ? endPoint : new UnixDomainSocketEndPoint(listener.Address);

    private static bool CanBind(EndPoint endPoint)
    {
        try
        {
            using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
