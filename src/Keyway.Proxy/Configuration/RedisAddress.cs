using System.Globalization;

namespace Keyway.Proxy.Configuration;

/// <summary>A Redis server: <c>redis://[user:password@]host[:port][/database]</c>, or <c>unix:///path</c> of a socket.</summary>
public sealed record RedisAddress
{
    private const int DefaultPort = 6379;

    /// <summary>The host; empty for a unix socket.</summary>
    public required string Host { get; init; }

    /// <summary>The port.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>The unix socket, or null.</summary>
    public string? UnixPath { get; init; }

    /// <summary>The user, or null for the default user.</summary>
    public string? User { get; init; }

    /// <summary>The password, or null.</summary>
    public string? Password { get; init; }

    /// <summary>The database.</summary>
    public int Database { get; init; }

    /// <summary>Null if the address is of another kind.</summary>
    public static RedisAddress? Parse(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return null;
        }

        if (uri.Scheme == "unix")
        {
            bool isPath = uri.Host.Length == 0 && uri.AbsolutePath.Length > 1;
            return isPath ? new RedisAddress { Host = "", UnixPath = Uri.UnescapeDataString(uri.AbsolutePath) } : null;
        }

        if (uri.Scheme != "redis" || uri.Host.Length == 0)
        {
            return null;
        }

        string path = uri.AbsolutePath.Trim('/');
        int database = 0;
        if (path.Length > 0 && !int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out database))
        {
            return null;
        }

        int colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
        string? user = colon > 0 ? Uri.UnescapeDataString(uri.UserInfo[..colon]) : null;
        string? password = uri.UserInfo.Length == 0 ? null : Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]);
        return new RedisAddress
        {
            Host = uri.DnsSafeHost,
            Port = uri.IsDefaultPort || uri.Port < 0 ? DefaultPort : uri.Port,
            User = user,
            Password = password,
            Database = database,
        };
    }

    /// <summary>The address without its secrets.</summary>
    public override string ToString() => UnixPath ?? string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
