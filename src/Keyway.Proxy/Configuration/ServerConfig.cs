using System.Globalization;

namespace Keyway.Proxy.Configuration;

/// <summary>One server of a pool: <c>host:port:weight [label]</c>, <c>/path:weight [label]</c>, or <c>memory</c>.</summary>
public sealed record ServerConfig
{
    /// <summary>The server as the file has it.</summary>
    public required string Text { get; init; }

    /// <summary>Host name or address without brackets; null for a unix socket or the in-process memory server.</summary>
    public string? Host { get; init; }

    /// <summary>TCP port, 1 to 65535; 0 without <see cref="Host"/>.</summary>
    public int Port { get; init; }

    /// <summary>Path of a unix socket, or null.</summary>
    public string? UnixPath { get; init; }

    /// <summary>True for <c>memory</c>: served by this process itself.</summary>
    public bool IsMemory { get; init; }

    /// <summary>Share of the keys, 1 to 2147483647, relative to the pool's other servers.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>
    /// What places the server on the ring and names it in logs: the given name, else what nutcracker takes
    /// (<c>host</c> if the port is 11211, else <c>host:port</c>; <c>/path:</c> with the colon for a unix socket).
    /// </summary>
    public required string Label { get; init; }

    /// <summary><c>host:port</c>, an IPv6 address in brackets.</summary>
    internal static string AddressOf(string host, int port) => 
        (host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:" : $"{host}:") + port.ToString(CultureInfo.InvariantCulture);
}
