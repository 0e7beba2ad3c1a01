namespace Keyway.Proxy.Configuration;

/// <summary>What a configuration file says, or everything that is wrong with it.</summary>
public sealed record ConfigResult
{
    /// <summary>The configuration, or null if there is a problem: nothing starts on a bad file.</summary>
    public KeywayConfig? Config { get; init; }

    /// <summary>Every mistake of the file, by position.</summary>
    public required IReadOnlyList<ConfigProblem> Problems { get; init; }

    /// <summary>What is accepted but probably not meant, by position.</summary>
    public required IReadOnlyList<ConfigProblem> Warnings { get; init; }
}
