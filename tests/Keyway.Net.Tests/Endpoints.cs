using System.Net;
using System.Net.Sockets;

namespace Keyway.Net.Tests;

/// <summary>Loopback addresses of every kind.</summary>
internal static class Endpoints
{
    private static readonly string Root = CreateRoot();
    private static int _paths;

    internal static IPEndPoint Tcp => new(IPAddress.Loopback, 0);

    internal static bool HasIpv6 { get; } = CanBind(new IPEndPoint(IPAddress.IPv6Loopback, 0));

    /// <summary>A path for a unix socket that nothing has used; its directory goes when the process ends.</summary>
    internal static string NewPath() => Path.Combine(Root, $"{Interlocked.Increment(ref _paths)}.sock");

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

    private static string CreateRoot()
    {
        var root = Directory.CreateTempSubdirectory("keyway-net").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        return root;
    }

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
