using System.Net;

namespace Keyway.Proxy.Configuration;

/// <summary>Addresses that cannot all be listened on, and servers that are Keyway itself.</summary>
internal sealed class AddressChecks(Reading reading)
{
    private readonly List<(ListenConfig Listen, PoolConfig Pool)> _taken = [];

    /// <summary>Checks the next pool of the file against those before it and against its own servers.</summary>
    public void Add(PoolConfig pool)
    {
        foreach (ListenConfig listen in pool.Listen.Concat(pool.Relay.HttpListen))
        {
            if (_taken.Find(t => Collide(t.Listen, t.Pool, listen, pool)) is { Listen: { } other, Pool: { } owner })
            {
                string same = Show(listen) == Show(other) ? "" : $", which listens on {Show(other)}";
                reading.Error(reading.SourceOf(listen), $"the address {Show(listen)} is taken by pool '{owner.Name}'{same}", "give each pool an address of its own");
            }
            else
            {
                _taken.Add((listen, pool));
            }

            foreach (ServerConfig server in pool.Servers.Where(s => Reaches(s, listen)))
            {
                reading.Error(reading.SourceOf(server), $"server '{server.Label}' is this pool's own address", "name the server that is behind Keyway, or listen on another address");
            }
        }
    }

    private static string Show(ListenConfig listen) => listen.UnixPath ?? listen.EndPoint!.ToString();

    private static bool Collide(ListenConfig a, PoolConfig ofA, ListenConfig b, PoolConfig ofB)
    {
        if (a.EndPoint is not { Port: > 0 } first || b.EndPoint is not { } second)
        {
            return a.UnixPath is not null && a.UnixPath == b.UnixPath;
        }

        // With SO_REUSEPORT the kernel lets the same port be listened on for one address and for all.
        bool isWithin = (IsWildcard(first) || IsWildcard(second)) && !(ofA.Reuseport && ofB.Reuseport);
        return first.Equals(second)
            || (first.Port == second.Port && first.AddressFamily == second.AddressFamily && isWithin);
    }

    private static bool Reaches(ServerConfig server, ListenConfig listen)
    {
        if (listen.EndPoint is not { } own)
        {
            return server.UnixPath is not null && server.UnixPath == listen.UnixPath;
        }

        return server.Port == own.Port && AddressOf(server.Host) is { } address
            && (address.Equals(own.Address) || (IsWildcard(own) && IPAddress.IsLoopback(address)));
    }

    /// <summary>Names are resolved when Keyway connects: only what needs no resolver is looked at.</summary>
    private static IPAddress? AddressOf(string? host) =>
        host is "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host, out IPAddress? address) ? address : null;

    private static bool IsWildcard(IPEndPoint endPoint) => endPoint.Address.Equals(IPAddress.Any) || endPoint.Address.Equals(IPAddress.IPv6Any);
}
