using System.Net;

namespace Keyway.Proxy.Configuration;

/// <summary>One address that a pool's clients connect to: <c>host:port</c>, <c>[v6]:port</c> or <c>/path/socket [octal mode]</c>.</summary>
public sealed record ListenConfig
{
    /// <summary>The address as the file has it.</summary>
    public required string Text { get; init; }

    /// <summary>The TCP address, or null for a unix socket. Port 0 takes a free one (tests).</summary>
    public IPEndPoint? EndPoint { get; init; }

    /// <summary>The unix socket's absolute path (at most 107 bytes), or null for TCP.</summary>
    public string? UnixPath { get; init; }

    /// <summary>The unix socket's file mode, or null to leave what the umask gives.</summary>
    public UnixFileMode? UnixMode { get; init; }
}
