using System.Net;
using System.Net.Sockets;

namespace Keyway.Proxy.Configuration;

/// <summary>What a configuration takes from the machine it is read on.</summary>
/// <param name="Variable">Value of an environment variable, or null if it is unset.</param>
/// <param name="Resolve">Address of a host name to listen on, or null if it has none.</param>
internal sealed record ConfigSurroundings(Func<string, string?> Variable, Func<string, IPAddress?> Resolve)
{
    /// <summary>The process's environment and the machine's resolver.</summary>
    public static ConfigSurroundings Machine { get; } = new(Environment.GetEnvironmentVariable, ResolveByMachine);

    private static IPAddress? ResolveByMachine(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host).FirstOrDefault();
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return null;
        }
    }
}
