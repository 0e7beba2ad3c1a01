using System.Net;
using System.Net.Sockets;
using Keyway.Net;
using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Pools;

/// <summary>
/// Where a server is. A host name is looked up again for every connection, off the reactor's thread; when it has several addresses
/// (IPv4 ones first), a failed connect moves on to the next.
/// </summary>
internal sealed class ServerAddress(ServerConfig config)
{
    private readonly EndPoint? _fixed = Fixed(config);
    private int _turn;

    /// <summary>Calls <paramref name="found"/> on the reactor's thread, at once when nothing has to be looked up, with an address or the reason why there is none.</summary>
    internal void Find(Reactor reactor, Action<EndPoint?, string> found)
    {
        if (_fixed is not null)
        {
            found(_fixed, "");
            return;
        }

        _ = FindAsync(reactor, found);
    }

    /// <summary>The address given last did not answer.</summary>
    internal void TryNext() => _turn++;

    private static EndPoint? Fixed(ServerConfig config)
    {
        if (config.UnixPath is not null)
        {
            return new UnixDomainSocketEndPoint(config.UnixPath);
        }

        return IPAddress.TryParse(config.Host, out IPAddress? address) ? new IPEndPoint(address, config.Port) : null;
    }

    private async Task FindAsync(Reactor reactor, Action<EndPoint?, string> found)
    {
        EndPoint? endPoint = null;
        string reason = "";
        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(config.Host!).ConfigureAwait(false);
            Array.Sort(addresses, static (a, b) => a.AddressFamily.CompareTo(b.AddressFamily));
            endPoint = addresses.Length == 0 ? null : new IPEndPoint(addresses[(_turn & int.MaxValue) % addresses.Length], config.Port);
            reason = $"host {config.Host} has no address";
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            reason = $"host {config.Host} cannot be resolved: {e.Message}";
        }

        reactor.Post(() => found(endPoint, reason));
    }
}
