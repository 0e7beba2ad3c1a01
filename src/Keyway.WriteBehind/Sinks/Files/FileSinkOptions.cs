namespace Keyway.WriteBehind.Sinks.Files;

/// <summary>How the file sink keeps its files.</summary>
public sealed record FileSinkOptions
{
    /// <summary>The directory; made if it is missing.</summary>
    public required string Directory { get; init; }

    /// <summary>The pool's name, with which file names begin.</summary>
    public required string Pool { get; init; }

    /// <summary>Length in bytes at which a file is closed.</summary>
    public long RollSize { get; init; } = 64L << 20;

    /// <summary>Age at which a file is closed.</summary>
    public TimeSpan RollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Compress files once they are closed.</summary>
    public bool Gzip { get; init; }

    /// <summary>Records end with newlines, so that what stands behind the last one after a crash is the beginning of a record that is sent again.</summary>
    public bool IsLines { get; init; } = true;
}
