namespace Keyway.Proxy.Relay;

/// <summary>How a relay stands. Counts are since the start of the process, but for what is pending.</summary>
public readonly record struct RelayStatus
{
    /// <summary>Records kept and not delivered yet.</summary>
    public long Pending { get; init; }

    /// <summary>Their bytes.</summary>
    public long PendingBytes { get; init; }

    /// <summary>Age of the oldest of them.</summary>
    public TimeSpan OldestAge { get; init; }

    /// <summary>Records that the sink has accepted.</summary>
    public long Delivered { get; init; }

    /// <summary>Their bytes.</summary>
    public long DeliveredBytes { get; init; }

    /// <summary>Calls to the sink.</summary>
    public long Calls { get; init; }

    /// <summary>Calls under way.</summary>
    public int InFlight { get; init; }

    /// <summary>Records sent once more.</summary>
    public long Retried { get; init; }

    /// <summary>Records and calls that the sink did not take for being too much at a time.</summary>
    public long Throttled { get; init; }

    /// <summary>Calls that failed in another way.</summary>
    public long Failed { get; init; }

    /// <summary>Records set aside since the sink refuses them.</summary>
    public long DeadLetters { get; init; }

    /// <summary>Records given up for want of room (<c>when_full</c>).</summary>
    public long Dropped { get; init; }

    /// <summary>Why nothing is delivered until somebody acts, or null.</summary>
    public string? Parked { get; init; }

    /// <summary>The last failure, or null.</summary>
    public string? LastFailure { get; init; }
}
