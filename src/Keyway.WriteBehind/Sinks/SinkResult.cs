namespace Keyway.WriteBehind.Sinks;

/// <summary>The outcome of a call to a sink.</summary>
public sealed record SinkResult
{
    /// <summary>All was accepted.</summary>
    public static readonly SinkResult Ok = new() { Verdict = SinkVerdict.Accepted };

    /// <summary>What became of the call.</summary>
    public required SinkVerdict Verdict { get; init; }

    /// <summary>The records that were not accepted, of a call that was; in the order of the batch.</summary>
    public IReadOnlyList<FailedRecord> Failed { get; init; } = [];

    /// <summary>The sink asks for less at a time.</summary>
    public bool IsThrottled { get; init; }

    /// <summary>What the sink said, at most a line, for the log; null when all is well. Has no secrets.</summary>
    public string? Reason { get; init; }

    /// <summary>How long the sink asks to wait, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
