namespace Keyway.Proxy.Configuration;

/// <summary>What <see cref="ConfigImport"/> made of another program's file.</summary>
public sealed record ImportResult
{
    /// <summary>Keyway's configuration in YAML, with comments; null if the file has mistakes or nothing of it can be carried over.</summary>
    public string? Yaml { get; init; }

    /// <summary>True if a part of the file could not be carried over at all; the warnings say which.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Every mistake of the file, by position.</summary>
    public required IReadOnlyList<ConfigProblem> Problems { get; init; }

    /// <summary>What was not carried over, and what is probably not meant, by position.</summary>
    public required IReadOnlyList<ConfigProblem> Warnings { get; init; }
}
