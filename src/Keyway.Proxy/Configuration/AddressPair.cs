using System.Globalization;

namespace Keyway.Proxy.Configuration;

/// <summary>Where a node is that announces another address (<c>address_map</c>): behind NAT, say.</summary>
/// <param name="Announced">Host, with a port or without, IPv6 in brackets where a port follows.</param>
/// <param name="Real">The same form: with a port exactly when <paramref name="Announced"/> has one.</param>
public sealed record AddressPair(string Announced, string Real)
{
    /// <summary>The real address of an announced one; a pair with a port goes before one without. Itself if no pair names it.</summary>
    internal static (string Host, int Port) Translate(IReadOnlyList<AddressPair> pairs, string host, int port)
    {
        string address = ServerConfig.AddressOf(host, port);
        if (pairs.FirstOrDefault(pair => pair.Announced == address) is { } exact)
        {
            _ = TrySplit(exact.Real, out string realHost, out int realPort);
            return (realHost, realPort);
        }

        return (pairs.FirstOrDefault(pair => pair.Announced == host)?.Real ?? host, port);
    }

    /// <summary>Takes an address apart; the port is 0 where there is none. False when it is no address.</summary>
    internal static bool TrySplit(string address, out string host, out int port)
    {
        port = 0;
        host = address;
        int colon = address.LastIndexOf(':');
        bool isBare = colon < 0 || (address.IndexOf(':', StringComparison.Ordinal) != colon && !address.Contains("]:", StringComparison.Ordinal));
        if (!isBare)
        {
            host = address[..colon];
            if (!int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is 0 or > ushort.MaxValue)
            {
                return false;
            }
        }

        host = host.Trim('[', ']');
        return host.Length > 0;
    }
}
