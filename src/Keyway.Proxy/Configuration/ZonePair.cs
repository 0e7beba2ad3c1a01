using System.Net;

namespace Keyway.Proxy.Configuration;

/// <summary>In which zone a node is (<c>zones</c>).</summary>
/// <param name="Address">Where Keyway reaches it: <c>host:port</c>, a host, or a network as <c>10.1.0.0/16</c>.</param>
/// <param name="Zone">The zone's name.</param>
public sealed record ZonePair(string Address, string Zone)
{
    /// <summary>The zone of a node; null if no pair names it. An address goes before a host, and that before a network; of networks the smallest.</summary>
    internal static string? Find(IReadOnlyList<ZonePair> pairs, string host, int port)
    {
        string address = ServerConfig.AddressOf(host, port);
        if ((pairs.FirstOrDefault(pair => pair.Address == address) ?? pairs.FirstOrDefault(pair => pair.Address == host)) is { } named)
        {
            return named.Zone;
        }

        (int Length, string? Zone) best = (-1, null);
        if (IPAddress.TryParse(host, out IPAddress? ip))
        {
            foreach (ZonePair pair in pairs)
            {
                if (IPNetwork.TryParse(pair.Address, out IPNetwork network) && network.PrefixLength > best.Length && network.Contains(ip))
                {
                    best = (network.PrefixLength, pair.Zone);
                }
            }
        }

        return best.Zone;
    }
}
