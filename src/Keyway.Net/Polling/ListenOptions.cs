namespace Keyway.Net.Polling;

/// <summary>How a listening socket is made.</summary>
public readonly record struct ListenOptions
{
    /// <summary>Makes the defaults.</summary>
    public ListenOptions()
    {
    }

    /// <summary>Length of the kernel's queue of connections not yet accepted.</summary>
    public int Backlog { get; init; } = 512;

    /// <summary>SO_REUSEPORT: other processes may listen on the same TCP address.</summary>
    public bool ReusePort { get; init; }

    /// <summary>File mode of a unix socket; null leaves what the umask gives.</summary>
    public UnixFileMode? UnixMode { get; init; }
}
