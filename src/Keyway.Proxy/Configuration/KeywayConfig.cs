namespace Keyway.Proxy.Configuration;

/// <summary>One configuration file, checked and complete. Immutable: a reload makes a new one.</summary>
public sealed record KeywayConfig
{
    /// <summary>Most reactor threads.</summary>
    public const int MaxThreads = 64;

    /// <summary>Reactor threads (<c>threads</c>), 1 to 64; 0 means one for each core, at most 4.</summary>
    public int Threads { get; init; }

    /// <summary>Most bytes of buffers in the process (<c>max_buffers</c>); past it, reading stops and the largest consumers are closed.</summary>
    public long MaxBuffers { get; init; } = 192L << 20;

    /// <summary>Logging (<c>log</c>).</summary>
    public LogConfig Log { get; init; } = new();

    /// <summary>The pools by order of the file (<c>pools</c>); a nutcracker file's are sorted by name as nutcracker does.</summary>
    public required IReadOnlyList<PoolConfig> Pools { get; init; }
}
