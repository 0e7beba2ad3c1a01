using System.Globalization;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>
/// An address of a relayer file: <c>tcp://host:port</c> (or tcp4, tcp6), <c>tcp://:port</c>, <c>unix:/path</c> or <c>unix:///path</c>.
/// </summary>
/// <param name="Host">Empty for every address, and for a unix socket.</param>
/// <param name="Port">1 to 65535; 0 for a unix socket.</param>
/// <param name="UnixPath">The unix socket's absolute path, or null.</param>
internal sealed record RelayAddress(string Host, int Port, string? UnixPath)
{
    /// <summary>The address, or null if it is none.</summary>
    public static RelayAddress? Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string rest = colon < 0 ? "" : text[(colon + 1)..];
        return colon < 0 ? null : text[..colon].ToLowerInvariant() switch
        {
            "unix" => Unix(rest.StartsWith("//", StringComparison.Ordinal) ? rest[2..] : rest),
            "tcp" or "tcp4" or "tcp6" when rest.StartsWith("//", StringComparison.Ordinal) => Tcp(rest[2..].TrimEnd('/')),
            _ => null,
        };
    }

    private static RelayAddress? Unix(string path) => path.StartsWith('/') ? new RelayAddress("", 0, path) : null;

    private static RelayAddress? Tcp(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon >= 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= ushort.MaxValue
            ? new RelayAddress(text[..colon], port, null)
            : null;
    }
}
